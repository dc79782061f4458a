"""Projects, as read."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.projects.access import projects_with, visible_to
from apps.projects.models import Project


def projects_seen_by(user: User | AnonymousUser) -> QuerySet[Project]:
    """Projects that a person may know of, with their client."""
    return visible_to(user).select_related("client", "ordered_by").order_by("-created_at", "-pk")


def in_production(user: User | AnonymousUser, permission: str) -> list[Project]:
    """Projects in production in which a person holds a permission."""
    found = projects_with(user, permission).filter(state=Project.State.ACTIVE)
    return list(found.only("pk", "name", "modalities").order_by("pk"))
