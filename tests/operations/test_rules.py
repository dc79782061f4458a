"""Who may do what, as truth tables."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.operations.models import Contribution, Task
from apps.operations.rules import (
    holds_lease,
    is_kept_for_another,
    may_do_kind,
    may_judge,
    may_manage,
    may_work_on,
)
from apps.operations.services.leasing import claim
from apps.operations.services.staffing import open_task
from apps.workforce.services import disqualify

pytestmark = pytest.mark.django_db

PEOPLE = ("customer", "manager", "annotator", "reviewer", "stranger")


@pytest.mark.parametrize(
    ("who", "manages", "labels", "reviews"),
    [
        ("customer", False, False, False),
        ("manager", True, False, False),
        ("annotator", False, True, False),
        ("reviewer", False, False, True),
        ("stranger", False, False, False),
    ],
)
def test_each_role_may_its_own(world, who, manages, labels, reviews):
    person = getattr(world, who)

    assert may_manage(person, world.project) is manages
    assert may_do_kind(person, "label", world.project) is labels
    assert may_do_kind(person, "review", world.project) is reviews


def test_a_right_without_the_qualification_is_not_enough(world):
    disqualify(world.annotator, modalities=["camera"], kind="label")

    assert not may_work_on(world.annotator, world.task)


@pytest.mark.parametrize(
    ("author", "contributed", "judges"),
    [
        ("annotator", None, True),
        ("reviewer", None, False),
        ("annotator", "label task", False),
        ("annotator", "import", False),
        ("annotator", "this review", True),
    ],
)
def test_nobody_judges_what_they_had_a_hand_in(world, author, contributed, judges):
    stage = world.project.stages.get(kind="review")
    review = open_task(world.scene, stage=stage, author=getattr(world, author))
    tasks = {"label task": world.task, "import": None, "this review": review}
    if contributed is not None:
        Contribution.objects.create(
            scene=world.scene, person=world.reviewer, task=tasks[contributed]
        )

    assert may_judge(world.reviewer, review) is judges
    assert may_judge(world.reviewer, world.task)


@pytest.mark.parametrize(
    ("kept_for", "until", "kept"),
    [
        (None, None, False),
        ("annotator", None, False),
        ("manager", None, True),
        ("manager", timedelta(hours=1), True),
        ("manager", timedelta(hours=-1), False),
    ],
)
def test_a_task_is_kept_for_another_for_as_long_as_was_said(world, kept_for, until, kept):
    task = Task(
        reserved_for=None if kept_for is None else getattr(world, kept_for),
        reserved_until=None if until is None else timezone.now() + until,
    )

    assert is_kept_for_another(world.annotator, task) is kept


@pytest.mark.parametrize(
    ("who", "token", "holds"),
    [
        ("annotator", None, True),
        ("annotator", 1, True),
        ("annotator", 0, False),
        ("reviewer", 1, False),
        ("reviewer", None, False),
    ],
)
def test_a_lease_is_its_holders_under_its_token(world, who, token, holds):
    task = claim(world.task, by=world.annotator)

    assert holds_lease(getattr(world, who), task, lease_token=token) is holds
    task.state = "open"
    assert not holds_lease(getattr(world, who), task, lease_token=token)
