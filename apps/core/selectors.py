"""Background runs, as read."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.core.models import JobRun

# A queued run may well wait behind long work; only after this is its message taken for lost.
QUEUED_TOO_LONG = timedelta(minutes=5)


def stale_runs() -> QuerySet[JobRun]:
    """Runs whose worker is gone, or whose message never arrived."""
    now = timezone.now()
    dead = Q(
        state=JobRun.State.RUNNING,
        heartbeat_at__lt=now - timedelta(seconds=settings.RUN_STALE_S),
    )
    lost = Q(state=JobRun.State.QUEUED) & (
        Q(heartbeat_at__lt=now - QUEUED_TOO_LONG)
        | Q(heartbeat_at=None, created_at__lt=now - QUEUED_TOO_LONG)
    )
    return JobRun.objects.filter(dead | lost).order_by("pk")
