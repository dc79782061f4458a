"""The API's edge of the workspace's manifest."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.api import person
from apps.operations.selectors.manifest import (
    guideline_of,
    manifest_of,
    manifest_scene,
    manifest_version,
)


class SceneManifest(APIView):
    """What the workspace needs to know of a scene."""

    @extend_schema(responses={200: dict[str, Any]}, operation_id="scene_manifest")
    def get(self, request: Request, scene_id: int) -> Response:
        """Tell sensors, frames, poses, links and rules; 304 if nothing changed."""
        scene = manifest_scene(person(request), scene_id)
        guideline = guideline_of(scene)
        etag = f'"{manifest_version(scene, guideline)}"'
        headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
        if etag in request.headers.get("If-None-Match", ""):
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers=headers)
        return Response(manifest_of(scene, guideline), headers=headers)
