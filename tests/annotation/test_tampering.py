"""An old entry that is altered, removed, moved or added is detected, and so are rows that drift."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from apps.annotation.models import ChangeSet, Keyframe, LabelledObject, SceneDocument
from apps.annotation.selectors import document_of, journal_faults
from tests.annotation.conftest import Save
from tests.factories.annotation import LabelScene, add, cuboid, gesture, new_id, put


@pytest.fixture
def labelled(street: LabelScene, save: Save) -> LabelScene:
    obj = new_id()
    save(street, gesture(add(obj)))
    save(street, gesture(put(obj, 0, cuboid(20))))
    save(street, gesture(put(obj, 0, cuboid(21), prev=cuboid(20))))
    return street


def verified(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_journal", *arguments, stdout=out)
    return out.getvalue()


def alter_ops() -> None:
    row = ChangeSet.objects.get(version=2)
    ChangeSet.objects.filter(version=2).update(ops_text=row.ops_text.replace("20.0", "20.5"))


def reorder() -> None:
    ChangeSet.objects.filter(version=2).update(version=99)
    ChangeSet.objects.filter(version=3).update(version=2)
    ChangeSet.objects.filter(version=99).update(version=3)


def someone_else() -> None:
    ChangeSet.objects.filter(version=3).update(label="Nothing of note")


@pytest.mark.parametrize(
    "tamper",
    [
        alter_ops,
        reorder,
        someone_else,
        lambda: ChangeSet.objects.filter(version=2).update(saved_at=F("made_at")),
        lambda: ChangeSet.objects.filter(version=1).delete(),
        lambda: ChangeSet.objects.filter(version=2).delete(),
        lambda: ChangeSet.objects.filter(version=3).delete(),
        lambda: SceneDocument.objects.update(version=2),
        lambda: SceneDocument.objects.update(head_hash="f" * 64),
        lambda: SceneDocument.objects.all().delete(),
    ],
)
def test_a_journal_that_was_tampered_with_does_not_hold(
    labelled: LabelScene, tamper: Callable[[], None]
) -> None:
    assert "holds" in verified("--scene", str(labelled.scene.pk))

    tamper()

    with pytest.raises(CommandError, match="1 of 1 journals do not hold"):
        verified("--scene", str(labelled.scene.pk))


@pytest.mark.parametrize(
    "drift",
    [
        lambda: Keyframe.objects.update(at_ns=7),
        lambda: Keyframe.objects.update(confirmed=False),
        lambda: Keyframe.objects.all().delete(),
        lambda: LabelledObject.objects.update(class_key="van"),
        lambda: LabelledObject.objects.all().delete(),
    ],
)
def test_rows_that_are_not_what_the_journal_gives_are_named(
    labelled: LabelScene, drift: Callable[[], None]
) -> None:
    drift()

    faults = journal_faults(document_of(labelled.scene))

    assert faults != []
    assert all(fault.startswith("object ") for fault in faults)


def test_the_fault_names_the_entry(labelled: LabelScene) -> None:
    alter_ops()

    assert journal_faults(document_of(labelled.scene))[0] == (
        "version 2 was altered: its content does not give its hash"
    )


def test_a_sound_journal_is_reported_by_project_and_for_all(labelled: LabelScene) -> None:
    assert verified("--project", labelled.scene.project.slug) == "1 journals hold.\n"
    assert verified("--all") == "1 journals hold.\n"


def test_an_unknown_scene_or_project_is_an_error(db: None) -> None:
    with pytest.raises(CommandError, match="no scene 999"):
        verified("--scene", "999")
    with pytest.raises(CommandError, match="no project “nothing”"):
        verified("--project", "nothing")
