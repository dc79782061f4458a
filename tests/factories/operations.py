"""Makes tasks, and a small world in which all roles meet."""

from dataclasses import dataclass
from typing import Any

from apps.accounts.models import User
from apps.clients.models import Client
from apps.guidelines.models import GuidelineVersion
from apps.guidelines.selectors import required_version
from apps.operations.models import Task
from apps.operations.services.staffing import open_first_task
from apps.projects.models import Project
from apps.scenes.models import Scene
from tests.factories.clients import make_client, make_customer
from tests.factories.projects import make_project
from tests.factories.scenes import make_scene
from tests.factories.workforce import make_annotator, make_manager, make_reviewer


@dataclass(frozen=True)
class World:
    """A client with a project in production, a person of each role, and one scene to label.

    The stranger is the customer of another client.
    """

    client: Client
    project: Project
    guideline: GuidelineVersion
    customer: User
    manager: User
    annotator: User
    reviewer: User
    stranger: User
    scene: Scene
    task: Task


def make_world(prefix: str = "", **order: Any) -> World:
    """Make a world; two worlds in one test need prefixes. Further values are those of `Order`."""
    client = make_client(f"{prefix}Client".strip())
    customer = make_customer(client, f"{prefix}customer")
    manager = make_manager(f"{prefix}manager")
    project = make_project(client, by=customer, **order)
    scene = make_scene(project)
    return World(
        client=client,
        project=project,
        guideline=required_version(project),
        customer=customer,
        manager=manager,
        annotator=make_annotator(project, f"{prefix}annotator"),
        reviewer=make_reviewer(project, f"{prefix}reviewer"),
        stranger=make_customer(make_client(f"{prefix}Other client"), f"{prefix}stranger"),
        scene=scene,
        task=make_task(scene),
    )


def make_task(scene: Scene, *, priority: int = 0) -> Task:
    """The scene's task of the first stage, open."""
    return open_first_task(scene, priority=priority)
