"""Guidelines through the API."""

import pytest

from apps.guidelines.document import dumped
from apps.guidelines.templates import template_named
from tests.factories.accounts import make_person
from tests.factories.guidelines import make_guideline
from tests.factories.operations import make_world

pytestmark = pytest.mark.django_db

GUIDELINES = "/api/v1/guidelines/"


@pytest.fixture
def world(db):
    return make_world()


def test_whoever_works_reads_the_rules_in_force(api, world):
    listed = api(world.annotator).get(f"{GUIDELINES}?project={world.project.pk}&state=published")
    number = listed.json()["results"][0]["id"]
    whole = api(world.annotator).get(f"{GUIDELINES}{number}/").json()

    assert listed.json()["count"] == 1
    assert listed.json()["results"][0]["clause_count"] == 17
    assert "document" not in listed.json()["results"][0]
    assert whole["document"]["taxonomy"]["classes"][0]["key"] == "car"
    assert whole["clauses"][0]["body_html"].startswith("<p>Label every object")


def test_a_manager_drafts_changes_and_publishes(api, world):
    boss = api(world.manager)
    draft = boss.post(GUIDELINES, {"project_id": world.project.pk, "template": "driving"}).json()
    document = {**draft["document"], "checks": {}}

    changed = boss.put(
        f"{GUIDELINES}{draft['id']}/",
        {"title": "Ours", "document": document, "clauses": [{"number": "1", "title": "One"}]},
    )
    published = boss.post(f"{GUIDELINES}{draft['id']}/publish/")
    frozen = boss.put(f"{GUIDELINES}{draft['id']}/", {"title": "Late", "document": document})
    again = boss.post(f"{GUIDELINES}{draft['id']}/publish/")
    retired = boss.post(f"{GUIDELINES}{draft['id']}/retire/")

    assert (draft["number"], draft["state"]) == (2, "draft")
    assert (changed.json()["title"], changed.json()["clause_count"]) == ("Ours", 1)
    assert published.json()["state"] == "published"
    assert (frozen.status_code, again.status_code) == (409, 409)
    assert retired.json()["state"] == "retired"


def test_a_wrong_document_is_refused_with_its_place(api, world):
    document = dumped(template_named("driving").document)
    document["taxonomy"]["classes"][0]["color"] = "blue"

    answer = api(world.manager).post(
        GUIDELINES, {"project_id": world.project.pk, "title": "Ours", "document": document}
    )

    assert answer.status_code == 422
    assert answer.json()["fields"] == {
        "taxonomy.classes[0].color": "must be a colour such as #1f77b4"
    }


def test_only_managers_write(api, world):
    version = world.guideline
    for person in (world.annotator, world.customer):
        client = api(person)
        body = {"project_id": world.project.pk, "template": "driving"}

        assert client.post(GUIDELINES, body).status_code == 403
        assert client.post(f"{GUIDELINES}{version.pk}/retire/").status_code == 403


def test_a_stranger_finds_no_guideline(api, world):
    for person in (world.stranger, make_person("new")):
        client = api(person)

        assert client.get(GUIDELINES).json()["results"] == []
        assert client.get(f"{GUIDELINES}?project={world.project.pk}").json()["count"] == 0
        for method, path in (("get", ""), ("put", ""), ("post", "publish/"), ("post", "retire/")):
            answer = getattr(client, method)(f"{GUIDELINES}{world.guideline.pk}/{path}")
            assert answer.status_code == 404
        body = {"project_id": world.project.pk, "template": "driving"}
        assert client.post(GUIDELINES, body).status_code == 404


def test_templates_are_told_to_whoever_is_signed_in(api, world):
    said = api(world.customer).get("/api/v1/guideline-templates/").json()

    assert [one["key"] for one in said] == ["driving", "warehouse"]
    assert api().get("/api/v1/guideline-templates/").status_code == 401


def test_the_list_takes_as_many_queries_for_one_as_for_many(
    api, world, django_assert_max_num_queries
):
    client = api(world.manager)
    client.get(GUIDELINES)
    with django_assert_max_num_queries(10) as one:
        client.get(GUIDELINES)
    for _ in range(2):
        make_guideline(world.project)

    with django_assert_max_num_queries(10) as many:
        assert client.get(GUIDELINES).json()["count"] == 3

    assert len(one) == len(many)
