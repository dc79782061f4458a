"""Who works: roles, qualifications, availability; for those who staff."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import User
from apps.core.errors import PortalError
from apps.modalities.registry import registry
from apps.portal.asking import cut, kept, project_seen_by, visitor
from apps.portal.forms import AvailabilityForm, availability_form
from apps.portal.selectors.board import on_their_hands, steered_projects
from apps.portal.selectors.tasks import own_history, own_yield
from apps.projects.access import Role, grant, revoke
from apps.workforce.models import Qualification
from apps.workforce.selectors import people_seen_by, roster, staffs_people, steers_everything
from apps.workforce.services import disqualify, qualify, set_availability

LAST = 8
WORKING_ROLES = (Role.ANNOTATOR, Role.REVIEWER)


class StaffForm(forms.Form):
    """Who gets, or gives back, which role."""

    person = forms.IntegerField()
    role = forms.ChoiceField(choices=[(role.value, role.label) for role in WORKING_ROLES])


class QualifyForm(forms.Form):
    """What a person can do from now on."""

    kind = forms.ChoiceField(label="To", choices=Qualification.Kind.choices)
    modality = forms.ChoiceField(label="Sensor")
    until = forms.DateField(
        label="Until (may be empty)",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["modality"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(key, one.label) for key, one in registry().by_key.items()]


@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everyone who can work, as far as a person may know."""
    person = visitor(request)
    if not staffs_people(person):
        raise Http404
    said = kept(request, "q")
    rows = on_their_hands(people_seen_by(person), projects=steered_projects(person))
    if said["q"]:
        rows = rows.filter(display_name__icontains=said["q"])
    context = {"page": cut(request, rows), "said": said, "today": timezone.localdate()}
    return render(request, "portal/people/list.html", context)


@login_required
@require_safe
def person_page(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person: what they can do, how much of them there is, what they did."""
    asking = visitor(request)
    shown = _seen_by(asking, person_id)
    context = {
        "shown": shown,
        "record": own_yield(shown),
        "history": own_history(shown).filter(project__in=steered_projects(asking))[:LAST],
        "may_change": steers_everything(asking),
        "qualify_form": QualifyForm(),
        "availability_form": availability_form(shown),
        "today": timezone.localdate(),
    }
    return render(request, "portal/people/detail.html", context)


@login_required
@require_POST
def change_qualification(request: HttpRequest, person_id: int) -> HttpResponse:
    """Qualify a person for a sensor, or take a qualification back."""
    asking = visitor(request)
    shown = _seen_by(asking, person_id, to_change=True)
    form = QualifyForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose the work and the sensor.")
        return redirect("portal:person", shown.pk)
    said = form.cleaned_data
    if request.POST.get("do") == "take":
        disqualify(shown, modalities=[said["modality"]], kind=said["kind"])
        messages.success(request, f"{shown.name} does not {said['kind']} {said['modality']} now.")
        return redirect("portal:person", shown.pk)
    until = said["until"]
    expires_at = timezone.make_aware(datetime.combine(until, time.max)) if until else None
    try:
        qualify(
            shown,
            modalities=[said["modality"]],
            kind=said["kind"],
            expires_at=expires_at,
            by=asking,
        )
    except PortalError as error:
        messages.error(request, error.detail)
    else:
        messages.success(request, f"{shown.name} can {said['kind']} {said['modality']} now.")
    return redirect("portal:person", shown.pk)


@login_required
@require_POST
def change_availability(request: HttpRequest, person_id: int) -> HttpResponse:
    """Say how much of a person there is: of oneself, or as a manager of anyone."""
    asking = visitor(request)
    shown = asking if asking.pk == person_id else _seen_by(asking, person_id, to_change=True)
    form = AvailabilityForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Give the hours of a week, from 0 to 168, and a time zone.")
    else:
        try:
            set_availability(shown, **form.cleaned_data)
        except PortalError as error:
            messages.error(request, error.detail)
        else:
            messages.success(request, "The availability is saved.")
    own = asking.pk == shown.pk and not staffs_people(asking)
    return redirect("portal:profile") if own else redirect("portal:person", shown.pk)


@login_required
@require_POST
def change_staff(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a person a role in a project, or take it back."""
    asking = visitor(request)
    project = project_seen_by(asking, slug, holding="manage_project")
    form = StaffForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose a person and a role.")
        return redirect("portal:project_people", project.slug)
    worker = get_object_or_404(people_seen_by(asking), pk=form.cleaned_data["person"])
    role = Role(form.cleaned_data["role"])
    if request.POST.get("do") == "take":
        revoke(worker, role, project=project)
        messages.success(request, f"{worker.name} is no longer {role.label.lower()} here.")
    else:
        grant(worker, role, project=project)
        messages.success(request, f"{worker.name} is {role.label.lower()} here.")
    return redirect("portal:project_people", project.slug)


def _seen_by(asking: User, person_id: int, *, to_change: bool = False) -> User:
    """A person whom somebody may know of, and with `to_change` whose record they may change.

    Raises:
        Http404: If they may not.
    """
    if not staffs_people(asking) or (to_change and not steers_everything(asking)):
        raise Http404
    return get_object_or_404(roster(people_seen_by(asking)), pk=person_id)
