"""People and teams through the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.workforce.models import Qualification
from tests.factories.accounts import make_person
from tests.factories.operations import make_world
from tests.factories.workforce import make_annotator, make_team

pytestmark = pytest.mark.django_db

PEOPLE, TEAMS = "/api/v1/people/", "/api/v1/teams/"


@pytest.fixture
def world(db):
    return make_world()


def names(api, person):
    return {one["name"] for one in api(person).get(PEOPLE).json()["results"]}


def test_managers_see_who_works_and_never_customers(api, world):
    assert names(api, world.manager) == {"Annotator", "Reviewer", "Manager"}


@pytest.mark.parametrize("who", ["annotator", "customer", "stranger"])
def test_others_see_themselves_only(api, world, who):
    person = getattr(world, who)

    assert names(api, person) == {person.name}
    assert api(person).get(f"{PEOPLE}{world.reviewer.pk}/").status_code == 404


def test_one_says_how_much_of_oneself_there_is(api, world):
    path = f"{PEOPLE}{world.annotator.pk}/availability/"
    body = {"hours_per_week": 20, "time_zone": "Europe/Berlin", "away_until": None}

    done = api(world.annotator).put(path, body)
    by_manager = api(world.manager).put(path, {**body, "hours_per_week": 30})
    foreign = api(world.reviewer).put(path, body)

    assert done.json()["availability"] == body
    assert by_manager.json()["availability"]["hours_per_week"] == 30
    assert foreign.status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [({"hours_per_week": 200}, "hours_per_week"), ({"time_zone": "Mars/Base"}, "time_zone")],
)
def test_a_wrong_availability_is_refused_with_its_field(api, world, body, field):
    answer = api(world.annotator).put(f"{PEOPLE}{world.annotator.pk}/availability/", body)

    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]


def test_a_manager_qualifies_and_disqualifies(api, world):
    path = f"{PEOPLE}{world.annotator.pk}/"
    later = (timezone.now() + timedelta(days=90)).isoformat()
    boss = api(world.manager)

    given = boss.post(
        f"{path}qualify/", {"modalities": ["lidar"], "kind": "review", "expires_at": later}
    )
    boss.post(f"{path}disqualify/", {"modalities": ["lidar"], "kind": "label"})
    past = boss.post(
        f"{path}qualify/",
        {"modalities": ["lidar"], "kind": "review", "expires_at": "2001-01-01T00:00:00Z"},
    )
    own = api(world.annotator).post(f"{path}qualify/", {"modalities": ["dicom"], "kind": "label"})

    said = {(q["modality"], q["kind"]) for q in given.json()["qualifications"]}
    assert ("lidar", "review") in said
    assert (past.status_code, own.status_code) == (422, 403)
    held = Qualification.objects.filter(person=world.annotator, modality="lidar")
    assert [(one.kind, one.granted_by) for one in held] == [("review", world.manager)]


def test_a_manager_forms_teams(api, world):
    boss = api(world.manager)
    team = boss.post(TEAMS, {"name": "Vendor North", "kind": "vendor"}).json()
    members = f"{TEAMS}{team['id']}/members/"

    joined = boss.post(members, {"user_id": world.annotator.pk, "lead": True})
    again = boss.post(TEAMS, {"name": "vendor north"})
    customer = boss.post(members, {"user_id": world.customer.pk})
    mine = api(world.annotator).get(TEAMS).json()["results"]
    refused = api(world.annotator).post(members, {"user_id": world.annotator.pk})
    left = boss.delete(f"{members}{world.annotator.pk}/")

    assert joined.json()["teams"] == [{"id": team["id"], "name": "Vendor North", "role": "lead"}]
    assert (again.status_code, customer.status_code, refused.status_code) == (409, 404, 403)
    assert [(one["name"], one["member_count"]) for one in mine] == [("Vendor North", 1)]
    assert left.status_code == 204
    assert api(world.annotator).get(TEAMS).json()["results"] == []


def test_a_stranger_finds_no_team(api, world):
    team = make_team("North", world.annotator)

    for method, path in (("get", ""), ("post", "members/"), ("delete", "members/1/")):
        answer = getattr(api(world.stranger), method)(f"{TEAMS}{team.pk}/{path}")

        assert answer.status_code == 404
    assert api(world.stranger).post(TEAMS, {"name": "Mine"}).status_code == 403


def test_the_roster_takes_as_many_queries_for_few_as_for_many(
    api, world, django_assert_max_num_queries
):
    boss = api(world.manager)
    boss.get(PEOPLE)
    with django_assert_max_num_queries(15) as few:
        boss.get(PEOPLE)
    make_team("North", *(make_annotator(world.project, name) for name in ("bo", "cy", "di")))
    make_person("new")

    with django_assert_max_num_queries(15) as many:
        assert boss.get(PEOPLE).json()["count"] == 6

    assert len(few) == len(many)
