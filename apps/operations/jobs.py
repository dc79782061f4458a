"""What happens to tasks by itself, as time goes by."""

import logging

from celery import shared_task

from apps.operations.services.leasing import take_back_expired

logger = logging.getLogger(__name__)


@shared_task(name="operations.take_back_expired_leases", soft_time_limit=30, time_limit=60)
def take_back_expired_leases() -> None:
    """Put back what nobody holds any more."""
    changed = take_back_expired()
    if changed:
        logger.info("leases taken back", extra={"tasks": changed})
