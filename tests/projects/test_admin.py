"""The admin: every page opens, records cannot be changed, actions go through the services."""

import pytest
from django.contrib import admin
from django.urls import reverse

from apps.annotation.models import SceneDocument
from apps.core.models import JobRun
from apps.operations.models import Task
from apps.operations.services.leasing import claim
from apps.projects.models import Project
from apps.quality.models import Finding
from tests.factories.accounts import make_admin, make_person
from tests.factories.operations import make_task, make_world
from tests.factories.projects import make_project
from tests.factories.scenes import make_scene
from tests.factories.workforce import make_team

# The theme's templates ask for variables that need not exist.
pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

RECORDS = (
    "operations_task",
    "operations_taskevent",
    "guidelines_guidelineversion",
    "quality_finding",
    "scenes_scene",
    "scenes_calibration",
    "annotation_changeset",
    "annotation_scenedocument",
    "deliveries_delivery",
    "core_jobrun",
)


@pytest.fixture
def world(db):
    made = make_world()
    claim(made.task, by=made.annotator)
    make_team("North", made.annotator)
    SceneDocument.objects.create(scene=made.scene)
    Finding.objects.create(
        scene=made.scene,
        check_id="pts.few",
        stable_key="k",
        severity="error",
        blocking=True,
        message="it holds no point",
        opened_in_version=0,
    )
    JobRun.objects.create(kind="import", task_name="x", state="failed", message="No disk space.")
    return made


@pytest.fixture
def root(client):
    client.force_login(make_admin())
    return client


def ours():
    return [model for model in admin.site._registry if model.__module__.startswith("apps.")]


@pytest.mark.parametrize("model", ours(), ids=lambda model: model._meta.label_lower)
def test_every_list_and_page_opens(root, world, model):
    stem = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    listed = root.get(reverse(f"{stem}_changelist"))
    searched = root.get(reverse(f"{stem}_changelist"), {"q": "north"})
    row = model._default_manager.first()

    assert (listed.status_code, searched.status_code) == (200, 200)
    if row is not None:
        assert root.get(reverse(f"{stem}_change", args=[row.pk])).status_code == 200


def test_every_table_of_the_house_has_a_page():
    named = {model._meta.label_lower for model in ours()}

    assert {
        "clients.client",
        "projects.project",
        "operations.task",
        "annotation.changeset",
        "quality.finding",
        "scenes.calibration",
        "deliveries.delivery",
        "core.jobrun",
    } <= named


@pytest.mark.parametrize("name", RECORDS)
def test_records_are_neither_added_nor_changed_nor_deleted(root, world, rf, name):
    request = rf.get("/")
    request.user = make_admin("second")
    page = next(
        page
        for model, page in admin.site._registry.items()
        if f"{model._meta.app_label}_{model._meta.model_name}" == name
    )
    row = page.model._default_manager.first()

    assert not page.has_add_permission(request)
    assert not page.has_change_permission(request, row)
    assert not page.has_delete_permission(request, row)
    assert page.has_view_permission(request, row)


def test_a_project_is_put_into_production_and_a_refusal_is_told(root, world):
    ordered = make_project(world.client, name="Ordered", active=False)
    path = reverse("admin:projects_project_changelist")

    done = root.post(
        path,
        {"action": "put_into_production", "_selected_action": [ordered.pk, world.project.pk]},
        follow=True,
    )

    said = [str(message) for message in done.context["messages"]]
    assert Project.objects.get(pk=ordered.pk).state == "active"
    assert "“Ordered” is in production." in said
    assert any("cannot become in production from there" in one for one in said)


def test_a_task_is_given_back_to_everybody(root, world):
    root.post(
        reverse("admin:operations_task_changelist"),
        {"action": "give_back", "_selected_action": [world.task.pk]},
    )

    task = Task.objects.get(pk=world.task.pk)
    assert (task.state, task.assignee) == ("open", None)


def test_object_permissions_are_managed_on_projects_and_clients(root, world):
    for name, row in (("projects_project", world.project), ("clients_client", world.client)):
        page = root.get(reverse(f"admin:{name}_permissions", args=[row.pk]))

        assert page.status_code == 200
        assert "Customer" in page.content.decode()


def test_staff_without_rights_see_the_overview_and_no_table(client, world):
    client.force_login(make_person("clerk", is_staff=True))

    overview = client.get(reverse("admin:index"))

    assert overview.status_code == 200
    assert world.project.name not in overview.content.decode()
    assert client.get(reverse("admin:operations_task_changelist")).status_code == 403


def test_the_overview_takes_as_many_queries_for_one_project_as_for_many(
    root, world, django_assert_max_num_queries
):
    root.get(reverse("admin:index"))
    with django_assert_max_num_queries(25) as few:
        page = root.get(reverse("admin:index"))
    for _ in range(3):
        make_task(make_scene(make_project(world.client)))

    with django_assert_max_num_queries(25) as many:
        root.get(reverse("admin:index"))

    assert len(few) == len(many)
    assert world.project.name in page.content.decode()
    assert "No disk space." in page.content.decode()
