"""Scenes and what came with them, as read."""

import gzip

from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import default_storage
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.projects.access import visible_to as visible_projects
from apps.scenes.importers.base import ImportedLabel
from apps.scenes.importers.label_records import loaded
from apps.scenes.media import asset_name
from apps.scenes.models import Capture, Scene, SceneLabels


def visible_to(user: User | AnonymousUser) -> QuerySet[Scene]:
    """Scenes of projects that a person may see."""
    return Scene.objects.filter(project__in=visible_projects(user)).select_related("project")


def imported_labels(scene: Scene) -> list[ImportedLabel]:
    """The label records that came with a scene; empty if there are none."""
    kept = SceneLabels.objects.filter(scene=scene).select_related("asset").first()
    if kept is None:
        return []
    with default_storage.open(asset_name(kept.asset.sha256, kept.asset.extension)) as file:
        return loaded(gzip.decompress(file.read()))


def scenes_with_sensors(user: User | AnonymousUser) -> QuerySet[Scene]:
    """Scenes that a person may see, with what their lists show."""
    return visible_to(user).prefetch_related("sensors").order_by("-pk")


def captures_visible_to(user: User | AnonymousUser) -> QuerySet[Capture]:
    """Captures of scenes that a person may see, with their files."""
    return (
        Capture.objects.filter(frame__scene__project__in=visible_projects(user))
        .select_related("frame", "sensor", "original", "display", "preview", "ground")
        .order_by("frame__scene", "frame__index", "sensor__position", "pk")
    )
