"""Edits are saved once, under a live lease, on top of what others did; else they are kept."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.annotation.models import ChangeSet, Keyframe, LabelledObject
from apps.annotation.selectors import document_of, journal_faults
from apps.operations.models import Contribution, Draft, Task
from apps.operations.services.leasing import claim
from apps.projects.access import Role, revoke
from tests.factories.annotation import add, cuboid, gesture, new_id, put
from tests.factories.workforce import make_annotator
from tests.operations.saving_world import Desk, make_desk


@pytest.fixture
def desk(db: None) -> Desk:
    return make_desk()


def test_a_save_answers_with_version_findings_and_residuals(desk: Desk) -> None:
    obj = new_id()
    sent = gesture(add(obj), put(obj, 0, cuboid(20, size_m=[9, 1.8, 1.5])))

    answer = desk.save(sent)

    body = answer.json()
    assert answer.status_code == 200
    assert (body["version"], body["accepted"]) == (1, [{"id": sent["id"], "version": 1}])
    assert body["since"] == []
    checks = {one["check"] for one in body["findings"]["opened"]}
    assert {"size.prior", "link.missing"} <= checks
    assert Contribution.objects.get().person == desk.person


def test_a_repeated_request_changes_nothing_and_answers_as_before(desk: Desk) -> None:
    obj = new_id()
    sent = gesture(add(obj), put(obj, 0, cuboid(20, size_m=[9, 1.8, 1.5])))
    first = desk.save(sent).json()
    desk.version = 0

    again = desk.save(sent).json()

    assert (again["version"], again["accepted"]) == (first["version"], first["accepted"])
    assert ChangeSet.objects.count() == 1
    told = sorted(one["id"] for one in again["findings"]["updated"])
    assert told == sorted(one["id"] for one in first["findings"]["opened"])


def test_a_repeat_with_more_behind_it_saves_only_what_is_new(desk: Desk) -> None:
    obj = new_id()
    first = gesture(add(obj), put(obj, 0, cuboid(20)))
    desk.save(first)
    desk.version = 0
    second = gesture(put(obj, 0, cuboid(21), prev=cuboid(20)))

    answer = desk.save(first, second)

    assert answer.status_code == 200
    assert [one["version"] for one in answer.json()["accepted"]] == [1, 2]
    assert Keyframe.objects.get().geometry["center_m"][0] == 21


def test_an_id_used_for_another_change_is_refused(desk: Desk) -> None:
    obj = new_id()
    key = str(uuid.uuid4())
    desk.save(gesture(add(obj), key=key))

    answer = desk.save(gesture(add(new_id()), key=key))

    assert answer.status_code == 422
    assert answer.json()["fields"] == {
        "changesets[0].id": "was used for another change; make a new id"
    }


def test_edits_on_other_things_are_put_on_top_of_what_others_did(desk: Desk) -> None:
    mine, theirs = new_id(), new_id()
    desk.save(gesture(add(mine), put(mine, 0, cuboid(20))))
    desk.save(gesture(add(theirs), put(theirs, 0, cuboid(40))))
    desk.version = 1

    answer = desk.save(gesture(put(mine, 0, cuboid(21), prev=cuboid(20))))

    assert answer.status_code == 200
    assert answer.json()["version"] == 3
    assert [one["version"] for one in answer.json()["since"]] == [2]


def test_edits_on_the_same_key_are_answered_with_both_sides(desk: Desk) -> None:
    obj = new_id()
    desk.save(gesture(add(obj), put(obj, 0, cuboid(20))))
    theirs = gesture(put(obj, 0, cuboid(25), prev=cuboid(20)))
    desk.save(theirs)
    desk.version = 1
    mine = put(obj, 0, cuboid(21), prev=cuboid(20))

    answer = desk.save(gesture(mine))

    body = answer.json()
    assert (answer.status_code, body["code"], body["version"]) == (409, "conflict", 2)
    assert [one["id"] for one in body["since"]] == [theirs["id"]]
    assert body["conflicts"][0]["footprint"] == {
        "obj": obj,
        "stream": "world/cuboid",
        "at_ns": 0,
    }
    assert body["conflicts"][0]["theirs"]["next"]["geometry"]["center_m"][0] == 25
    assert Keyframe.objects.get().geometry["center_m"][0] == 25


def test_a_lying_prev_is_a_conflict(desk: Desk) -> None:
    obj = new_id()
    desk.save(gesture(add(obj), put(obj, 0, cuboid(20))))

    answer = desk.save(gesture(put(obj, 0, cuboid(30), prev=cuboid(29))))

    assert answer.status_code == 409
    assert answer.json()["conflicts"][0]["theirs"]["next"]["geometry"]["center_m"][0] == 20
    assert Keyframe.objects.get().geometry["center_m"][0] == 20


def test_nothing_of_a_refused_request_is_saved(desk: Desk) -> None:
    good, bad = new_id(), new_id()

    answer = desk.save(gesture(add(good)), gesture(add(bad, "spaceship")))

    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == ["changesets[1].ops[0].next.class"]
    assert not LabelledObject.objects.exists()


def expire(desk: Desk) -> None:
    Task.objects.filter(pk=desk.task.pk).update(
        lease_expires_at=timezone.now() - timedelta(seconds=1)
    )


def take_over(desk: Desk) -> None:
    expire(desk)
    claim(desk.task, by=make_annotator(desk.world.project, "bob"))


def retaken_by_myself(desk: Desk) -> None:
    Task.objects.filter(pk=desk.task.pk).update(lease_token=desk.task.lease_token + 1)


@pytest.mark.parametrize("lose", [expire, take_over, retaken_by_myself])
def test_edits_under_a_stale_lease_are_kept_as_a_draft(desk: Desk, lose: Any) -> None:
    lose(desk)
    sent = gesture(add(new_id()))

    answer = desk.save(sent)

    body = answer.json()
    assert (answer.status_code, body["code"]) == (423, "stale_lease")
    assert not LabelledObject.objects.exists()
    draft = Draft.objects.get()
    assert (body["draft_id"], draft.author) == (draft.pk, desk.person)
    assert draft.change_sets[0]["ops"] == sent["ops"]


def test_a_draft_is_kept_once_however_often_it_is_sent(desk: Desk) -> None:
    expire(desk)
    first, second = gesture(add(new_id())), gesture(add(new_id()))

    ids = [desk.save(first).json()["draft_id"] for _ in range(2)]
    both = desk.save(first, second).json()["draft_id"]
    later = desk.save(second).json()["draft_id"]

    assert ids[0] == ids[1]
    assert (both, later) == (both, both)
    assert Draft.objects.count() == 2


def test_an_edit_after_the_hand_in_is_refused_as_such(desk: Desk) -> None:
    Task.objects.filter(pk=desk.task.pk).update(state=Task.State.DONE, outcome="submitted")

    answer = desk.save(gesture(add(new_id())))

    assert (answer.status_code, answer.json()["code"]) == (423, "submitted")
    assert Draft.objects.count() == 1


def test_a_repeat_after_the_lease_ran_out_is_answered_as_before(desk: Desk) -> None:
    sent = gesture(add(new_id()))
    first = desk.save(sent)
    expire(desk)

    again = desk.save(sent, base_version=0)

    assert (again.status_code, again.json()["version"]) == (200, first.json()["version"])
    assert not Draft.objects.exists()


def test_who_may_label_no_more_saves_no_more(desk: Desk) -> None:
    revoke(desk.person, Role.ANNOTATOR, project=desk.world.project)
    other_task = Task.objects.get(pk=desk.task.pk)

    answer = desk.save(gesture(add(new_id())))

    assert answer.status_code in {403, 404}
    assert other_task.lease_token == desk.task.lease_token
    assert not ChangeSet.objects.exists()


def test_a_version_from_the_future_is_refused(desk: Desk) -> None:
    answer = desk.save(gesture(add(new_id())), base_version=7)

    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["base_version"])


def test_what_was_saved_is_a_sound_journal(desk: Desk) -> None:
    obj = new_id()
    desk.save(gesture(add(obj), put(obj, 0, cuboid(20))))
    desk.save(gesture(put(obj, 10**8, cuboid(21))))

    document = document_of(desk.made.scene)
    assert (document.version, journal_faults(document)) == (2, [])
    row = ChangeSet.objects.get(version=2)
    assert (row.author, row.task_id, row.lease_token) == (
        desk.person,
        desk.task.pk,
        desk.task.lease_token,
    )
    assert row.guideline_version == desk.made.guideline
