"""What changes about projects: begun, their terms, and the state of the order."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from apps.accounts.models import User
from apps.clients.models import Client
from apps.core.errors import Conflict, Invalid
from apps.projects.access import open_to_staff
from apps.projects.models import Project

LONGEST_SLUG = 80
WORST_ERROR_RATE = 0.5
LEAST_CONFIDENCE = 0.5

# From a state, where the order may go next.
NEXT_STATES: dict[str, frozenset[str]] = {
    Project.State.DRAFT: frozenset({Project.State.ORDERED, Project.State.ACTIVE}),
    Project.State.ORDERED: frozenset({Project.State.ACTIVE, Project.State.CLOSED}),
    Project.State.ACTIVE: frozenset({Project.State.PAUSED, Project.State.CLOSED}),
    Project.State.PAUSED: frozenset({Project.State.ACTIVE, Project.State.CLOSED}),
    Project.State.CLOSED: frozenset({Project.State.ACTIVE}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is agreed with the client.

    Attributes:
        modalities: Keys of the sensors' kinds; whoever works needs a qualification for each.
        max_error_rate: Share of wrong items that is tolerated, above 0 and at most 0.5.
        confidence: With which it is to be shown, from 0.5 to below 1.
    """

    name: str
    description: str = ""
    modalities: Sequence[str] = ()
    max_error_rate: float = 0.02
    confidence: float = 0.95
    due_on: date | None = field(default=None)


@transaction.atomic
def create_project(
    client: Client, *, terms: Terms, slug: str = "", by: User | None = None
) -> Project:
    """Begin a client's project and open it to the managers and the client's own people.

    Raises:
        Conflict: If the client has a project of that name, or the slug is taken.
        Invalid: If a term is out of its range.
    """
    _check(terms)
    if Project.objects.filter(client=client, name=terms.name).exists():
        raise Conflict(
            f"{client} has a project named “{terms.name}” already; choose another name.",
            fields={"name": ["is taken"]},
        )
    if slug and Project.objects.filter(slug=slug).exists():
        raise Conflict(
            f"A project has the address “{slug}” already; give another slug.",
            fields={"slug": ["is taken"]},
        )
    project = Project.objects.create(
        client=client,
        name=terms.name,
        slug=slug or _free_slug(terms.name),
        description=terms.description,
        modalities=list(terms.modalities),
        max_error_rate=terms.max_error_rate,
        confidence=terms.confidence,
        due_on=terms.due_on,
        ordered_by=by,
    )
    open_to_staff(project)
    return project


@transaction.atomic
def change_terms(project: Project, *, terms: Terms) -> Project:
    """Agree on other terms. Holds a lock on the project.

    Raises:
        Conflict: If the client has another project of that name, or the project is closed.
        Invalid: If a term is out of its range.
    """
    _check(terms)
    locked = Project.objects.select_for_update().get(pk=project.pk)
    if locked.state == Project.State.CLOSED:
        raise Conflict(f"“{locked}” is closed; activate it again to change its terms.")
    others = Project.objects.filter(client=locked.client_id, name=terms.name)
    if others.exclude(pk=locked.pk).exists():
        raise Conflict(
            f"The client has a project named “{terms.name}” already; choose another name.",
            fields={"name": ["is taken"]},
        )
    locked.name, locked.description = terms.name, terms.description
    locked.modalities = list(terms.modalities)
    locked.max_error_rate, locked.confidence = terms.max_error_rate, terms.confidence
    locked.due_on = terms.due_on
    locked.save()
    return locked


@transaction.atomic
def move_to_state(project: Project, *, state: str) -> Project:
    """Take the order to another state. Holds a lock on the project.

    Raises:
        Conflict: If it cannot go there from where it is.
    """
    locked = Project.objects.select_for_update().get(pk=project.pk)
    if state not in NEXT_STATES[locked.state]:
        raise Conflict(
            f"“{locked}” is {locked.get_state_display().lower()}; it cannot become "
            f"{Project.State(state).label.lower()} from there."
        )
    locked.state = state
    locked.save(update_fields=["state", "updated_at"])
    return locked


def _check(terms: Terms) -> None:
    faults: dict[str, list[str]] = {}
    if not terms.name.strip():
        faults["name"] = ["must be given"]
    if not 0 < terms.max_error_rate <= WORST_ERROR_RATE:
        faults["max_error_rate"] = ["must lie above 0 and be at most 0.5 (50 %)"]
    if not LEAST_CONFIDENCE <= terms.confidence < 1:
        faults["confidence"] = ["must be at least 0.5 and below 1"]
    if faults:
        name, messages = next(iter(faults.items()))
        raise Invalid(f"The project's terms are not valid: {name} {messages[0]}.", fields=faults)


def _free_slug(name: str) -> str:
    stem = slugify(name)[: LONGEST_SLUG - 5] or f"project-{timezone.now():%Y%m%d}"
    taken = set(Project.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    number, slug = 1, stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
