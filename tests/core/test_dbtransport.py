"""The broker in the database: commits with its caller, and loses nothing to kill -9."""

import json
import os
import signal
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from kombu import Connection, Consumer, Exchange, Producer, Queue

from apps.core.dbtransport import MOST_DELIVERIES
from apps.core.models import BrokerMessage
from tests.site import wait_until

QUEUE = Queue("short", Exchange("short"), routing_key="short")


@pytest.fixture
def connection(db):
    with Connection("djangodb://localhost") as connection:
        QUEUE(connection.default_channel).declare()
        yield connection


def publish(connection, body, **options):
    Producer(connection).publish(
        body, exchange=QUEUE.exchange, routing_key="short", declare=[QUEUE], **options
    )


def take(connection):
    """The next message, unacknowledged, or nothing."""
    return QUEUE(connection.channel()).get(no_ack=False)


def test_what_is_published_arrives_in_order_and_is_gone_when_acknowledged(connection):
    publish(connection, {"n": 1})
    publish(connection, {"n": 2})

    first = take(connection)
    second = take(connection)
    first.ack()

    assert (first.payload, second.payload) == ({"n": 1}, {"n": 2})
    assert BrokerMessage.objects.count() == 1
    second.ack()
    assert BrokerMessage.objects.count() == 0


def test_a_message_commits_with_its_caller(connection):
    with suppress(ZeroDivisionError), transaction.atomic():
        publish(connection, {"n": 1})
        raise ZeroDivisionError

    assert take(connection) is None


def test_an_eta_is_the_time_from_which_it_is_seen(connection):
    soon = datetime.now(UTC) + timedelta(hours=1)
    publish(connection, {"n": 1}, headers={"eta": soon.isoformat()})
    assert take(connection) is None

    BrokerMessage.objects.update(visible_at_s=time.time() - 1)

    assert take(connection).payload == {"n": 1}


def test_the_more_urgent_comes_first(connection):
    publish(connection, {"n": 1}, priority=1)
    publish(connection, {"n": 2}, priority=9)

    assert take(connection).payload == {"n": 2}


def test_a_leased_message_is_nobody_elses_until_its_lease_runs_out(connection):
    publish(connection, {"n": 1})
    take(connection)
    assert take(connection) is None

    BrokerMessage.objects.update(visible_at_s=time.time() - 1)
    again = take(connection)

    assert again.payload == {"n": 1}
    assert again.delivery_info["redelivered"] is True


def test_who_lost_the_lease_cannot_acknowledge(connection):
    publish(connection, {"n": 1})
    late = take(connection)
    BrokerMessage.objects.update(visible_at_s=time.time() - 1)
    now_holding = take(connection)

    late.ack()

    assert BrokerMessage.objects.count() == 1
    now_holding.ack()
    assert BrokerMessage.objects.count() == 0


def test_a_rejected_message_is_dropped_or_comes_back(connection):
    publish(connection, {"n": 1})

    take(connection).requeue()
    take(connection).reject()

    assert BrokerMessage.objects.count() == 0


def test_a_closing_worker_gives_back_what_it_fetched_ahead(connection):
    publish(connection, {"n": 1})
    with Connection("djangodb://localhost") as leaving:
        heard = []
        with Consumer(leaving, [QUEUE], callbacks=[lambda body, message: heard.append(body)]):
            leaving.drain_events(timeout=2)

    assert heard == [{"n": 1}]
    assert take(connection).payload == {"n": 1}


def test_a_message_that_kills_every_worker_is_parked(connection):
    publish(connection, {"n": 1})
    BrokerMessage.objects.update(deliveries=MOST_DELIVERIES)

    assert take(connection) is None

    parked = BrokerMessage.objects.get()
    assert parked.queue == "dead.short"
    assert json.loads(parked.payload)["properties"]


def test_a_queue_can_be_counted_and_emptied(connection):
    publish(connection, {"n": 1})
    publish(connection, {"n": 2})
    bound = QUEUE(connection.default_channel)

    assert bound.queue_declare().message_count == 2
    assert bound.purge() == 2


WORKER = (
    *(sys.executable, "-m", "celery", "-A", "config.celery", "-q", "worker"),
    *("-Q", "default", "-c", "2", "-l", "WARNING"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
)


def test_a_killed_worker_loses_nothing(site):
    site.environ.pop("REDIS_URL", None)
    site.environ["EXTRA_JOB_MODULES"] = "tests.core.probe_worker"
    traces = site.folder / "traces"

    def traced(word):
        lines = traces.read_text().split("\n") if traces.exists() else []
        return {line.split()[1] for line in lines if line.startswith(word)}

    site.python(
        "from tests.core.probe_worker import nap\nfor number in range(12): nap.delay(number, 0.5)"
    )
    first = site.spawn(*WORKER)
    wait_until(lambda: traced("begin"), what="a first task")
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    cut_off = traced("begin") - traced("end")
    site.spawn(*WORKER)
    wait_until(lambda: len(traced("end")) == 12, within_s=60, what="the end of all tasks")

    assert cut_off
    assert traced("end") == {str(number) for number in range(12)}
    left = "SELECT count(*) FROM core_brokermessage"
    wait_until(lambda: site.query(left) == [(0,)], what="an empty queue")
