"""How projects and people stand."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from apps.operations.models import Task, TaskEvent
from apps.operations.selectors.board import boards_of, due_risk
from apps.operations.selectors.load import loads_of, people_for
from apps.operations.services.leasing import claim, claim_next
from apps.operations.services.reviewing import accept, return_to_author, submit
from apps.operations.services.staffing import assign
from apps.quality.models import Finding
from apps.workforce.services import disqualify, set_availability
from tests.factories.operations import make_task
from tests.factories.projects import make_project
from tests.factories.scenes import make_scene
from tests.factories.workforce import make_annotator

pytestmark = pytest.mark.django_db

TODAY = date(2030, 6, 1)


def hand_in(world, task):
    held = claim(task, by=world.annotator)
    submit(held, by=world.annotator, lease_token=held.lease_token, version=0)
    return claim_next(world.reviewer)


@pytest.fixture
def busy(world):
    """Five scenes: accepted, returned, in work and run out, kept, and one that has no task."""
    accepted = hand_in(world, world.task)
    accept(accepted, by=world.reviewer, lease_token=1, version=0)
    returned = hand_in(world, make_task(make_scene(world.project)))
    return_to_author(returned, by=world.reviewer, lease_token=1, version=0, note="See frame 3.")
    running = claim(make_task(make_scene(world.project, "run out")), by=world.annotator)
    past = timezone.now() - timedelta(minutes=1)
    Task.objects.filter(pk=running.pk).update(lease_expires_at=past)
    kept = make_task(make_scene(world.project))
    assign(kept, to=make_annotator(world.project, "bo"), by=world.manager)
    bare = make_scene(world.project)
    for severity, state, blocking in (
        ("error", "open", True),
        ("error", "open", False),
        ("warning", "open", False),
        ("warning", "waived", False),
    ):
        Finding.objects.create(
            scene=bare,
            check_id="pts.few",
            stable_key=f"{severity}{state}{blocking}",
            severity=severity,
            state=state,
            waiver_reason="seen" if state == "waived" else "",
            blocking=blocking,
            message="it holds no point",
            opened_in_version=0,
        )
    return world


def test_a_board_counts_what_there_is(busy):
    board = boards_of([busy.project])[busy.project.pk]

    assert board.scenes == {
        "waiting": 1,
        "labelling": 3,
        "reviewing": 0,
        "accepted": 1,
        "delivered": 0,
    }
    # One warning more than made: what the reviewer noted.
    assert board.open_findings == {"info": 0, "warning": 2, "error": 2}
    assert board.blocking_findings == 1
    label = board.queues["label"]
    assert (label.waiting, label.kept, label.leased, label.expired) == (0, 2, 1, 1)
    assert board.accepted_by_day == [0, 0, 0, 0, 0, 0, 1]
    assert board.submitted_by_day == [0, 0, 0, 0, 0, 0, 2]
    assert board.returned_count == 1
    assert [(one.person_name, one.scene_name) for one in board.in_work] == [
        ("Annotator", "run out")
    ]
    assert (board.scenes_left, board.days_needed) == (4, 28)


def test_what_happened_longer_ago_than_a_week_does_not_count(busy):
    TaskEvent.objects.update(happened_at=timezone.now() - timedelta(days=8))

    board = boards_of([busy.project])[busy.project.pk]

    assert (sum(board.accepted_by_day), board.returned_count, board.days_needed) == (0, 0, None)


def test_boards_of_many_projects_take_as_many_queries_as_of_one(busy, django_assert_num_queries):
    other = make_project(busy.client)
    make_task(make_scene(other))

    with django_assert_num_queries(5):
        boards_of([busy.project])
    with django_assert_num_queries(5):
        boards = boards_of([busy.project, other])

    assert boards[other.pk].queues["label"].waiting == 1
    assert boards[other.pk].open_findings == {"info": 0, "warning": 0, "error": 0}


def test_a_load_counts_what_a_person_has_and_did(busy):
    loads = loads_of([busy.annotator, busy.reviewer], projects=[busy.project])

    mine = loads[busy.annotator.pk]
    assert (mine.in_work, mine.kept, mine.ended_count, mine.returned_count) == (1, 1, 2, 1)
    assert loads[busy.reviewer.pk].ended_count == 2
    assert loads_of([busy.annotator], projects=[])[busy.annotator.pk].in_work == 0


def test_who_could_label_is_there_by_right_qualified_and_not_away(world):
    away, gone = (make_annotator(world.project, name) for name in ("away", "gone"))
    make_annotator(make_project(world.client), "elsewhere")
    set_availability(away, away_until=timezone.localdate())
    disqualify(gone, modalities=["camera"], kind="label")
    idle = make_annotator(world.project, "idle")
    set_availability(idle, hours_per_week=0)

    assert list(people_for(world.project, kind="label")) == [world.annotator]
    assert list(people_for(world.project, kind="review")) == [world.reviewer]


@pytest.mark.parametrize(
    ("due_in_days", "left", "needed", "risk"),
    [
        (None, 9, 99, "none"),
        (-1, 9, 1, "late"),
        (-1, 0, None, "ok"),
        (0, 1, 1.0, "tight"),
        (9, 9, 12, "late"),
        (9, 9, 8, "tight"),
        (9, 9, 5, "ok"),
        (30, 9, None, "ok"),
        (5, 9, None, "tight"),
    ],
)
def test_a_due_date_is_held_against_the_pace(due_in_days, left, needed, risk):
    due_on = None if due_in_days is None else TODAY + timedelta(days=due_in_days)

    assert due_risk(due_on=due_on, today=TODAY, scenes_left=left, days_needed=needed) == risk
