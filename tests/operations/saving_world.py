"""A world in which somebody saves."""

from dataclasses import dataclass
from typing import Any

from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.operations.models import Task
from apps.operations.services.leasing import claim
from tests.factories.annotation import LabelScene, make_scene
from tests.factories.operations import World, make_task, make_world


@dataclass
class Desk:
    """An annotator at work on a scene, through the API.

    Attributes:
        world: Everybody else.
        made: The scene.
        task: Its label task, held by the annotator.
        version: The scene's version as this desk saw it last.
    """

    world: World
    made: LabelScene
    task: Task
    person: User
    version: int = 0

    @property
    def api(self) -> APIClient:
        client = APIClient()
        client.force_login(self.person)
        return client

    def save(self, *gestures: dict[str, Any], **values: Any) -> Any:
        """Posts edits; the version is kept if they are taken."""
        sent = {
            "base_version": self.version,
            "lease_token": self.task.lease_token,
            "session": None,
            "changesets": list(gestures),
            **values,
        }
        answer = self.api.post(f"/api/v1/tasks/{self.task.pk}/ops/", sent)
        if answer.status_code == 200:
            self.version = answer.json()["version"]
        return answer

    def document(self) -> Any:
        return self.api.get(f"/api/v1/tasks/{self.task.pk}/doc/").json()


def make_desk(prefix: str = "", **scene: Any) -> Desk:
    world = make_world(prefix)
    made = make_scene(world.project, name=f"{prefix}street", guideline=world.guideline, **scene)
    task = claim(make_task(made.scene), by=world.annotator)
    return Desk(world, made, task, world.annotator)
