"""Work is handed in, judged, and goes on or back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.annotation.models import ChangeSet, SceneDocument
from apps.core.errors import Conflict, Invalid, Refused
from apps.operations.errors import AlreadySubmitted, BlockedByFindings, StaleLease
from apps.operations.models import Contribution, SceneProgress, Task
from apps.operations.services.leasing import claim, claim_next, release
from apps.operations.services.reviewing import accept, return_to_author, submit
from apps.operations.services.staffing import open_first_task
from apps.projects.access import Role, revoke
from apps.quality.models import Finding
from tests.factories.workforce import make_annotator, make_reviewer

pytestmark = pytest.mark.django_db


def make_finding(scene, *, blocking=False, **values):
    values.setdefault("stable_key", f"key-{Finding.objects.count()}")
    return Finding.objects.create(
        scene=scene,
        check_id="proj.iou",
        severity="error",
        blocking=blocking,
        message="it covers 0.3 of the drawn box",
        opened_in_version=1,
        **values,
    )


def set_version(scene, version):
    SceneDocument.objects.update_or_create(scene=scene, defaults={"version": version})


def make_change(world, *, by, task, version):
    return ChangeSet.objects.create(
        scene=world.scene,
        version=version,
        uuid=f"00000000-0000-4000-8000-{version:012d}",
        author=by,
        task_id=task.pk,
        guideline_version=world.guideline,
        base_version=version - 1,
        label="Move cuboid",
        ops_text="[]",
        made_at=timezone.now(),
        saved_at=timezone.now(),
        previous_hash="0" * 64,
        hash="1" * 64,
    )


def handed_in(world, person=None, version=0):
    task = claim(world.task, by=person or world.annotator)
    submit(task, by=person or world.annotator, lease_token=task.lease_token, version=version)
    return Task.objects.get(scene=world.scene, kind="review", state="open")


def in_review(world):
    handed_in(world)
    return claim_next(world.reviewer)


def kinds_of_events(task):
    return list(task.events.order_by("pk").values_list("kind", flat=True))


def test_handing_in_ends_the_task_and_opens_a_review(world):
    set_version(world.scene, 7)

    review = handed_in(world, version=7)

    world.task.refresh_from_db()
    assert (world.task.state, world.task.outcome, world.task.submitted_version) == (
        "done",
        "submitted",
        7,
    )
    assert world.task.assignee == world.annotator
    assert kinds_of_events(world.task) == ["opened", "leased", "submitted"]
    assert (review.author, review.round, review.state) == (world.annotator, 1, "open")
    assert SceneProgress.objects.get(scene=world.scene).state == "reviewing"
    assert Contribution.objects.get().person == world.annotator


def test_a_review_waits_where_its_findings_put_it(world):
    make_finding(world.scene)

    assert handed_in(world).priority == 40


def test_blocking_findings_stop_it_and_are_listed(world):
    task = claim_next(world.annotator)
    finding = make_finding(world.scene, blocking=True)
    make_finding(world.scene, blocking=False)

    with pytest.raises(BlockedByFindings) as refusal:
        submit(task, by=world.annotator, lease_token=1, version=0)

    assert refusal.value.status == 422
    assert refusal.value.code == "blocking_findings"
    assert [one["id"] for one in refusal.value.extra["findings"]] == [finding.pk]
    task.refresh_from_db()
    assert task.state == "leased"

    Finding.objects.filter(pk=finding.pk).update(state="waived", waiver_reason="mirror")
    assert submit(task, by=world.annotator, lease_token=1, version=0).state == "done"


def test_handing_in_is_refused_under_another_version_lease_or_twice(world):
    task = claim_next(world.annotator)
    set_version(world.scene, 3)

    with pytest.raises(Conflict, match="at version 3, and you saw version 2"):
        submit(task, by=world.annotator, lease_token=1, version=2)
    with pytest.raises(StaleLease):
        submit(task, by=world.annotator, lease_token=0, version=3)
    with pytest.raises(StaleLease):
        submit(task, by=world.reviewer, lease_token=1, version=3)
    with pytest.raises(Conflict, match="is not accepted or returned"):
        accept(task, by=world.annotator, lease_token=1, version=3)

    submit(task, by=world.annotator, lease_token=1, version=3)
    with pytest.raises(AlreadySubmitted):
        submit(task, by=world.annotator, lease_token=1, version=3)


def test_who_lost_the_right_hands_in_no_more(world):
    task = claim_next(world.annotator)
    revoke(world.annotator, Role.ANNOTATOR, project=world.project)

    with pytest.raises(Refused, match="may not label in"):
        submit(task, by=world.annotator, lease_token=1, version=0)


def test_accepting_ends_the_scene(world):
    review = in_review(world)

    accept(review, by=world.reviewer, lease_token=1, version=0, note="Clean.")

    review.refresh_from_db()
    assert (review.state, review.outcome, review.note) == ("done", "accepted", "Clean.")
    assert SceneProgress.objects.get(scene=world.scene).state == "accepted"
    assert not Task.objects.filter(state__in=["open", "leased"]).exists()


def test_accepting_is_stopped_by_what_would_stop_handing_in(world):
    review = in_review(world)
    make_finding(world.scene, blocking=True)

    with pytest.raises(BlockedByFindings):
        accept(review, by=world.reviewer, lease_token=1, version=0)


def test_a_returned_scene_goes_to_its_author_first_a_round_later(world):
    other = make_annotator(world.project, "bo")
    review = in_review(world)

    return_to_author(
        review, by=world.reviewer, lease_token=1, version=0, note="The van in frame 3 is a truck."
    )

    world.task.refresh_from_db()
    review.refresh_from_db()
    assert (review.state, review.outcome) == ("done", "returned")
    assert (world.task.state, world.task.outcome, world.task.round) == ("open", "returned", 2)
    assert world.task.reserved_for == world.annotator
    said = Finding.objects.get(scene=world.scene)
    assert (said.source, said.author, said.blocking) == ("person", world.reviewer, False)
    assert said.message == "The van in frame 3 is a truck."
    assert SceneProgress.objects.get(scene=world.scene).state == "labelling"
    assert claim_next(other) is None
    again = claim_next(world.annotator)
    assert (again.pk, again.lease_token) == (world.task.pk, 2)
    submit(again, by=world.annotator, lease_token=2, version=0)
    second = claim_next(world.reviewer)
    assert (second.round, second.pk != review.pk) == (2, True)


def test_a_scene_that_its_author_does_not_take_up_is_open_to_others_later(world):
    other = make_annotator(world.project, "bo")
    return_to_author(in_review(world), by=world.reviewer, lease_token=1, version=0, note="See 3.")
    past = timezone.now() - timedelta(seconds=1)
    Task.objects.filter(pk=world.task.pk).update(reserved_until=past)

    assert claim_next(other) == world.task


def test_returning_says_what_to_mend(world):
    review = in_review(world)

    with pytest.raises(Invalid, match="Say what is to be mended"):
        return_to_author(review, by=world.reviewer, lease_token=1, version=0)

    make_finding(world.scene, source="person", author=world.reviewer)
    assert return_to_author(review, by=world.reviewer, lease_token=1, version=0).state == "done"


def test_what_the_reviewer_fixed_is_review_work_and_stands_in_the_history(world):
    review = in_review(world)
    make_change(world, by=world.reviewer, task=review, version=1)
    make_change(world, by=world.reviewer, task=review, version=2)
    set_version(world.scene, 2)

    accept(review, by=world.reviewer, lease_token=1, version=2)

    fixed = review.events.get(kind="fixed")
    assert (fixed.person, fixed.note) == (world.reviewer, "2 changes, versions 1 to 2")
    assert Contribution.objects.get(person=world.reviewer).task == review


def test_who_fixed_something_does_not_review_the_next_round(world):
    review = in_review(world)
    make_change(world, by=world.reviewer, task=review, version=1)
    set_version(world.scene, 1)
    return_to_author(review, by=world.reviewer, lease_token=1, version=1, note="And more.")
    again = claim_next(world.annotator)
    submit(again, by=world.annotator, lease_token=2, version=1)

    assert claim_next(world.reviewer) is None
    assert claim_next(make_reviewer(world.project, "rae")) is not None


def test_who_labelled_during_a_review_cannot_end_it(world):
    review = in_review(world)
    Contribution.objects.create(scene=world.scene, person=world.reviewer, task=world.task)

    with pytest.raises(Conflict, match="nobody reviews their own work"):
        accept(review, by=world.reviewer, lease_token=1, version=0)


def test_the_database_refuses_a_review_by_or_for_its_author(world):
    review = handed_in(world)

    for values in (
        {"assignee": world.annotator},
        {"reserved_for": world.annotator},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Task.objects.filter(pk=review.pk).update(**values)


def test_without_a_review_stage_a_scene_is_accepted_when_handed_in(world):
    world.project.stages.filter(kind="review").delete()
    task = claim_next(world.annotator)

    submit(task, by=world.annotator, lease_token=1, version=0)

    assert SceneProgress.objects.get(scene=world.scene).state == "accepted"
    assert Task.objects.count() == 1


def test_a_task_that_was_put_back_is_handed_in_by_its_next_holder(world):
    other = make_annotator(world.project, "bo")
    first = claim_next(world.annotator)
    release(first, by=world.annotator, lease_token=1)

    review = handed_in(world, person=other)

    assert review.author == other


def test_opening_the_first_task_twice_keeps_one(world):
    assert open_first_task(world.scene) == world.task
    assert Task.objects.count() == 1
    handed_in(world)
    assert open_first_task(world.scene) == world.task
