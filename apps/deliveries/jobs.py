"""Packing a delivery in the background."""

from functools import partial

from celery import shared_task

from apps.core.errors import PortalError
from apps.core.jobs import carry_out
from apps.core.models import JobRun
from apps.core.services import RunCancelled
from apps.deliveries.models import Delivery
from apps.deliveries.services import build, give_up


@shared_task(name="deliveries.build", soft_time_limit=3600, time_limit=3700)
def build_delivery(run_id: int, delivery_id: int) -> None:
    """Pack one delivery."""
    delivery = Delivery.objects.select_related("project").get(pk=delivery_id)
    carry_out(run_id, partial(_build, delivery))


def _build(delivery: Delivery, run: JobRun) -> dict[str, object]:
    try:
        return build(delivery, run=run)
    except RunCancelled:
        give_up(delivery, message="Stopped on request.", cancelled=True)
        raise
    except PortalError as error:
        give_up(delivery, message=error.detail)
        raise
