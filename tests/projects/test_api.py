"""Projects through the API: ordered, steered, staffed, and how they stand."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.operations.services.leasing import claim
from apps.projects.models import Project
from tests.factories.accounts import make_admin, make_person
from tests.factories.operations import make_task, make_world
from tests.factories.projects import make_project
from tests.factories.scenes import make_scene
from tests.factories.workforce import make_annotator

pytestmark = pytest.mark.django_db

PROJECTS = "/api/v1/projects/"


@pytest.fixture
def world(db):
    return make_world()


def order(client, **values):
    return {"client_id": client.pk, "name": "Night drives", **values}


def test_a_customer_orders_a_project(api, world):
    answer = api(world.customer).post(
        PROJECTS,
        order(
            world.client,
            class_keys=["car", "pedestrian"],
            modalities=["lidar", "camera"],
            instructions="Label parked cars too.",
            max_error_rate=0.01,
            confidence=0.99,
            due_on="2031-05-01",
        ),
    )

    assert answer.status_code == 201
    said = answer.json()
    assert (said["slug"], said["state"], said["client_name"]) == (
        "night-drives",
        "ordered",
        "Client",
    )
    project = Project.objects.get(pk=said["id"])
    assert (project.ordered_by, project.max_error_rate) == (world.customer, 0.01)
    assert [stage.kind for stage in project.stages.all()] == ["label", "review"]
    version = project.guideline_versions.get()
    assert (version.number, version.state) == (1, "published")
    assert version.clauses.last().body_md == "Label parked cars too."
    seen = api(world.manager).get(PROJECTS).json()["results"]
    assert said["id"] in [one["id"] for one in seen]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"max_error_rate": 0}, "max_error_rate"),
        ({"confidence": 1}, "confidence"),
        ({"template_key": "sea"}, "template"),
        ({"class_keys": ["tank"]}, "classes"),
        ({"modalities": ["sonar"]}, "modalities"),
        ({"due_on": "soon"}, "due_on"),
    ],
)
def test_a_wrong_order_is_refused_with_its_field(api, world, values, field):
    answer = api(world.customer).post(PROJECTS, order(world.client, **values))

    assert answer.status_code in {400, 422}
    assert list(answer.json()["fields"]) == [field]
    assert Project.objects.count() == 1


def test_a_name_is_taken_once_and_a_slug_is_made_free(api, world):
    customer = api(world.customer)
    first = customer.post(PROJECTS, order(world.client))
    again = customer.post(PROJECTS, order(world.client))
    other = api(world.stranger).post(
        PROJECTS, {"client_id": clients_of(api, world.stranger)[0], "name": "Night drives"}
    )

    assert (first.status_code, again.status_code, other.status_code) == (201, 409, 201)
    assert other.json()["slug"] == "night-drives-2"


def clients_of(api, person):
    return [one["id"] for one in api(person).get("/api/v1/clients/").json()["results"]]


def test_nobody_orders_for_a_foreign_client(api, world):
    for person in (world.stranger, world.annotator, make_person("new")):
        answer = api(person).post(PROJECTS, order(world.client))

        assert answer.status_code == 404


def test_a_manager_moves_it_through_its_states(api, world):
    project = make_project(world.client, active=False)
    boss = api(world.manager)

    said = [
        boss.post(f"{PROJECTS}{project.pk}/{step}/")
        for step in ("pause", "activate", "pause", "activate", "close", "pause")
    ]

    assert [one.status_code for one in said] == [409, 200, 200, 200, 200, 409]
    assert "is ordered; it cannot become paused" in said[0].json()["detail"]
    assert said[4].json()["state"] == "closed"


def test_terms_are_changed_by_managers_only(api, world):
    path = f"{PROJECTS}{world.project.pk}/"

    done = api(world.manager).patch(path, {"max_error_rate": 0.05})
    wrong = api(world.manager).patch(path, {"max_error_rate": 0.9})
    refused = api(world.customer).patch(path, {"max_error_rate": 0.5})

    assert (done.status_code, done.json()["max_error_rate"]) == (200, 0.05)
    assert done.json()["name"] == world.project.name
    assert (wrong.status_code, refused.status_code) == (422, 403)


def test_a_customer_sees_progress_and_not_the_board(api, world):
    make_task(make_scene(world.project))
    claim(world.task, by=world.annotator)

    progress = api(world.customer).get(f"{PROJECTS}{world.project.pk}/progress/")
    board = api(world.customer).get(f"{PROJECTS}{world.project.pk}/board/")

    assert progress.status_code == 200
    assert progress.json()["scenes"] == {
        "waiting": 0,
        "labelling": 2,
        "reviewing": 0,
        "accepted": 0,
        "delivered": 0,
    }
    assert "Annotator" not in progress.content.decode()
    assert board.status_code == 403


def test_a_manager_sees_the_board(api, world):
    claim(world.task, by=world.annotator)

    board = api(world.manager).get(f"{PROJECTS}{world.project.pk}/board/").json()

    assert board["queues"]["label"] == {"waiting": 0, "kept": 0, "leased": 1, "expired": 0}
    assert [one["person_name"] for one in board["in_work"]] == ["Annotator"]
    assert board["open_findings"] == {"info": 0, "warning": 0, "error": 0}


def test_a_manager_sees_who_could_do_what(api, world):
    away = make_annotator(world.project, "away")
    api(away).put(
        f"/api/v1/people/{away.pk}/availability/",
        {"away_until": str(timezone.localdate() + timedelta(days=3))},
    )
    claim(world.task, by=world.annotator)

    rows = api(world.manager).get(f"{PROJECTS}{world.project.pk}/people/").json()["results"]

    said = {
        row["person"]["name"]: (row["may"], row["qualified_for"], row["load"]["in_work"])
        for row in rows
    }
    assert said == {
        "Annotator": (["label"], ["label"], 1),
        "Away": (["label"], ["label"], 0),
        "Reviewer": (["review"], ["review"], 0),
    }
    assert [row["person"]["name"] for row in rows if row["person"]["is_away"]] == ["Away"]
    assert api(world.customer).get(f"{PROJECTS}{world.project.pk}/people/").status_code == 403


def test_a_manager_gives_and_takes_roles(api, world):
    path = f"{PROJECTS}{world.project.pk}/people/"
    boss = api(world.manager)
    body = {"user_id": world.annotator.pk, "role": "reviewer"}

    given = boss.post(path, body)
    rights = {row["person"]["name"]: row["may"] for row in boss.get(path).json()["results"]}
    taken = boss.delete(path, body)
    customer = boss.post(path, {"user_id": world.customer.pk, "role": "annotator"})
    role = boss.post(path, {"user_id": world.annotator.pk, "role": "customer"})

    assert (given.status_code, taken.status_code) == (204, 204)
    assert rights["Annotator"] == ["label", "review"]
    assert (customer.status_code, role.status_code) == (404, 400)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""),
        ("patch", ""),
        ("post", "activate/"),
        ("post", "pause/"),
        ("post", "close/"),
        ("get", "progress/"),
        ("get", "board/"),
        ("get", "people/"),
        ("post", "people/"),
        ("delete", "people/"),
    ],
)
def test_a_stranger_finds_no_project(api, world, method, path):
    for person in (world.stranger, make_person("new")):
        answer = getattr(api(person), method)(f"{PROJECTS}{world.project.pk}/{path}")

        assert answer.status_code == 404
        assert world.project.name not in answer.content.decode()


def test_lists_and_boards_take_as_many_queries_for_one_as_for_many(
    api, world, django_assert_max_num_queries
):
    boss = api(world.manager)
    paths = (
        PROJECTS,
        f"{PROJECTS}{world.project.pk}/board/",
        f"{PROJECTS}{world.project.pk}/people/",
    )
    boss.get(PROJECTS)

    def counted():
        said = []
        for path in paths:
            with django_assert_max_num_queries(20) as queries:
                assert boss.get(path).status_code == 200
            said.append(len(queries))
        return said

    few = counted()
    make_project(world.client)
    claim(world.task, by=world.annotator)
    for name in ("bo", "cy"):
        claim(make_task(make_scene(world.project)), by=make_annotator(world.project, name))

    assert counted() == few


def test_clients_are_taken_on_by_those_who_run_the_portal(api, world):
    done = api(make_admin()).post("/api/v1/clients/", {"name": "Åkerö Robotics"})
    again = api(make_admin("root2")).post("/api/v1/clients/", {"name": "åkerö robotics"})
    refused = api(world.manager).post("/api/v1/clients/", {"name": "Mine"})

    assert (done.status_code, done.json()["slug"]) == (201, "akero-robotics")
    assert again.status_code == 409
    assert refused.status_code == 403
    assert clients_of(api, world.customer) == [world.client.pk]
