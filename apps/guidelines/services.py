"""Guideline versions: drafted, changed while a draft, published, retired."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import Conflict, Invalid
from apps.guidelines.document import GuidelineDocument, dumped, parse
from apps.guidelines.models import Clause, GuidelineVersion
from apps.guidelines.templates import ClauseText, template_named
from apps.live.broadcast import broadcast
from apps.live.events import ProjectChanged
from apps.live.rooms import project_room
from apps.projects.models import Project


@transaction.atomic
def draft_version(
    project: Project,
    *,
    title: str,
    document: GuidelineDocument | Mapping[str, Any],
    clauses: Iterable[ClauseText] = (),
    change_note: str = "",
) -> GuidelineVersion:
    """Begin a new version of a project's guideline. Holds a lock on the project.

    Raises:
        Invalid: If the document is wrong, or it names a clause that is not there.
    """
    Project.objects.select_for_update().get(pk=project.pk)
    parsed, texts = _checked(document, clauses)
    last = project.guideline_versions.aggregate(last=Max("number"))["last"] or 0
    version = GuidelineVersion.objects.create(
        project=project,
        number=last + 1,
        title=title,
        document=dumped(parsed),
        change_note=change_note,
    )
    _write_clauses(version, texts)
    return version


def draft_from_template(project: Project, *, template_key: str) -> GuidelineVersion:
    """Begin a version with a template's classes, checks and clauses.

    Raises:
        Invalid: If there is no such template.
    """
    template = template_named(template_key)
    return draft_version(
        project,
        title=template.title,
        document=template.document,
        clauses=template.clauses,
        change_note=f"From the template “{template.title}”.",
    )


@transaction.atomic
def change_draft(
    version: GuidelineVersion,
    *,
    title: str,
    document: GuidelineDocument | Mapping[str, Any],
    clauses: Iterable[ClauseText],
    change_note: str = "",
) -> GuidelineVersion:
    """Rewrite a draft. Holds a lock on the version.

    Raises:
        Conflict: If it is no draft any more.
        Invalid: If the document is wrong, or it names a clause that is not there.
    """
    locked = GuidelineVersion.objects.select_for_update().get(pk=version.pk)
    if locked.state != GuidelineVersion.State.DRAFT:
        raise Conflict(
            f"{locked} is {locked.get_state_display().lower()} and never changes; "
            "begin a new version instead."
        )
    parsed, texts = _checked(document, clauses)
    locked.title, locked.document, locked.change_note = title, dumped(parsed), change_note
    locked.save(update_fields=["title", "document", "change_note", "updated_at"])
    locked.clauses.all().delete()
    _write_clauses(locked, texts)
    return locked


@transaction.atomic
def publish_version(version: GuidelineVersion, *, by: User | None = None) -> GuidelineVersion:
    """Put a draft in force and retire the one before. Holds a lock on the project's versions.

    Raises:
        Conflict: If it is no draft any more.
        Invalid: If its document is wrong.
    """
    in_project = GuidelineVersion.objects.select_for_update().filter(project=version.project_id)
    locked = next(one for one in in_project if one.pk == version.pk)
    if locked.state != GuidelineVersion.State.DRAFT:
        raise Conflict(f"{locked} is {locked.get_state_display().lower()} already.")
    _checked(locked.document, (ClauseText(one.number, one.title) for one in locked.clauses.all()))
    now = timezone.now()
    GuidelineVersion.objects.filter(
        project=version.project_id, state=GuidelineVersion.State.PUBLISHED
    ).update(state=GuidelineVersion.State.RETIRED, updated_at=now)
    locked.state, locked.published_at, locked.published_by = (
        GuidelineVersion.State.PUBLISHED,
        now,
        by,
    )
    locked.save(update_fields=["state", "published_at", "published_by", "updated_at"])
    broadcast(project_room(locked.project_id), ProjectChanged(project_id=locked.project_id))
    return locked


@transaction.atomic
def retire_version(version: GuidelineVersion) -> GuidelineVersion:
    """Take a published version out of force; nothing can be labelled until another is published.

    Raises:
        Conflict: If it is not in force.
    """
    taken = GuidelineVersion.objects.filter(
        pk=version.pk, state=GuidelineVersion.State.PUBLISHED
    ).update(state=GuidelineVersion.State.RETIRED, updated_at=timezone.now())
    version.refresh_from_db()
    if not taken:
        raise Conflict(f"{version} is not in force; only a published version can be retired.")
    return version


def _checked(
    document: GuidelineDocument | Mapping[str, Any], clauses: Iterable[ClauseText]
) -> tuple[GuidelineDocument, list[ClauseText]]:
    """Read document and clauses together, as checks name the clause that they stand for."""
    parsed = document if isinstance(document, GuidelineDocument) else parse(document)
    texts = list(clauses)
    numbers = {text.number for text in texts}
    if len(numbers) < len(texts):
        raise Invalid(
            "Two clauses have one number; number each differently.",
            fields={"clauses": ["a number stands twice"]},
        )
    for check, setting in parsed.checks.items():
        if setting.clause and setting.clause not in numbers:
            raise Invalid(
                f"The check {check} names clause {setting.clause}, which is not in the guideline.",
                fields={f"checks.{check}.clause": ["is no clause of this version"]},
            )
    return parsed, texts


def _write_clauses(version: GuidelineVersion, texts: list[ClauseText]) -> None:
    Clause.objects.bulk_create(
        Clause(
            version=version,
            number=text.number,
            title=text.title,
            body_md=text.body_md,
            position=position,
        )
        for position, text in enumerate(texts)
    )
