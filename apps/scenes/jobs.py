"""What happens to uploads by itself, as time goes by."""

import logging

from celery import shared_task

from apps.scenes.services.uploading import expire_uploads

logger = logging.getLogger(__name__)


@shared_task(name="scenes.expire_uploads", soft_time_limit=120, time_limit=180)
def throw_away_old_uploads() -> None:
    """Throw away uploads that nobody went on with."""
    files = expire_uploads()
    if files:
        logger.info("uploads thrown away", extra={"files": files})
