"""Checks that take longer than a save may wait."""

import logging
from uuid import UUID

from celery import shared_task

from apps.quality.services.checking import check_objects, check_scene
from apps.scenes.models import Scene

logger = logging.getLogger(__name__)


@shared_task(name="quality.recheck_objects", soft_time_limit=300, time_limit=330)
def recheck_objects(scene_id: int, object_ids: list[str]) -> None:
    """Check some objects at all times, with points that were not in memory when they were saved."""
    scene = Scene.objects.select_related("project").filter(pk=scene_id).first()
    if scene is not None:
        check_objects(scene, [UUID(key) for key in object_ids])


@shared_task(name="quality.recheck_scene", soft_time_limit=1200, time_limit=1260)
def recheck_scene(scene_id: int) -> None:
    """Check a whole scene again, after a rule or a calibration changed."""
    scene = Scene.objects.select_related("project").filter(pk=scene_id).first()
    if scene is not None:
        delta = check_scene(scene)
        logger.info(
            "scene checked",
            extra={"scene": scene_id, "opened": len(delta.opened), "closed": len(delta.closed)},
        )
