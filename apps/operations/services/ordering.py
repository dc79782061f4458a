"""A customer's order: the project, its guideline and its pipeline; and the order's later states."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from apps.accounts.models import User
from apps.clients.models import Client
from apps.core.errors import Invalid
from apps.guidelines.narrowing import narrowed
from apps.guidelines.selectors import required_version
from apps.guidelines.services import draft_version, publish_version
from apps.guidelines.templates import ClauseText, Template, template_named
from apps.live.broadcast import broadcast
from apps.live.events import ProjectChanged
from apps.live.rooms import project_room
from apps.operations.models import Stage
from apps.projects.models import Project
from apps.projects.services import Terms, create_project, move_to_state

PIPELINE = (Stage.Kind.LABEL, Stage.Kind.REVIEW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a customer asks for.

    Attributes:
        instructions: What to mind besides the template's clauses; becomes a clause of its own.
        template_key: The guideline to start from.
        class_keys: Classes of the template that are wanted; all if empty.
        modalities: Kinds of sensors; the template's if empty.
        max_error_rate: Share of wrong items that is tolerated, above 0 and at most 0.5.
        confidence: With which it is to be shown, from 0.5 to below 1.
    """

    name: str
    description: str = ""
    instructions: str = ""
    template_key: str = "driving"
    class_keys: Sequence[str] = ()
    modalities: Sequence[str] = ()
    max_error_rate: float = 0.02
    confidence: float = 0.95
    due_on: date | None = None


@transaction.atomic
def order_project(
    client: Client, *, order: Order, by: User | None = None, slug: str = ""
) -> Project:
    """Take a customer's order: a project with its guideline published as v1 and its pipeline.

    Raises:
        Conflict: If the client has a project of that name, or the slug is taken.
        Invalid: If the template, a class or a term is wrong.
    """
    template = template_named(order.template_key)
    modalities = list(order.modalities or template.modalities)
    unserved = [key for key in modalities if key not in template.modalities]
    if unserved:
        raise Invalid(
            f"The template “{template.title}” has no rules for {unserved[0]}; "
            f"choose among {', '.join(template.modalities)}.",
            fields={"modalities": [f"“{key}” is not served" for key in unserved]},
        )
    terms = Terms(
        name=order.name.strip(),
        description=order.description,
        modalities=modalities,
        max_error_rate=order.max_error_rate,
        confidence=order.confidence,
        due_on=order.due_on,
    )
    project = create_project(client, terms=terms, slug=slug, by=by)
    lay_pipeline(project)
    version = draft_version(
        project,
        title=template.title,
        document=narrowed(template.document, order.class_keys),
        clauses=[*template.clauses, *_wishes(template, order.instructions)],
        change_note=f"As ordered, from the template “{template.title}”.",
    )
    publish_version(version, by=by)
    moved = move_to_state(project, state=Project.State.ORDERED)
    broadcast(project_room(moved.pk), ProjectChanged(project_id=moved.pk))
    return moved


@transaction.atomic
def lay_pipeline(project: Project) -> list[Stage]:
    """Give a project its stages, label then review; one that has stages keeps them."""
    held = list(project.stages.order_by("position"))
    if held:
        return held
    return Stage.objects.bulk_create(
        Stage(project=project, position=position, kind=kind)
        for position, kind in enumerate(PIPELINE, start=1)
    )


@transaction.atomic
def activate_project(project: Project) -> Project:
    """Put an order into production: from now on its tasks are given out.

    Raises:
        Conflict: If it has no published guideline, or cannot go into production from its state.
    """
    required_version(project)
    lay_pipeline(project)
    return _moved(project, Project.State.ACTIVE)


@transaction.atomic
def pause_project(project: Project) -> Project:
    """Give out no more of the project's tasks; what is in work may be finished.

    Raises:
        Conflict: If it is not in production.
    """
    return _moved(project, Project.State.PAUSED)


@transaction.atomic
def close_project(project: Project) -> Project:
    """End the order. What is in work may be finished.

    Raises:
        Conflict: If it cannot be closed from its state.
    """
    return _moved(project, Project.State.CLOSED)


def _moved(project: Project, state: Project.State) -> Project:
    moved = move_to_state(project, state=state)
    broadcast(project_room(moved.pk), ProjectChanged(project_id=moved.pk))
    return moved


def _wishes(template: Template, instructions: str) -> list[ClauseText]:
    if not instructions.strip():
        return []
    chapters = [int(clause.number.partition(".")[0]) for clause in template.clauses]
    number = f"{max(chapters, default=0) + 1}.1"
    return [ClauseText(number, "What the customer asks for besides", instructions.strip())]
