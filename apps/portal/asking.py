"""Who asks for a page, what they may see of it, and how lists are cut."""

from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

from apps.accounts.models import User
from apps.projects.access import projects_with
from apps.projects.models import Project

ROWS = 25

M = TypeVar("M", bound=Model)


def visitor(request: HttpRequest) -> User:
    """Whoever is signed in; the page's `login_required` has seen to it."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def project_seen_by(person: User, slug: str, *, holding: str = "view_project") -> Project:
    """A project of one's own; somebody else's is as good as none.

    Raises:
        Http404: If there is no such project, or this person does not hold the permission on it.
    """
    found = projects_with(person, holding).filter(slug=slug).select_related("client").first()
    if found is None:
        raise Http404
    return found


def cut(request: HttpRequest, rows: QuerySet[M], *, size: int = ROWS) -> Page[M]:
    """The page of a list that the address asks for; the nearest one where it asks for nonsense."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def kept(request: HttpRequest, *names: str) -> dict[str, Any]:
    """What the address says under these names."""
    return {name: request.GET.get(name, "").strip()[:200] for name in names}
