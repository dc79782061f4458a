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
    reprioritise,
    set_judgement_priority,
    unassign,
)
from apps.projects.access import Role, grant
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


def test_what_the_findings_say_orders_reviews_unless_a_person_did(world):
    stage = world.project.stages.get(kind="review")
    review = open_task(world.scene, stage=stage, author=world.annotator)

    assert set_judgement_priority(review, priority=30)
    assert not set_judgement_priority(review, priority=30)
    assert not set_judgement_priority(world.task, priority=30)
    reprioritise([review], priority=5, by=world.manager)
    assert not set_judgement_priority(review, priority=70)

    review.refresh_from_db()
    assert (review.priority, review.events.last().note) == (5, "30 to 5")


def test_a_priority_has_bounds(world):
    with pytest.raises(Invalid, match="lies between"):
        reprioritise([world.task], priority=2_000_000, by=world.manager)


def test_an_order_that_fails_leaves_nothing(world):
    with pytest.raises(Invalid):
        order_project(world.client, order=Order(name="New", class_keys=["tank"]), by=None)

    assert [project.name for project in world.client.projects.all()] == [world.project.name]
