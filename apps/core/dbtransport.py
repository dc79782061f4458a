"""A message broker inside the Django database, for set-ups with no broker server.

kombu's virtual transport over the table `core.BrokerMessage`, on SQLite and PostgreSQL:

- a message is published on the caller's own connection, so it commits or rolls back with what the
  caller wrote;
- a delivery is a lease that a thread renews while the worker lives: after kill -9 it runs out, and
  the message is delivered again;
- an ETA is the time from which a message can be seen, so no worker holds far-off work in memory.

Tasks must stand being delivered twice.
"""

import json
import logging
import os
import threading
import time
import uuid
from collections.abc import Mapping
from datetime import datetime
from queue import Empty
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from kombu.transport import virtual

from apps.core.models import BrokerMessage

logger = logging.getLogger(__name__)

MOST_DELIVERIES = 5
# The parked messages of tasks that took their worker down each time.
DEAD_PREFIX = "dead."

CLAIM = """
    UPDATE core_brokermessage
    SET visible_at_s = %s, deliveries = deliveries + 1, claimed_by = %s
    WHERE id = (
        SELECT id FROM core_brokermessage
        WHERE queue = %s AND visible_at_s <= %s
        ORDER BY priority DESC, visible_at_s, id LIMIT 1 {lock}
    )
    RETURNING id, payload, deliveries
"""


class Channel(virtual.Channel):
    """Publishes to and consumes from the table.

    Attributes:
        lease_s: How long a delivery is held without a sign of life (`broker_transport_options`).
    """

    lease_s = 15.0
    from_transport_options = (*virtual.Channel.from_transport_options, "lease_s")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner = f"{os.getpid()}-{uuid.uuid4().hex[:12]}"
        self._leased: set[int] = set()
        self._renewing: threading.Thread | None = None
        self._stopping = threading.Event()

    # --- publishing

    def _new_queue(self, queue: str, **kwargs: Any) -> None:
        """Queues are names in a column; nothing is declared."""

    def _has_queue(self, queue: str, **kwargs: Any) -> bool:
        return True

    def _put(self, queue: str, message: Mapping[str, Any], **kwargs: Any) -> None:
        eta = (message.get("headers") or {}).get("eta")
        BrokerMessage.objects.create(
            queue=queue,
            payload=json.dumps(message),
            priority=self._get_message_priority(message),
            visible_at_s=datetime.fromisoformat(eta).timestamp() if eta else 0,
        )

    # --- consuming

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        """Lease the next message of a queue.

        Raises:
            Empty: If none can be seen.
        """
        now_s = time.time()
        # Reading first keeps an idle worker from taking SQLite's write lock ten times a second.
        if not BrokerMessage.objects.filter(queue=queue, visible_at_s__lte=now_s).exists():
            raise Empty
        claimed = self._claim(queue, now_s)
        if claimed is None:
            raise Empty
        pk, payload, deliveries = claimed
        if deliveries > MOST_DELIVERIES:
            logger.error("message parked", extra={"queue": queue, "message_id": pk})
            BrokerMessage.objects.filter(pk=pk).update(queue=DEAD_PREFIX + queue, claimed_by="")
            raise Empty
        message: dict[str, Any] = json.loads(payload)
        whence = message["properties"].setdefault("delivery_info", {})
        whence["message_id"] = pk
        whence["redelivered"] = deliveries > 1
        self._leased.add(pk)
        self._keep_renewing()
        return message

    def _claim(self, queue: str, now_s: float) -> tuple[int, str, int] | None:
        lock = "FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
        with connection.cursor() as cursor:
            cursor.execute(
                CLAIM.format(lock=lock), [now_s + self.lease_s, self.owner, queue, now_s]
            )
            row: tuple[int, str, int] | None = cursor.fetchone()
        return row

    def _keep_renewing(self) -> None:
        if self._renewing is None or not self._renewing.is_alive():
            self._renewing = threading.Thread(target=self._renew, name="lease", daemon=True)
            self._renewing.start()

    def _renew(self) -> None:
        while not self._stopping.wait(self.lease_s / 3):
            held = tuple(self._leased)
            if not held:
                continue
            try:
                BrokerMessage.objects.filter(pk__in=held, claimed_by=self.owner).update(
                    visible_at_s=time.time() + self.lease_s
                )
            except DatabaseError:
                # The next renewal comes before the lease runs out.
                logger.warning("lease not renewed", exc_info=True)
                connection.close()
        connection.close()

    # --- settling

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:
        """Forget a message that is done with."""
        pk = self._message_id(delivery_tag)
        if pk is not None:
            self._owned(pk).delete()
        super().basic_ack(delivery_tag, multiple)

    def basic_reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Give a message back, or drop it."""
        pk = self._message_id(delivery_tag)
        if pk is not None:
            if requeue:
                self._owned(pk).update(visible_at_s=0, claimed_by="")
            else:
                self._owned(pk).delete()
        super().basic_reject(delivery_tag, requeue=False)

    def _restore(self, message: virtual.Message) -> None:
        """Give back what a closing worker did not get to."""
        pk = message.delivery_info.get("message_id")
        if pk is not None:
            self._owned(pk).update(visible_at_s=0, claimed_by="")

    _restore_at_beginning = _restore

    def _owned(self, pk: int) -> Any:
        """The message, unless its lease ran out and another worker has it."""
        self._leased.discard(pk)
        return BrokerMessage.objects.filter(pk=pk, claimed_by=self.owner)

    def _message_id(self, delivery_tag: str) -> int | None:
        try:
            whence = self.qos.get(delivery_tag).delivery_info
        except KeyError:
            return None
        pk: int | None = whence.get("message_id")
        return pk

    def close(self) -> None:
        """Give back what is leased and stop renewing."""
        super().close()
        self._stopping.set()

    # --- looking after

    def _size(self, queue: str) -> int:
        return BrokerMessage.objects.filter(queue=queue).count()

    def _purge(self, queue: str) -> int:
        return BrokerMessage.objects.filter(queue=queue).delete()[0]


class Transport(virtual.Transport):
    """`djangodb://`: the broker of `DATABASES["default"]`."""

    Channel = Channel

    polling_interval = 0.1
    default_port = 0
    driver_type = "django"
    driver_name = "django-db"
    connection_errors = (
        *virtual.Transport.connection_errors,
        OperationalError,
        InterfaceError,
    )
    implements = virtual.Transport.implements.extend(exchange_type=frozenset(["direct", "topic"]))

    def driver_version(self) -> str:
        """Name the version, as Celery's reports ask for it."""
        return "1"
