"""What happens by itself or takes long: leases that expire, recordings that come in."""

import logging
from collections.abc import Mapping
from typing import Any

from celery import shared_task

from apps.core.jobs import carry_out
from apps.core.models import JobRun
from apps.operations.services.intake import TASK_NAME, take_in
from apps.operations.services.leasing import take_back_expired
from apps.operations.services.staffing import order_reviews
from apps.scenes.models import RecordingImport

logger = logging.getLogger(__name__)

LONGEST_IMPORT_S = 24 * 3600


@shared_task(name="operations.take_back_expired_leases", soft_time_limit=30, time_limit=60)
def take_back_expired_leases() -> None:
    """Put back what nobody holds any more."""
    changed = take_back_expired()
    if changed:
        logger.info("leases taken back", extra={"tasks": changed})


@shared_task(name="operations.order_reviews", soft_time_limit=60, time_limit=90)
def order_waiting_reviews() -> None:
    """Bring what needs judgement to the front, after findings changed."""
    moved = order_reviews()
    if moved:
        logger.info("reviews ordered", extra={"tasks": moved})


@shared_task(name=TASK_NAME, soft_time_limit=LONGEST_IMPORT_S, time_limit=LONGEST_IMPORT_S + 60)
def run_recording_import(run_id: int, import_id: int) -> None:
    """Import a recording, and send its scenes into the pipeline."""

    def work(run: JobRun) -> Mapping[str, Any]:
        return take_in(RecordingImport.objects.select_related("job").get(pk=import_id), run=run)

    carry_out(run_id, work)
