"""Every page opens for whom it is meant, and is as good as absent for everybody else."""

from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse

from apps.accounts.models import User
from apps.accounts.services import issue_token
from apps.deliveries.models import Delivery
from apps.operations.models import Task
from apps.operations.services.leasing import claim
from apps.operations.services.reviewing import accept, submit
from apps.portal.urls import urlpatterns
from apps.projects.access import may
from apps.scenes.models import ImportedFile, RecordingImport
from apps.workforce.selectors import qualified_modalities
from tests.factories.accounts import make_admin
from tests.factories.operations import World, make_task, make_world
from tests.factories.scenes import make_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def browser(person: User | None) -> Browser:
    client = Browser()
    if person is not None:
        client.force_login(person)
    return client


@dataclass(frozen=True)
class Address:
    """A page of the world, and the roles that may open it."""

    name: str
    args: tuple[object, ...]
    roles: frozenset[str]

    @property
    def path(self) -> str:
        return reverse(f"portal:{self.name}", args=self.args)


ANY = frozenset({"customer", "manager", "annotator", "reviewer", "stranger", "admin"})
MEMBERS = ANY - {"stranger"}
STAFF = MEMBERS - {"customer"}
ORDERING = frozenset({"customer", "manager", "admin"})
STEERING = frozenset({"manager", "admin"})


def pages(world: World) -> list[Address]:
    slug = world.project.slug
    one = RecordingImport.objects.create(project=world.project, started_by=world.customer)
    ImportedFile.objects.create(
        recording_import=one, path="a.bin", state="failed", problem="is cut off", mend="Copy it."
    )
    delivery = Delivery.objects.create(project=world.project, number=1, formats=["kitti"])
    return [
        Address("delivery", (delivery.pk,), ORDERING),
        Address("home", (), ANY),
        Address("home_as", ("customer",), frozenset({"customer", "stranger"})),
        Address("home_as", ("annotator",), frozenset({"annotator"})),
        Address("home_as", ("reviewer",), frozenset({"reviewer"})),
        Address("home_as", ("manager",), STEERING),
        Address("home_as", ("admin",), frozenset({"admin"})),
        Address("profile", (), ANY),
        Address("tokens", (), ANY),
        Address("projects", (), ANY),
        Address("project", (slug,), MEMBERS),
        Address("scenes", (slug,), MEMBERS),
        Address("guideline", (slug,), MEMBERS),
        Address("project_people", (slug,), STEERING),
        Address("findings", (slug,), STAFF),
        Address("project_deliveries", (slug,), ORDERING),
        Address("imports", (slug,), ORDERING),
        Address("upload", (slug,), ORDERING),
        Address("import", (one.pk,), ORDERING),
        Address("scene", (world.scene.pk,), MEMBERS),
        Address("journal", (world.scene.pk,), STAFF),
        Address("tasks", (), STEERING),
        Address("task", (world.task.pk,), STAFF),
        Address("history", (), ANY),
        Address("people", (), STEERING),
        Address("person", (world.annotator.pk,), STEERING),
        Address("style", (), ANY),
    ]


ACTIONS = {
    "add_token": (),
    "drop_token": (1,),
    "change_tasks": (),
    "next_task": ("label",),
    "take": (1,),
    "cancel_import": (1,),
    "retry_import": (1,),
    "qualify": (1,),
    "availability": (1,),
    "change_staff": ("x",),
    "move_project": ("x",),
    "make_delivery": ("x",),
    "stop_delivery": (1,),
}
OTHERWISE_TESTED = {"order", "order_step", "work"}


def test_every_page_opens_for_its_roles_and_for_nobody_else(world: World) -> None:
    people = {
        "customer": world.customer,
        "manager": world.manager,
        "annotator": world.annotator,
        "reviewer": world.reviewer,
        "stranger": world.stranger,
        "admin": make_admin(),
    }
    wrong = [
        (address.path, role, status)
        for address in pages(world)
        for role, person in people.items()
        if (status := browser(person).get(address.path).status_code)
        != (200 if role in address.roles else 404)
    ]

    assert wrong == []


def test_no_page_opens_for_somebody_who_is_not_signed_in(world: World) -> None:
    paths = [address.path for address in pages(world)]

    assert {browser(None).get(path).status_code for path in paths} == {302}


def test_every_address_is_tested(world: World) -> None:
    named = {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)}

    assert named == {page.name for page in pages(world)} | set(ACTIONS) | OTHERWISE_TESTED


@pytest.mark.parametrize(("name", "args"), ACTIONS.items())
def test_actions_are_not_begun_by_following_a_link(
    world: World, name: str, args: tuple[object, ...]
) -> None:
    answer = browser(world.manager).get(reverse(f"portal:{name}", args=args))

    assert answer.status_code == 405


@pytest.mark.parametrize("name", ["home", "projects", "scenes", "tasks", "people"])
def test_lists_cost_the_same_for_one_row_and_for_many(world: World, name: str) -> None:
    path = reverse(f"portal:{name}", args=[world.project.slug] if name == "scenes" else [])
    client = browser(world.manager)
    client.get(path)
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    for _ in range(4):
        make_task(make_scene(world.project))
    with CaptureQueriesContext(connection) as many:
        client.get(path)

    assert len(many) == len(one)


def test_the_workspace_is_not_entered_without_a_lease(world: World) -> None:
    answer = browser(world.annotator).get(reverse("portal:work", args=[world.task.pk]))

    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("portal:task", args=[world.task.pk])


