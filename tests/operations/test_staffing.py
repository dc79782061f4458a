"""Tasks are opened, assigned, taken away and put in order."""

import pytest

from apps.core.errors import Conflict, Invalid
from apps.operations.models import Task
from apps.operations.services.leasing import claim, claim_next
from apps.operations.services.ordering import Order, lay_pipeline, order_project
from apps.operations.services.staffing import (
    assign,
    bulk_assign,
    open_first_task,
    open_task,
    order_reviews,
    reprioritise,
    unassign,
)
from apps.projects.access import Role, grant
from apps.quality.models import Finding
from tests.factories.operations import make_task
from tests.factories.scenes import make_scene
from tests.factories.workforce import make_annotator

pytestmark = pytest.mark.django_db


def test_a_scene_enters_the_pipeline_once(world):
    scene = make_scene(world.project)

    first = open_first_task(scene, priority=4)
    again = open_first_task(scene)

    assert first == again
    assert (first.kind, first.state, first.priority, first.round) == ("label", "open", 4, 1)
    assert scene.progress.state == "labelling"


def test_a_pipeline_is_laid_once(world):
    assert lay_pipeline(world.project) == lay_pipeline(world.project)
    assert [stage.kind for stage in world.project.stages.all()] == ["label", "review"]


def test_who_cannot_do_a_task_is_not_assigned_it(world):
    for person in (world.reviewer, world.customer, world.stranger):
        with pytest.raises(Invalid, match="cannot label in"):
            assign(world.task, to=person, by=world.manager)
    world.annotator.is_active = False
    with pytest.raises(Invalid, match="cannot label in"):
        assign(world.task, to=world.annotator, by=world.manager)


def test_an_author_is_not_assigned_the_review(world):
    grant(world.annotator, Role.REVIEWER, project=world.project)
    stage = world.project.stages.get(kind="review")
    review = open_task(world.scene, stage=stage, author=world.annotator)

    with pytest.raises(Invalid, match="nobody reviews their own work"):
        assign(review, to=world.annotator, by=world.manager)


def test_assigning_what_somebody_has_takes_it_away(world):
    other = make_annotator(world.project, "bo")
    claim(world.task, by=world.annotator)

    assign(world.task, to=other, by=world.manager)

    assert claim_next(world.annotator) is None
    taken = claim_next(other)
    assert (taken.pk, taken.lease_token) == (world.task.pk, 2)


def test_assigning_what_a_person_has_to_them_leaves_it_with_them(world):
    claim(world.task, by=world.annotator)

    task = assign(world.task, to=world.annotator, by=world.manager)

    assert (task.state, task.assignee, task.reserved_for) == (
        "leased",
        world.annotator,
        world.annotator,
    )


def test_unassigning_opens_it_to_all(world):
    other = make_annotator(world.project, "bo")
    assign(world.task, to=other, by=world.manager)

    unassign(world.task, by=world.manager)

    assert claim_next(world.annotator) == world.task


def test_all_are_assigned_or_none(world):
    done = make_task(make_scene(world.project))
    Task.objects.filter(pk=done.pk).update(state="done")

    with pytest.raises(Conflict, match="is done"):
        bulk_assign([world.task, done], to=world.annotator, by=world.manager)

    world.task.refresh_from_db()
    assert world.task.reserved_for is None


def make_finding(scene, severity, **values):
    values = {"stable_key": f"k{Finding.objects.count()}", "message": "it is off"} | values
    return Finding.objects.create(
        scene=scene, check_id="pts.few", severity=severity, opened_in_version=0, **values
    )


def test_reviews_wait_in_the_order_of_what_needs_judgement(world):
    stage = world.project.stages.get(kind="review")
    scenes = [make_scene(world.project) for _ in range(4)]
    calm, warned, wrong, waived = scenes
    reviews = [open_task(scene, stage=stage, author=world.annotator) for scene in scenes]
    make_finding(warned, "warning")
    make_finding(warned, "error", state="closed")
    make_finding(wrong, "error")
    make_finding(waived, "error", state="waived", waiver_reason="mirror", waiver_is_flagged=True)

    assert order_reviews() == 3
    assert order_reviews() == 0

    given = [claim_next(world.reviewer).scene for _ in reviews]
    assert given == [waived, wrong, warned, calm]


def test_a_review_that_a_person_ordered_stays_where_it_is(world):
    stage = world.project.stages.get(kind="review")
    review = open_task(world.scene, stage=stage, author=world.annotator)
    reprioritise([review], priority=5, by=world.manager)
    make_finding(world.scene, "error")

    assert order_reviews() == 0

    review.refresh_from_db()
    assert (review.priority, review.events.last().note) == (5, "0 to 5")


def test_ordering_many_reviews_takes_as_many_queries_as_ordering_few(
    world, django_assert_num_queries
):
    stage = world.project.stages.get(kind="review")
    for _ in range(4):
        open_task(make_scene(world.project), stage=stage, author=world.annotator)

    with django_assert_num_queries(4):
        order_reviews()


def test_a_priority_has_bounds(world):
    with pytest.raises(Invalid, match="lies between"):
        reprioritise([world.task], priority=2_000_000, by=world.manager)


def test_an_order_that_fails_leaves_nothing(world):
    with pytest.raises(Invalid):
        order_project(world.client, order=Order(name="New", class_keys=["tank"]), by=None)

    assert [project.name for project in world.client.projects.all()] == [world.project.name]
