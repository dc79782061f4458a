"""Whether the portal itself is well: database, workers, queue, storage."""

import shutil
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.db import connection
from django.db.models import Count, Sum
from django.utils import timezone

from apps.core.models import BrokerMessage, JobRun
from apps.scenes.models import Asset

QUEUES = ("default", "long")
PATIENCE = timedelta(minutes=2)
PILE = 12


@dataclass(frozen=True, slots=True)
class SystemHealth:
    """What an admin looks at first.

    Attributes:
        queue_length: Messages that wait for a worker or are held by one.
        unclaimed: Those that no worker has taken yet; Redis holds only such.
        storage_free_bytes: Of the disk under the data folder; None where an object store holds it.
    """

    database: str
    runs_by_state: dict[str, int]
    oldest_waiting: datetime | None
    queue_length: int
    unclaimed: int
    assets: int
    asset_bytes: int
    storage: str
    storage_free_bytes: int | None
    storage_total_bytes: int | None


def system_health() -> SystemHealth:
    """Look at the parts that everything else stands on."""
    assets = Asset.objects.aggregate(number=Count("pk"), size=Sum("size_bytes"))
    runs = dict(
        JobRun.objects.values("state").annotate(n=Count("pk")).values_list("state", "n").order_by()
    )
    waiting = JobRun.objects.filter(state=JobRun.State.QUEUED).order_by("created_at").first()
    unclaimed = (
        _redis_queue_length()
        if settings.REDIS_URL
        else BrokerMessage.objects.filter(claimed_by="", visible_at_s__lte=time.time()).count()
    )
    disk = None if settings.S3_BUCKET else shutil.disk_usage(settings.DATA_DIR)
    return SystemHealth(
        database=connection.display_name,
        runs_by_state={state: runs.get(state, 0) for state in JobRun.State.values},
        oldest_waiting=waiting.created_at if waiting else None,
        queue_length=unclaimed if settings.REDIS_URL else BrokerMessage.objects.count(),
        unclaimed=unclaimed,
        assets=assets["number"],
        asset_bytes=assets["size"] or 0,
        storage=f"S3 bucket {settings.S3_BUCKET}" if settings.S3_BUCKET else "Local disk",
        storage_free_bytes=disk.free if disk else None,
        storage_total_bytes=disk.total if disk else None,
    )


def recent_runs() -> list[JobRun]:
    """The last background runs."""
    return list(JobRun.objects.select_related("created_by").order_by("-pk")[:12])


def worker_is_silent(health: SystemHealth) -> bool:
    """Whether work waits longer, or piles up higher, than any living worker would let it.

    The clock sends a message every ten seconds, so a worker that is gone shows within minutes.
    """
    now = timezone.now()
    stuck = health.oldest_waiting is not None and now - health.oldest_waiting > PATIENCE
    return stuck or health.unclaimed > PILE


def _redis_queue_length() -> int:
    client = redis.from_url(settings.REDIS_URL, socket_timeout=2)
    return sum(int(client.llen(queue)) for queue in QUEUES)