def test_taking_a_task_opens_the_workspace_with_its_lease(world: World) -> None:
    client = browser(world.annotator)

    taken = client.post(reverse("portal:next_task", args=["label"]), follow=True)

    world.task.refresh_from_db()
    assert world.task.state == Task.State.LEASED
    assert taken.redirect_chain[-1][0] == reverse("portal:work", args=[world.task.pk])
    assert f'data-task="{world.task.pk}"' in taken.content.decode()
    assert 'data-mode="label"' in taken.content.decode()


def test_a_stranger_cannot_look_into_the_workspace(world: World) -> None:
    path = reverse("portal:work", args=[world.task.pk]) + "?view=1"

    assert browser(world.stranger).get(path).status_code == 404
    assert browser(world.customer).get(path).status_code == 404
    assert 'data-mode="view"' in browser(world.manager).get(path).content.decode()


def test_a_manager_assigns_tasks_at_once(world: World) -> None:
    second = make_task(make_scene(world.project))
    form = {"task": [world.task.pk, second.pk], "do": "assign", "to": world.annotator.pk}

    browser(world.manager).post(reverse("portal:change_tasks"), form)

    kept = Task.objects.filter(reserved_for=world.annotator)
    assert set(kept) == {world.task, second}


def test_nobody_assigns_tasks_of_a_project_that_they_do_not_steer(world: World) -> None:
    form = {"task": [world.task.pk], "do": "priority", "priority": 5}

    answer = browser(world.reviewer).post(reverse("portal:change_tasks"), form)

    world.task.refresh_from_db()
    assert answer.status_code == 404
    assert world.task.priority == 0


def test_what_cannot_be_done_is_said_and_changes_nothing(world: World) -> None:
    form = {"task": [world.task.pk], "do": "assign", "to": world.customer.pk}

    answer = browser(world.manager).post(reverse("portal:change_tasks"), form, follow=True)

    world.task.refresh_from_db()
    assert "cannot label" in answer.content.decode()
    assert world.task.reserved_for is None


def test_a_new_token_is_shown_once(world: World) -> None:
    client = browser(world.customer)
    made = client.post(
        reverse("portal:add_token"), {"name": "nightly", "days": "90"}, follow=True
    ).content.decode()

    assert "cpat_" in made
    assert "never shown again" not in client.get(reverse("portal:tokens")).content.decode()


def test_nobody_revokes_the_token_of_another(world: World) -> None:
    token, _ = issue_token(world.customer, name="mine")

    answer = browser(world.manager).post(reverse("portal:drop_token", args=[token.pk]))

    token.refresh_from_db()
    assert answer.status_code == 404
    assert token.revoked_at is None


def test_a_manager_staffs_a_project(world: World) -> None:
    client = browser(world.manager)
    path = reverse("portal:change_staff", args=[world.project.slug])

    client.post(path, {"person": world.annotator.pk, "role": "reviewer", "do": "give"})
    assert may(world.annotator, "review_project", world.project)
    client.post(path, {"person": world.annotator.pk, "role": "reviewer", "do": "take"})

    assert not may(world.annotator, "review_project", world.project)
    assert may(world.annotator, "label_project", world.project)


def test_nobody_staffs_a_project_that_they_do_not_steer(world: World) -> None:
    path = reverse("portal:change_staff", args=[world.project.slug])
    form = {"person": world.annotator.pk, "role": "reviewer", "do": "give"}

    for person in (world.customer, world.annotator, world.reviewer, world.stranger):
        assert browser(person).post(path, form).status_code == 404

    assert not may(world.annotator, "review_project", world.project)


def test_a_manager_qualifies_people_and_takes_it_back(world: World) -> None:
    client = browser(world.manager)
    path = reverse("portal:qualify", args=[world.annotator.pk])
    form = {"kind": "review", "modality": "lidar"}

    client.post(path, form)
    assert "lidar" in qualified_modalities(world.annotator, "review")
    client.post(path, form | {"do": "take"})

    assert "lidar" not in qualified_modalities(world.annotator, "review")


def test_people_change_their_own_availability_only(world: World) -> None:
    form = {"hours_per_week": "12", "time_zone": "Europe/Berlin"}
    own = reverse("portal:availability", args=[world.annotator.pk])
    of_another = reverse("portal:availability", args=[world.reviewer.pk])

    assert browser(world.annotator).post(own, form).status_code == 302
    assert browser(world.annotator).post(of_another, form).status_code == 404

    world.annotator.refresh_from_db()
    assert world.annotator.availability.hours_per_week == 12
    assert not hasattr(User.objects.get(pk=world.reviewer.pk), "availability")


def test_a_customer_looks_at_what_was_accepted_and_at_nothing_before(world: World) -> None:
    client = browser(world.customer)
    task = claim(world.task, by=world.annotator)
    submit(task, by=world.annotator, lease_token=task.lease_token, version=0)
    review = claim(Task.objects.get(kind="review"), by=world.reviewer)
    shell = reverse("portal:work", args=[review.pk]) + "?view=1"
    document = f"/api/v1/tasks/{review.pk}/doc/"
    assert {client.get(path).status_code for path in (shell, document)} == {404}

    accept(review, by=world.reviewer, lease_token=review.lease_token, version=0)

    assert {client.get(path).status_code for path in (shell, document)} == {200}
    assert client.get(document).json()["mode"] == "view"
    assert client.post(f"/api/v1/tasks/{review.pk}/ops/").status_code == 404
    assert client.get(f"/api/v1/tasks/{task.pk}/doc/").status_code == 404
    assert browser(world.stranger).get(document).status_code == 404
