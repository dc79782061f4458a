"""The intake form: five short steps, kept in the session until the order is sent."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.models import User
from apps.clients.access import clients_with
from apps.clients.models import Client
from apps.core.errors import PortalError
from apps.guidelines.templates import Template, template_named, templates
from apps.operations.services.ordering import Order, order_project
from apps.portal.asking import visitor
from apps.portal.words import clean_sample_size

KEPT = "order"
STEPS: tuple[tuple[str, str], ...] = (
    ("what", "What"),
    ("rules", "Classes and rules"),
    ("quality", "Quality"),
    ("date", "Date"),
    ("review", "Review"),
)
NAMES = [name for name, _ in STEPS]
FEWEST_DAYS = 1
MODALITIES = {
    "lidar": ("LiDAR", "Point clouds: cuboids in 3D."),
    "camera": ("Camera", "Images: boxes, and each cuboid projected."),
    "radar": ("Radar", "Stored with the scene; shown in the workspace later."),
}
ERROR_RATES = (
    (0.05, "Quick", "for a first look at the data"),
    (0.02, "Standard", "for training"),
    (0.01, "High", "for validation"),
    (0.005, "Highest", "for tests that decide a release"),
)
CONFIDENCES = ((0.9, "9 of 10"), (0.95, "19 of 20"), (0.99, "99 of 100"))


class WhatForm(forms.Form):
    """What is to be labelled, and for whom."""

    client = forms.ModelChoiceField(
        label="Ordered for", queryset=Client.objects.none(), empty_label=None
    )
    name = forms.CharField(
        label="Name of the project",
        max_length=200,
        help_text="As it will stand in lists, such as “Crossings, summer drives”.",
    )
    description = forms.CharField(
        label="What is in the recordings, and what are the labels for?",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    modalities = forms.MultipleChoiceField(
        label="Sensors", choices=[(key, label) for key, (label, _) in MODALITIES.items()]
    )


class RulesForm(forms.Form):
    """Which classes, by which rules."""

    template_key = forms.ChoiceField(label="Start from")
    class_keys = forms.MultipleChoiceField(label="Classes", required=True)
    instructions = forms.CharField(
        label="What must be minded besides?",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It becomes a clause of the guideline that everybody works by.",
    )

    def __init__(self, *args: Any, template: Template, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.template = template
        known = [(one.key, one.title) for one in templates()]
        classes = [(one.key, one.label) for one in template.document.taxonomy.classes]
        self.declared_choices(template_key=known, class_keys=classes)

    def declared_choices(self, **choices: list[tuple[str, str]]) -> None:
        """Offer what there is."""
        for name, offered in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = offered


class QualityForm(forms.Form):
    """How wrong the labels may be, and how sure one must be of it."""

    max_error_rate = forms.TypedChoiceField(
        label="At most this share of objects may be wrong",
        coerce=float,
        choices=[(str(rate), word) for rate, word, _ in ERROR_RATES],
    )
    confidence = forms.TypedChoiceField(
        label="How sure must we be?",
        coerce=float,
        choices=[(str(rate), words) for rate, words in CONFIDENCES],
    )


class DateForm(forms.Form):
    """Until when."""

    due_on = forms.DateField(
        label="Needed by",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Work is ordered by this date; deliveries come as scenes are accepted.",
    )

    def clean_due_on(self) -> date:
        """A date that can still be met."""
        due_on: date = self.cleaned_data["due_on"]
        if due_on < timezone.localdate() + timedelta(days=FEWEST_DAYS):
            raise forms.ValidationError("Choose a date from tomorrow on.")
        return due_on


@dataclass(frozen=True, slots=True)
class Draft:
    """What was said so far, as the session keeps it."""

    said: dict[str, Any]

    @property
    def template(self) -> Template:
        """The guideline to start from."""
        return template_named(self.said.get("template_key", templates()[0].key))

    def reached(self) -> int:
        """The first step that is not answered yet."""
        needed = ("name", "class_keys", "max_error_rate", "due_on")
        return next(
            (at for at, key in enumerate(needed) if not self.said.get(key)), len(NAMES) - 1
        )


@login_required
@require_safe
def order(request: HttpRequest) -> HttpResponse:
    """Go on where the order was left."""
    _clients(visitor(request))
    reached = Draft(request.session.get(KEPT, {})).reached()
    return redirect("portal:order_step", NAMES[reached])


@login_required
def order_step(request: HttpRequest, step: str) -> HttpResponse:
    """One step of the order; the last one sends it."""
    clients = _clients(visitor(request))
    draft = Draft(request.session.get(KEPT, {}))
    if step not in NAMES:
        raise Http404
    if NAMES.index(step) > draft.reached():
        return redirect("portal:order_step", NAMES[draft.reached()])
    if step == "review":
        return _review(request, draft, clients)
    form = _form(request, step, draft, clients)
    if request.method == "POST" and form.is_valid():
        request.session[KEPT] = draft.said | _plain(form.cleaned_data)
        return redirect("portal:order_step", NAMES[NAMES.index(step) + 1])
    return render(request, f"portal/orders/{step}.html", _frame(step, draft) | {"form": form})


def _clients(person: User) -> Any:
    clients = clients_with(person, "order_for_client")
    if not clients.exists():
        raise Http404
    return clients


def _form(request: HttpRequest, step: str, draft: Draft, clients: Any) -> forms.Form:
    posted = request.POST if request.method == "POST" else None
    initial = dict(draft.said)
    if step == "what":
        initial.setdefault("modalities", ["lidar", "camera"])
        what = WhatForm(posted, initial=initial)
        client_field = what.fields["client"]
        if isinstance(client_field, forms.ModelChoiceField):
            client_field.queryset = clients
            client_field.initial = initial.get("client") or clients.first()
        return what
    if step == "rules":
        return _rules_form(request, posted, draft)
    if step == "quality":
        return QualityForm(posted, initial={"max_error_rate": 0.02, "confidence": 0.95} | initial)
    return DateForm(posted, initial=initial)


def _rules_form(request: HttpRequest, posted: Any, draft: Draft) -> RulesForm:
    asked = (posted or request.GET).get("template_key", "")
    known = {one.key for one in templates()}
    template = template_named(asked) if asked in known else draft.template
    initial = dict(draft.said)
    if template.key != draft.said.get("template_key"):
        initial["class_keys"] = [one.key for one in template.document.taxonomy.classes]
    return RulesForm(posted, initial=initial | {"template_key": template.key}, template=template)


def _frame(step: str, draft: Draft) -> dict[str, Any]:
    at = NAMES.index(step)
    return {
        "steps": [(name, words, number < at) for number, (name, words) in enumerate(STEPS)],
        "step": step,
        "previous": NAMES[at - 1] if at else "",
        "templates": templates(),
        "modalities": [(key, *words) for key, words in MODALITIES.items()],
        "error_rates": [(str(rate), rate, *words) for rate, *words in ERROR_RATES],
        "confidences": [(str(rate), rate, words) for rate, words in CONFIDENCES],
        "draft": draft,
    }


def _plain(answers: dict[str, Any]) -> dict[str, Any]:
    """Answers as JSON holds them."""
    return {
        key: value.pk
        if isinstance(value, Client)
        else value.isoformat()
        if isinstance(value, date)
        else value
        for key, value in answers.items()
    }


def _review(request: HttpRequest, draft: Draft, clients: Any) -> HttpResponse:
    said = draft.said
    client = clients.filter(pk=said["client"]).first()
    if client is None:
        return redirect("portal:order_step", NAMES[0])
    if request.method == "POST":
        return _send(request, draft, client)
    chosen = set(said["class_keys"])
    context = _frame("review", draft) | {
        "said": said,
        "client": client,
        "due_on": date.fromisoformat(said["due_on"]),
        "classes": [one for one in draft.template.document.taxonomy.classes if one.key in chosen],
        "sample": clean_sample_size(said["max_error_rate"], said["confidence"]),
    }
    return render(request, "portal/orders/review.html", context)


def _send(request: HttpRequest, draft: Draft, client: Client) -> HttpResponse:
    said = draft.said
    wanted = Order(
        name=said["name"],
        description=said["description"],
        instructions=said["instructions"],
        template_key=said["template_key"],
        class_keys=said["class_keys"],
        modalities=said["modalities"],
        max_error_rate=said["max_error_rate"],
        confidence=said["confidence"],
        due_on=date.fromisoformat(said["due_on"]),
    )
    try:
        project = order_project(client, order=wanted, by=visitor(request))
    except PortalError as error:
        messages.error(request, error.detail)
        return redirect("portal:order_step", "review")
    del request.session[KEPT]
    messages.success(request, f"“{project}” is ordered. Upload the first recording now.")
    return redirect("portal:upload", project.slug)
