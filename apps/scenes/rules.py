"""Who may bring recordings into a project."""

from django.contrib.auth.models import AnonymousUser

from apps.accounts.models import User
from apps.projects.access import may
from apps.projects.models import Project


def may_bring_in(user: User | AnonymousUser, project: Project | int) -> bool:
    """Whoever may order for the project, or steers it."""
    return may(user, "order_project", project) or may(user, "manage_project", project)
