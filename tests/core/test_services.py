"""Background runs: begun once, fenced, cancelled, found again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.core.errors import Conflict
from apps.core.models import JobRun
from apps.core.services import (
    MOST_ATTEMPTS,
    RunCancelled,
    RunSuperseded,
    advance,
    beat,
    begin_run,
    fail,
    finish,
    raise_if_cancelled,
    request_cancel,
    revive_stale_runs,
    start_run,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    return start_run("import", task_name="tests.count", task_kwargs={"upto": 3})


def long_ago(run):
    JobRun.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=6))


def test_a_run_is_begun_once(run):
    first = begin_run(run.pk)

    assert (first.state, first.attempts, first.fencing_token) == ("running", 1, 1)
    assert begin_run(run.pk) is None


def test_progress_and_end_are_written(run):
    begun = begin_run(run.pk)

    advance(begun, done=2, total=3, message="frame 2")
    raise_if_cancelled(begun)
    finish(begun, report={"frames": 3})

    run.refresh_from_db()
    assert (run.state, run.done, run.total, run.report) == ("succeeded", 2, 3, {"frames": 3})
    assert run.is_finished
    assert run.finished_at is not None


def test_a_dead_run_is_begun_again_and_its_first_attempt_is_fenced_off(run):
    first = begin_run(run.pk)
    long_ago(run)

    second = begin_run(run.pk)

    assert second.fencing_token == first.fencing_token + 1
    for late_write in (
        lambda: advance(first, done=1),
        lambda: beat(first),
        lambda: finish(first),
        lambda: fail(first, message="no"),
        lambda: raise_if_cancelled(first),
    ):
        with pytest.raises(RunSuperseded):
            late_write()
    finish(second)
    assert JobRun.objects.get(pk=run.pk).state == "succeeded"


def test_a_waiting_run_is_cancelled_at_once(run):
    request_cancel(run)

    run.refresh_from_db()
    assert run.state == "cancelled"
    assert begin_run(run.pk) is None


def test_a_running_one_is_told_at_its_next_step(run):
    begun = begin_run(run.pk)

    assert request_cancel(run).state == "running"

    with pytest.raises(RunCancelled):
        raise_if_cancelled(begun)


def test_a_run_that_died_while_it_was_to_stop_is_not_begun_again(run):
    begin_run(run.pk)
    request_cancel(run)
    long_ago(run)

    assert begin_run(run.pk) is None
    assert JobRun.objects.get(pk=run.pk).state == "cancelled"


def test_an_ended_run_cannot_be_stopped(run):
    finish(begin_run(run.pk))

    with pytest.raises(Conflict, match="has ended \\(succeeded\\)"):
        request_cancel(run)


def test_only_the_dead_and_the_lost_are_revived(run):
    alive, dead, lost, done = (start_run("import", task_name="t") for _ in range(4))
    begin_run(alive.pk)
    begin_run(dead.pk)
    long_ago(dead)
    long_ago(lost)
    finish(begin_run(done.pk))
    long_ago(done)

    assert [revived.pk for revived in revive_stale_runs()] == [dead.pk, lost.pk]
    assert revive_stale_runs() == []
    assert JobRun.objects.get(pk=dead.pk).state == "queued"


def test_a_run_that_kills_its_worker_each_time_is_given_up(run):
    begin_run(run.pk)
    JobRun.objects.filter(pk=run.pk).update(attempts=MOST_ATTEMPTS)
    long_ago(run)

    assert revive_stale_runs() == []

    run.refresh_from_db()
    assert run.state == "failed"
    assert run.message == "Its worker died 5 times; it is not tried again."
