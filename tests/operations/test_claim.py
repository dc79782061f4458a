"""Tasks are taken, held, put back, and come back by themselves."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.core.errors import Conflict, Invalid, Locked
from apps.operations.errors import StaleLease
from apps.operations.models import Contribution, Task, TaskEvent
from apps.operations.selectors.reasons import why_no_task
from apps.operations.services.leasing import (
    claim,
    claim_next,
    extend,
    release,
    require_lease,
    take_back_expired,
)
from apps.operations.services.ordering import pause_project
from apps.operations.services.staffing import assign, open_task, reprioritise
from apps.projects.access import Role, grant, revoke
from apps.workforce.models import Qualification
from apps.workforce.services import disqualify, qualify
from tests.factories.accounts import make_person
from tests.factories.operations import make_task
from tests.factories.projects import make_project
from tests.factories.scenes import make_scene
from tests.factories.workforce import make_annotator

pytestmark = pytest.mark.django_db


def run_out(*tasks: Task) -> None:
    past = timezone.now() - timedelta(seconds=1)
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update(lease_expires_at=past)


def kinds_of_events(task: Task) -> list[str]:
    return list(task.events.order_by("pk").values_list("kind", flat=True))


def open_review(world, author):
    stage = world.project.stages.get(kind="review")
    return open_task(world.scene, stage=stage, author=author)


def test_a_claim_leases_for_the_stages_time_under_a_new_token(world):
    world.project.stages.filter(kind="label").update(lease_minutes=12)

    task = claim_next(world.annotator)

    assert task == world.task
    assert (task.state, task.assignee, task.lease_token) == ("leased", world.annotator, 1)
    held = task.lease_expires_at - task.leased_at
    assert abs(held - timedelta(minutes=12)) < timedelta(milliseconds=2)
    assert kinds_of_events(task) == ["opened", "leased"]


def test_the_highest_priority_goes_first_then_the_oldest(world):
    second, third, fourth = (make_task(make_scene(world.project)) for _ in range(3))
    reprioritise([third], priority=5, by=world.manager)

    given = [claim_next(world.annotator) for _ in range(5)]

    assert given == [third, world.task, second, fourth, None]


def test_heads_of_several_projects_are_compared(world):
    other = make_project(world.client)
    grant(world.annotator, Role.ANNOTATOR, project=other)
    urgent = make_task(make_scene(other), priority=3)

    assert claim_next(world.annotator) == urgent
    assert claim_next(world.annotator, project=other) is None
    assert claim_next(world.annotator, project=world.project) == world.task


def test_what_is_kept_for_me_comes_first_and_nobody_else_gets_it(world):
    other = make_annotator(world.project, "bo")
    kept = make_task(make_scene(world.project))
    reprioritise([world.task], priority=9, by=world.manager)
    assign(kept, to=world.annotator, by=world.manager)

    assert claim_next(other) == world.task
    assert claim_next(other) is None
    assert claim_next(world.annotator) == kept


def test_what_was_kept_too_long_is_open_to_all(world):
    kept = assign(
        world.task,
        to=make_annotator(world.project, "bo"),
        by=world.manager,
        until=timezone.now() - timedelta(seconds=1),
    )

    assert claim_next(world.annotator) == kept


def test_an_expired_lease_comes_back_under_a_higher_token(world):
    first = claim_next(world.annotator)
    run_out(first)

    again = claim_next(make_annotator(world.project, "bo"))

    assert again == first
    assert again.lease_token == 2
    assert kinds_of_events(first) == ["opened", "leased", "expired", "leased"]
    with pytest.raises(StaleLease):
        extend(first, by=world.annotator, lease_token=1)


def test_the_sweep_takes_back_only_what_ran_out(world):
    mine = claim_next(world.annotator)
    other = make_task(make_scene(world.project))
    claim(other, by=world.annotator)
    run_out(mine)

    assert take_back_expired() == 1
    assert take_back_expired() == 0
    states = dict(Task.objects.values_list("pk", "state"))
    assert states == {mine.pk: "open", other.pk: "leased"}


def test_a_heartbeat_extends_and_a_foreign_or_old_one_does_not(world):
    task = claim_next(world.annotator)
    run_out(task)

    extended = extend(task, by=world.annotator, lease_token=1)

    assert extended.lease_expires_at > timezone.now()
    assert take_back_expired() == 0
    for person, token in ((world.annotator, 0), (world.annotator, 2), (world.reviewer, 1)):
        with pytest.raises(StaleLease):
            extend(task, by=person, lease_token=token)


def test_release_puts_back_and_fences(world):
    task = claim_next(world.annotator)

    release(task, by=world.annotator, lease_token=1)

    task.refresh_from_db()
    assert (task.state, task.assignee, task.lease_expires_at) == ("open", None, None)
    with pytest.raises(StaleLease):
        require_lease(task, by=world.annotator, lease_token=1)
    assert claim_next(world.annotator).lease_token == 2


def test_claiming_a_named_task_twice_keeps_its_lease(world):
    first = claim(world.task, by=world.annotator)
    again = claim(world.task, by=world.annotator)

    assert (first.lease_token, again.lease_token) == (1, 1)
    assert kinds_of_events(world.task) == ["opened", "leased"]


def test_a_named_task_that_ran_out_goes_to_who_asks(world):
    other = make_annotator(world.project, "bo")
    run_out(claim(world.task, by=world.annotator))

    taken = claim(world.task, by=other)

    assert (taken.assignee, taken.lease_token) == (other, 2)


def test_a_named_task_is_refused_with_the_reason(world):
    other = make_annotator(world.project, "bo")
    claim(world.task, by=world.annotator)
    with pytest.raises(Locked, match="Annotator has this task now"):
        claim(world.task, by=other)

    kept = make_task(make_scene(world.project))
    assign(kept, to=world.annotator, by=world.manager)
    with pytest.raises(Locked, match="kept for Annotator"):
        claim(kept, by=other)

    with pytest.raises(Invalid, match="cannot label"):
        claim(make_task(make_scene(world.project)), by=world.reviewer)

    pause_project(world.project)
    with pytest.raises(Conflict, match="is paused"):
        claim(make_task(make_scene(world.project)), by=other)


def test_a_review_is_given_only_to_who_had_no_hand_in_it(world):
    review = open_review(world, world.annotator)
    grant(world.annotator, Role.REVIEWER, project=world.project)
    qualify(world.annotator, modalities=world.project.modalities, kind="review")
    helper = make_annotator(world.project, "helper")
    grant(helper, Role.REVIEWER, project=world.project)
    qualify(helper, modalities=world.project.modalities, kind="review")
    Contribution.objects.create(scene=world.scene, person=helper, task=world.task)

    assert claim_next(world.annotator, kind="review") is None
    assert claim_next(helper, kind="review") is None
    assert "nobody reviews their own work" in why_no_task(helper, kind="review")
    for person in (world.annotator, helper):
        with pytest.raises(Invalid, match="nobody reviews their own work"):
            claim(review, by=person)
    assert claim_next(world.reviewer) == review


def test_a_reviewer_who_fixed_something_may_finish_that_review_only(world):
    review = open_review(world, world.annotator)
    Contribution.objects.create(scene=world.scene, person=world.reviewer, task=review)

    first = claim_next(world.reviewer)
    assert first == review
    release(first, by=world.reviewer, lease_token=first.lease_token)
    Task.objects.filter(pk=review.pk).update(state="done", outcome="returned")
    open_review(world, world.annotator)

    assert claim_next(world.reviewer) is None


def test_nothing_is_given_without_right_qualification_or_production(world):
    assert claim_next(world.customer) is None
    assert claim_next(world.stranger) is None

    disqualify(world.annotator, modalities=["lidar"], kind="label")
    assert claim_next(world.annotator) is None
    qualify(
        world.annotator,
        modalities=["lidar"],
        kind="label",
        expires_at=timezone.now() + timedelta(hours=1),
    )
    Qualification.objects.filter(person=world.annotator, modality="lidar").update(
        expires_at=timezone.now() - timedelta(hours=1)
    )
    assert claim_next(world.annotator) is None

    qualify(world.annotator, modalities=["lidar"], kind="label")
    pause_project(world.project)
    assert claim_next(world.annotator) is None


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        (lambda w: revoke(w.annotator, Role.ANNOTATOR, project=w.project), "no right to label"),
        (lambda w: pause_project(w.project), "not in production now"),
        (
            lambda w: disqualify(w.annotator, modalities=["radar"], kind="label"),
            "not qualified to label radar",
        ),
        (lambda w: claim(w.task, by=make_annotator(w.project, "bo")), "in work just now"),
        (
            lambda w: assign(w.task, to=make_annotator(w.project, "bo"), by=w.manager),
            "kept for other people",
        ),
        (lambda w: Task.objects.update(state="done"), "All work of your projects is done"),
        (lambda w: Task.objects.all().delete(), "No scene waits yet"),
    ],
)
def test_why_nothing_was_given_is_told(world, turn, said):
    turn(world)

    assert claim_next(world.annotator) is None
    assert said in why_no_task(world.annotator, kind="label")


def test_a_person_without_any_right_is_told_so(world):
    assert "no right to label or review in any project" in why_no_task(make_person("new"))


def test_a_claim_is_heard_in_the_project_and_by_the_person(
    world, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as pushes:
        claim_next(world.annotator)

    rooms = [push.args[0] for push in pushes]
    assert rooms == [f"project.{world.project.pk}", f"person.{world.annotator.pk}"]


def test_the_number_of_queries_does_not_grow(world, django_assert_num_queries):
    claim_next(world.annotator)
    for _ in range(5):
        make_task(make_scene(world.project))

    with django_assert_num_queries(7):
        assert claim_next(world.annotator, kind="label") is not None

    assert TaskEvent.objects.filter(kind="leased").count() == 2
