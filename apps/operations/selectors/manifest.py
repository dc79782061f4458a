"""The manifest of a scene as the workspace gets it: the recording, and the rules in force."""

import hashlib
from typing import Any

from django.contrib.auth.models import AnonymousUser

from apps.accounts.models import User
from apps.core.errors import NotFound
from apps.guidelines.models import GuidelineVersion
from apps.guidelines.selectors import clause_html, clauses_of, required_version
from apps.scenes.links import link_expiry
from apps.scenes.models import Scene
from apps.scenes.selectors.manifest import newest_calibration_id, scene_manifest
from apps.scenes.selectors.scenes import visible_to


def manifest_scene(user: User | AnonymousUser, scene_id: int) -> Scene:
    """The scene of a manifest.

    Raises:
        NotFound: If there is none, or the person may not see it.
    """
    scene = visible_to(user).filter(pk=scene_id).first()
    if scene is None:
        raise NotFound("There is no such scene, or it is not yours to see.")
    return scene


def manifest_version(scene: Scene, guideline: GuidelineVersion) -> str:
    """Name the state of a manifest: it changes with whatever the manifest shows."""
    parts = (
        scene.pk,
        scene.updated_at,
        scene.project.updated_at,
        newest_calibration_id(scene),
        guideline.pk,
        link_expiry(),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]


def manifest_of(scene: Scene, guideline: GuidelineVersion) -> dict[str, Any]:
    """Write the manifest (docs/reference/wire.md)."""
    return {
        **scene_manifest(scene, links_until=link_expiry()),
        "guideline": {
            "version_id": guideline.pk,
            "number": guideline.number,
            "document": guideline.document,
            "clauses": [
                {
                    "number": clause.number,
                    "title": clause.title,
                    "body_html": clause_html(clause),
                }
                for clause in clauses_of(guideline)
            ],
        },
    }


def guideline_of(scene: Scene) -> GuidelineVersion:
    """The rules under which a scene is labelled now.

    Raises:
        Conflict: If its project has no published guideline.
    """
    return required_version(scene.project)
