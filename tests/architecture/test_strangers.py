"""Nobody reaches what is another tenant's: every address, every method, as nobody and as strangers.

A new address is walked as soon as it exists. Where its parameters cannot be guessed from its view's
table or from their names, the test says so: then name them in `KNOWN`.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldError
from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from rest_framework.test import APIClient

from apps.accounts.models import AccessToken, User
from apps.projects.models import Project
from tests.architecture.foreign import MARK, make_foreign_world
from tests.architecture.routes import Route, routes
from tests.factories.accounts import make_admin
from tests.factories.operations import World, make_world

OWN_APPS = {config.label for config in apps.get_app_configs() if config.name.startswith("apps.")}

# How the tables hang on a project.
PATHS_TO_PROJECT = (
    "project",
    "scene__project",
    "task__scene__project",
    "recording_import__project",
)
# Open to everybody by their nature: signing in, being well, describing the API; no tenant's data.
PUBLIC_FOLDERS = ("accounts/", "admin/")
PUBLIC = {"healthz", "api:schema", "api:docs"}

# Parameters that are no ids: (route, parameter) or parameter alone -> a value that exists.
KNOWN: dict[str | tuple[str, str], Callable[[World], Any]] = {
    "slug": lambda world: world.project.slug,
    "project_slug": lambda world: world.project.slug,
    "role": lambda world: "admin",
    "step": lambda world: "what",
    "kind": lambda world: "label",
    # Customers show up on no page of people.
    "person_id": lambda world: world.annotator.pk,
    # The name of a file says nothing: its signed link opens it, and nothing else does.
    "sha256": lambda world: "0" * 64,
    "extension": lambda world: "bin",
}
MODEL_OF_WORD = {
    "import": "recordingimport",
    "token": "accesstoken",
    "person": "user",
    "document": "scene",
}


@dataclass(frozen=True)
class Strangers:
    """A foreign tenant, and people who could see things like its, but not its own."""

    foreign: World
    people: dict[str, User]


@pytest.fixture
def strangers(db) -> Strangers:
    foreign = make_foreign_world()
    own = make_world("own")
    people = {
        "customer": own.customer,
        "annotator": own.annotator,
        "reviewer": own.reviewer,
    }
    return Strangers(foreign, people)


def is_public(route: Route) -> bool:
    return route.name in PUBLIC or route.pattern.startswith(PUBLIC_FOLDERS)


def walked() -> list[Route]:
    return [route for route in routes() if not is_public(route)]


def own_models() -> dict[str, type[Model]]:
    return {
        model._meta.model_name or "": model
        for model in apps.get_models()
        if model._meta.app_label in OWN_APPS
    }


def foreign_value(route: Route, parameter: str, world: World) -> Any:
    """What stands for a parameter: the foreign tenant's first row of the table it names.

    Raises:
        LookupError: If it names none, or the foreign tenant has no such row.
    """
    known = KNOWN.get((route.name, parameter), KNOWN.get(parameter))
    if known is not None:
        return known(world)
    word = parameter.removesuffix("_id").removesuffix("_pk")
    model = own_models().get(MODEL_OF_WORD.get(word, word))
    if parameter == "pk":
        model = route.model
    if model is None:
        raise LookupError(f"{route.name}: what is “{parameter}”? Name it in KNOWN.")
    if model is Project:
        return world.project.pk
    # The foreign world is made first: its rows are the first ones.
    first = model._default_manager.order_by("pk").first()
    if first is None:
        raise LookupError(f"{route.name}: the foreign tenant has no {model.__name__}; make one.")
    return first.pk


def address(route: Route, world: World) -> str:
    values = {name: foreign_value(route, name, world) for name in route.parameters}
    return reverse(route.name, kwargs=values)


def body_naming(world: World, *, by: User | None) -> dict[str, Any]:
    """A body that passes the forms of every address, and names the foreign tenant wherever it can.

    A form that refuses it before the rights are asked shows up as a 400: add its fields here.
    """
    return {
        "client_id": world.client.pk,
        "project": world.project.pk,
        "team_id": 1,
        "project_id": world.project.pk,
        "scene_id": world.scene.pk,
        "scene_ids": [],
        "task_id": world.task.pk,
        "task_ids": [world.task.pk],
        "slug": world.project.slug,
        "user_id": by.pk if by else 1,
        "name": "mine",
        "title": "mine",
        "display_name": "me",
        "lease_token": 1,
        "version": 0,
        "base_version": 0,
        "changesets": [],
        "priority": 3,
        "note": "mine",
        "message": "mine",
        "reason": "because",
        "severity": "error",
        "action": "waive",
        "kind": "label",
        "modality": "lidar",
        "role": "annotator",
        "hours_per_week": 1,
        "document": {},
        "clauses": [],
        "formats": ["kitti"],
    }


def asked(client: APIClient, method: str, path: str, *, body: dict[str, Any]) -> Any:
    if method == "get":
        return client.get(path)
    return getattr(client, method)(path, data=json.dumps(body), content_type="application/json")


def foreign_rows(strangers: Strangers) -> dict[str, list[dict[str, Any]]]:
    """The rows of the foreign tenant, and whatever hangs on its project, client or task since."""
    world = strangers.foreign
    return {
        "client": list(type(world.client).objects.filter(pk=world.client.pk).values()),
        "projects": list(Project.objects.filter(client=world.client).values()),
        **{
            name: list(model._default_manager.filter(**{path: world.project.pk}).values())
            for name, model in own_models().items()
            for path in PATHS_TO_PROJECT
            if leads_to_project(model, path)
        },
    }


def leads_to_project(model: type[Model], path: str) -> bool:
    try:
        model._default_manager.filter(**{path: 0})
    except FieldError:
        return False
    return True


def signed_in(person: User | None) -> APIClient:
    client = APIClient()
    if person is not None:
        client.force_login(person)
    return client


def text_of(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8", "replace") + str(dict(answer.headers))


def test_every_address_is_known(strangers):
    unknown = []
    for route in walked():
        try:
            address(route, strangers.foreign)
        except (LookupError, NoReverseMatch) as error:
            unknown.append(str(error))

    assert unknown == []


def test_nobody_gets_nothing(strangers):
    let_in = []
    for route in walked():
        path = address(route, strangers.foreign)
        for method in route.methods:
            body = body_naming(strangers.foreign, by=None)
            answer = asked(signed_in(None), method, path, body=body)
            if not refuses_nobody(route, answer):
                let_in.append(f"{method} {path} ({route.name}): {answer.status_code}")

    assert let_in == []


def refuses_nobody(route: Route, answer: Any) -> bool:
    if answer.status_code in {401, 403, 404, 405}:
        return True
    to_login = answer.status_code == 302 and answer["Location"].startswith(
        reverse(settings.LOGIN_URL)
    )
    return to_login and not route.is_api


@pytest.mark.parametrize("role", ["customer", "annotator", "reviewer"])
def test_a_stranger_is_told_that_it_does_not_exist(strangers, role):
    client = signed_in(strangers.people[role])
    body = body_naming(strangers.foreign, by=strangers.people[role])
    let_in = []
    for route in walked():
        if not any(is_id(route, name) for name in route.parameters):
            continue
        path = address(route, strangers.foreign)
        for method in route.methods:
            status = asked(client, method, path, body=body).status_code
            if status not in {403, 404, 405}:
                let_in.append(f"{method} {path} ({route.name}): {status}")

    assert let_in == []


def is_id(route: Route, parameter: str) -> bool:
    """Whether a parameter points at something of a tenant (a role or a step of a form does not)."""
    return parameter in {"slug", "project_slug", "pk"} or (
        parameter not in KNOWN and (route.name, parameter) not in KNOWN
    )


@pytest.mark.parametrize("role", ["customer", "annotator", "reviewer"])
def test_no_list_names_what_is_foreign(strangers, role):
    client = signed_in(strangers.people[role])
    leaks = []
    for route in walked():
        if any(is_id(route, name) for name in route.parameters) or "get" not in route.methods:
            continue
        path = address(route, strangers.foreign)
        answer = client.get(path)
        if answer.status_code >= 500 or MARK in text_of(answer):
            leaks.append(f"get {path} ({route.name}): {answer.status_code}")

    assert leaks == []


@pytest.mark.parametrize("role", ["customer", "annotator", "reviewer"])
def test_no_body_reaches_what_is_foreign(strangers, role):
    client = signed_in(strangers.people[role])
    body = body_naming(strangers.foreign, by=strangers.people[role])
    before = foreign_rows(strangers)
    leaks = []
    for route in walked():
        path = address(route, strangers.foreign)
        for method in set(route.methods) - {"get"}:
            answer = asked(client, method, path, body=body)
            if answer.status_code >= 500 or MARK in text_of(answer):
                leaks.append(f"{method} {path} ({route.name}): {answer.status_code}")

    assert leaks == []
    assert foreign_rows(strangers) == before
    assert before["task"]


def test_the_foreign_ids_are_real(strangers):
    """Without this the walk could pass on addresses that lead nowhere."""
    everything = signed_in(make_admin())
    owner = signed_in(strangers.foreign.customer)
    nowhere = []
    for route in walked():
        if "get" not in route.methods or not route.parameters:
            continue
        path = address(route, strangers.foreign)
        statuses = {client.get(path).status_code for client in (everything, owner)}
        if statuses == {404}:
            nowhere.append(f"get {path} ({route.name})")

    assert nowhere == []


def test_the_admin_is_for_the_staff(strangers):
    client = signed_in(strangers.people["customer"])
    let_in = [
        route.name
        for route in routes()
        if route.pattern.startswith("admin/")
        and not route.parameters
        and route.name not in {"admin:login", "admin:logout", "admin:jsi18n"}
        and client.get(reverse(route.name)).status_code != 302
    ]

    assert let_in == []


def test_a_tokens_secret_is_in_no_answer(strangers):
    stored = AccessToken.objects.get().token_sha256

    answer = signed_in(strangers.foreign.customer).get("/api/v1/access-tokens/")

    assert answer.status_code == 200
    assert stored not in text_of(answer)
