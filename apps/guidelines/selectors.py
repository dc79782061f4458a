"""Guideline versions and their clauses, as read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

import nh3
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, QuerySet
from markdown_it import MarkdownIt

from apps.accounts.models import User
from apps.core.errors import Conflict
from apps.guidelines.document import GuidelineDocument, parse
from apps.guidelines.models import Clause, GuidelineVersion
from apps.projects.access import visible_to as visible_projects
from apps.projects.models import Project

_MARKDOWN = MarkdownIt("commonmark").enable("table")


def versions_visible_to(user: User | AnonymousUser) -> QuerySet[GuidelineVersion]:
    """Versions of the projects that a person may know of, with the number of their clauses."""
    return (
        GuidelineVersion.objects.filter(project__in=visible_projects(user))
        .select_related("project", "published_by")
        .annotate(clause_count=Count("clauses"))
        .order_by("project", "-number")
    )


def version_in_force(project: Project | int) -> GuidelineVersion | None:
    """The project's published version, if it has one."""
    key = project.pk if isinstance(project, Project) else project
    return GuidelineVersion.objects.filter(
        project_id=key, state=GuidelineVersion.State.PUBLISHED
    ).first()


def required_version(project: Project) -> GuidelineVersion:
    """The project's published version.

    Raises:
        Conflict: If none is published.
    """
    version = version_in_force(project)
    if version is None:
        raise Conflict(f"“{project}” has no published guideline; publish one first.")
    return version


def document_of(version: GuidelineVersion) -> GuidelineDocument:
    """The version's document, parsed; that of a published version is kept in memory.

    Raises:
        Invalid: If what is stored is no valid document.
    """
    if version.state == GuidelineVersion.State.DRAFT:
        return parse(version.document)
    return _parsed(_Stored(version.pk, version.published_at, version.document))


@dataclass(frozen=True, slots=True)
class _Stored:
    """A published document, which never changes and so is known by its version and its time."""

    version_id: int
    published_at: datetime | None
    document: dict[str, Any] = field(compare=False)


@lru_cache(maxsize=256)
def _parsed(stored: _Stored) -> GuidelineDocument:
    return parse(stored.document)


def clauses_of(version: GuidelineVersion) -> Sequence[Clause]:
    """The version's clauses, in reading order."""
    return list(version.clauses.order_by("position", "number"))


def clause_html(clause: Clause) -> str:
    """A clause's text as safe HTML, whoever wrote it."""
    return markdown_html(clause.body_md)


def markdown_html(text: str) -> str:
    """A rule's text as safe HTML."""
    return nh3.clean(_MARKDOWN.render(text))
