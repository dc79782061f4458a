"""How a run is carried out, whatever happens in it."""

import pytest
from celery import shared_task

from apps.core.errors import Invalid
from apps.core.jobs import carry_out, enqueue_run, requeue_stale_runs
from apps.core.models import JobRun
from apps.core.services import advance, raise_if_cancelled, request_cancel, start_run

pytestmark = pytest.mark.django_db


@shared_task(name="tests.count")
def count(run_id: int, upto: int) -> None:
    def work(run):
        for done in range(upto):
            raise_if_cancelled(run)
            advance(run, done=done + 1, total=upto)
        return {"counted": upto}

    carry_out(run_id, work)


@pytest.fixture
def run():
    return start_run("count", task_name="tests.count", task_kwargs={"upto": 3})


def test_a_run_goes_off_when_the_transaction_commits(run, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        enqueue_run(run)
        run.refresh_from_db()
        assert run.state == "queued"

    run.refresh_from_db()
    assert (run.state, run.done, run.total, run.report) == ("succeeded", 3, 3, {"counted": 3})


def test_a_second_delivery_changes_nothing(run):
    count(run.pk, upto=3)
    count(run.pk, upto=9)

    run.refresh_from_db()
    assert (run.attempts, run.report) == (1, {"counted": 3})


def test_a_cancelled_run_stops_between_its_units(run):
    def work(begun):
        for done in range(5):
            raise_if_cancelled(begun)
            advance(begun, done=done + 1, total=5)
            if done == 1:
                request_cancel(run)

    carry_out(run.pk, work)

    run.refresh_from_db()
    assert (run.state, run.done, run.message) == ("cancelled", 2, "Stopped on request.")


def test_a_person_is_told_why_it_failed(run):
    def work(begun):
        raise Invalid("0001.bin is cut off; upload it again.", extra={"file": "0001.bin"})

    carry_out(run.pk, work)

    run.refresh_from_db()
    assert (run.state, run.message) == ("failed", "0001.bin is cut off; upload it again.")
    assert run.report == {"file": "0001.bin"}


def test_a_fault_of_ours_is_not_hidden_from_us_nor_shown_to_them(run):
    with pytest.raises(ZeroDivisionError):
        carry_out(run.pk, lambda begun: {"share": 1 / 0})

    run.refresh_from_db()
    assert run.state == "failed"
    assert "fault of the portal" in run.message
    assert "division" not in run.message


def test_the_clock_starts_dead_runs_again(run, django_capture_on_commit_callbacks):
    JobRun.objects.filter(pk=run.pk).update(state="running", heartbeat_at="2020-01-01T00:00Z")

    with django_capture_on_commit_callbacks(execute=True):
        requeue_stale_runs()

    run.refresh_from_db()
    assert run.state == "succeeded"
