"""Makes projects."""

from itertools import count
from typing import Any

from apps.accounts.models import User
from apps.clients.models import Client
from apps.operations.services.ordering import Order, activate_project, order_project
from apps.projects.models import Project
from tests.factories.clients import make_client

_numbers = count(1)


def make_project(
    client: Client | None = None,
    *,
    active: bool = True,
    by: User | None = None,
    slug: str = "",
    **order: Any,
) -> Project:
    """A project with its guideline published and its pipeline laid, in production unless told.

    Further values are those of `Order`: `name`, `template_key`, `class_keys`, `modalities` …
    """
    order.setdefault("name", f"Project {next(_numbers)}")
    project = order_project(client or make_client(), order=Order(**order), by=by, slug=slug)
    return activate_project(project) if active else project
