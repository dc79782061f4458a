"""One battery over every modality; a plugin's own tests can import and run it."""

from importlib.metadata import EntryPoint

import pytest

from apps.modalities import registry
from apps.modalities.base import Circumstances, Modality, Unreadable
from apps.modalities.lidar.modality import LIDAR
from numerics.geometry.rigid import Rigid

HERE = Circumstances(at_s=0, ego_from_sensor=Rigid.identity())
ALL = sorted(registry.registry().by_key.values(), key=lambda modality: modality.key)


@pytest.fixture(params=ALL, ids=lambda modality: modality.key)
def modality(request):
    return request.param


def test_its_key_and_endings_are_plain(modality):
    assert modality.key.isidentifier()
    assert modality.extensions
    assert all(ending == ending.lower().strip(".") for ending in modality.extensions)


def test_it_needs_nothing_that_is_not_there(modality):
    assert modality.missing() is None


def refusal(use, *given):
    try:
        use(*given)
    except Unreadable as error:
        return error
    return None


@pytest.mark.parametrize("content", [b"", b"\0", b"no such format at all\n" * 9, bytes(10_001)])
def test_rubbish_is_refused_in_words(modality, content):
    name = f"rubbish.{modality.extensions[0]}"

    for said in (
        refusal(modality.read, content, name),
        refusal(modality.prepare, content, name, HERE),
    ):
        assert said is not None
        assert said.field
        assert said.problem.endswith(".")
        assert said.mend.endswith(".")


def test_ours_are_there():
    assert {"lidar", "camera", "radar"} <= set(registry.registry().by_key)
    assert registry.registry().faults == ()


def test_an_unknown_key_names_the_known_ones():
    with pytest.raises(ValueError, match="known are camera, lidar, radar"):
        registry.modality_of("sonar")


def plugin(value):
    return EntryPoint(name="theirs", value=value, group=registry.GROUP)


def test_a_plugin_comes_through_the_same_door(monkeypatch):
    theirs = Modality(
        key="sonar",
        label="Sonar",
        viewer="image",
        extensions=("son",),
        shapes={},
        read=LIDAR.read,
        prepare=LIDAR.prepare,
    )
    monkeypatch.setattr("tests.modalities.test_contract.THEIRS", theirs, raising=False)

    found = registry.collected([plugin("tests.modalities.test_contract:THEIRS")])

    assert found.by_key["sonar"] is theirs
    assert found.faults == ()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("tests.modalities.nowhere:X", "cannot be loaded"),
        ("tests.modalities.test_contract:HERE", "is no Modality"),
        ("apps.modalities.lidar.modality:LIDAR", "claims the key “lidar”, which is taken"),
    ],
)
def test_a_bad_plugin_is_told_and_left_out(value, said):
    found = registry.collected([plugin(value)])

    assert said in found.faults[0]
    assert set(found.by_key) == {modality.key for modality in registry.OURS}
