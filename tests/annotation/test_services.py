"""Saving labels: conflicts are found, states are kept in memory and brought up to date."""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from apps.annotation import selectors
from apps.annotation.footprints import Footprint, clashes
from apps.annotation.memory import StateMemory
from apps.annotation.models import Keyframe
from apps.annotation.selectors import document_of, objects_json, scene_state, stored_state
from apps.annotation.state import KeyRecord, Mismatch, ObjectRecord, SceneState, Stamp
from tests.annotation.conftest import Save
from tests.factories.annotation import (
    LabelScene,
    add,
    box,
    cuboid,
    gesture,
    make_author,
    new_id,
    put,
)

OBJ = new_id()
Queries = Callable[[int], AbstractContextManager[Any]]


def test_a_lying_prev_is_a_mismatch_that_says_what_is_there(
    street: LabelScene, save: Save
) -> None:
    save(street, gesture(add(OBJ), put(OBJ, 0, cuboid(20))))

    with pytest.raises(Mismatch) as found:
        save(street, gesture(put(OBJ, 0, cuboid(22), prev=cuboid(21))))

    assert found.value.theirs == put(OBJ, 0, cuboid(20), prev=cuboid(21))
    assert Keyframe.objects.get().geometry["center_m"][0] == 20


def test_a_prev_off_by_rounding_is_no_mismatch(street: LabelScene, save: Save) -> None:
    save(street, gesture(add(OBJ), put(OBJ, 0, cuboid(20))))

    after = save(street, gesture(put(OBJ, 0, cuboid(22), prev=cuboid(20 + 1e-12)))).after

    assert after.version == 2


def test_a_key_is_stamped_with_its_author_and_the_guideline(
    street: LabelScene, save: Save
) -> None:
    bob = make_author("bob")
    save(street, gesture(add(OBJ), put(OBJ, 0, cuboid(20)), put(OBJ, 10**8, cuboid(21))))
    save(street, gesture(put(OBJ, 0, cuboid(22), prev=cuboid(20))), by=bob)

    first, second = Keyframe.objects.order_by("at_ns")
    assert (first.author, first.guideline_version, first.changed_in_version) == (
        bob,
        street.guideline,
        2,
    )
    assert (second.author.email, second.changed_in_version) == ("ann@example.org", 1)


def test_a_kept_state_is_brought_up_to_date_from_the_journal(
    street: LabelScene,
    save: Save,
    django_assert_num_queries: Queries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    save(street, gesture(add(OBJ)))
    mine = StateMemory()
    monkeypatch.setattr(selectors, "_memory", mine)
    old = scene_state(document_of(street.scene))
    monkeypatch.setattr(selectors, "_memory", StateMemory())
    save(street, gesture(put(OBJ, 0, cuboid(20))))  # by another process
    monkeypatch.setattr(selectors, "_memory", mine)
    document = document_of(street.scene)

    with django_assert_num_queries(1):
        new = scene_state(document)

    assert (old.version, new.version) == (1, 2)
    assert new == stored_state(document)
    with django_assert_num_queries(0):
        assert scene_state(document) is new


def test_a_kept_state_of_another_history_is_not_used(
    street: LabelScene, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(street, gesture(add(OBJ)))
    memory = StateMemory()
    memory.put(street.scene.pk, SceneState(0, "f" * 64, {}))
    monkeypatch.setattr(selectors, "_memory", memory)

    assert len(scene_state(document_of(street.scene)).objects) == 1


def test_memory_forgets_what_was_used_least() -> None:
    def state(name: str) -> SceneState:
        obj = ObjectRecord.__new__(ObjectRecord)
        keys = tuple(KeyRecord(t, {}, Stamp(1, 1, 1)) for t in range(4))
        object.__setattr__(obj, "streams", {"world/cuboid": keys})
        return SceneState(1, name, {name: obj})  # type: ignore[dict-item]

    memory = StateMemory(most_keys=10)
    memory.put(1, state("a"))
    memory.put(2, state("b"))
    memory.get(1)
    memory.put(3, state("c"))

    assert [memory.get(key) is not None for key in (1, 2, 3)] == [True, False, True]


def test_a_cold_state_is_read_in_three_queries_however_large(
    street: LabelScene,
    save: Save,
    django_assert_num_queries: Queries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for x_m in range(1, 4):
        obj = new_id()
        box_at_once = put(obj, 0, box(1, 2, 3, 4), stream="CAM_FRONT/box")
        save(street, gesture(add(obj), put(obj, 0, cuboid(x_m)), box_at_once))
        monkeypatch.setattr(selectors, "_memory", StateMemory())
        document = document_of(street.scene)
        with django_assert_num_queries(3):
            state = scene_state(document)
        assert len(state.objects) == x_m
    objects = objects_json(state, guideline_numbers={street.guideline.pk: 1})
    key = objects[0]["streams"]["CAM_FRONT/box"][0]
    assert (key["geometry"], key["guideline_number"]) == ({"box_px": [1, 2, 3, 4]}, 1)


def test_a_state_read_while_somebody_saves_is_of_its_own_version(
    street: LabelScene, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(street, gesture(add(OBJ)))
    before = document_of(street.scene)
    save(street, gesture(put(OBJ, 0, cuboid(20))))
    monkeypatch.setattr(selectors, "_memory", StateMemory())

    state = scene_state(before)

    assert (state.version, state.objects[uuid.UUID(OBJ)].streams) == (1, {})


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        (put("a", 0, {}), put("a", 0, {}), True),
        (put("a", 0, {}), put("a", 1, {}), False),
        (put("a", 0, {}), put("b", 0, {}), False),
        (put("a", 0, {}), put("a", 0, {}, stream="CAM/box"), False),
        (put("a", 0, {}), {"k": "obj.del", "obj": "a"}, True),
        (put("a", 0, {}), {"k": "obj.set", "obj": "a", "next": {"class": "car"}}, False),
        ({"k": "obj.set", "obj": "a", "next": {"class": "car"}}, {"k": "obj.set", "obj": "a", "next": {"motion": "static"}}, False),
        ({"k": "obj.set", "obj": "a", "next": {"class": "car"}}, {"k": "obj.set", "obj": "a", "next": {"class": "van"}}, True),
        ({"k": "obj.add", "obj": "a"}, {"k": "obj.set", "obj": "a", "next": {"class": "van"}}, True),
    ],
)  # fmt: skip
def test_edits_clash_exactly_if_they_are_about_the_same_thing(
    one: dict[str, Any], other: dict[str, Any], meets: bool
) -> None:
    assert (len(list(clashes([one], [other]))) > 0) is meets
    assert (len(list(clashes([other], [one]))) > 0) is meets


def test_a_clash_is_told_by_the_narrower_footprint() -> None:
    ((_, _, touched),) = clashes([{"k": "obj.del", "obj": "a"}], [put("a", 7, {})])

    assert touched == Footprint("a", "world/cuboid", 7, frozenset())
