"""Work through the API: happy, refused, and constant in queries."""

from urllib.parse import unquote

import pytest

from apps.operations.models import Contribution, Task
from apps.operations.services.leasing import claim
from apps.operations.services.staffing import open_task
from apps.quality.models import Finding
from tests.factories.accounts import make_person
from tests.factories.operations import make_task
from tests.factories.scenes import make_scene
from tests.factories.workforce import make_annotator

pytestmark = pytest.mark.django_db

TASKS = "/api/v1/tasks/"


def test_next_gives_a_task_and_its_lease(api, world):
    answer = api(world.annotator).post(f"{TASKS}next/", {})

    assert answer.status_code == 200
    said = answer.json()
    assert said["task"]["id"] == world.task.pk
    assert (said["task"]["kind"], said["task"]["state"]) == ("label", "leased")
    assert said["task"]["scene_name"] == world.scene.name
    assert (said["lease"]["token"], said["lease"]["holder_id"]) == (1, world.annotator.pk)
    assert said["lease"]["expires_at"].endswith("Z")


def test_next_says_why_there_is_nothing(api, world):
    world.project.name = "Straße"
    world.project.save()
    world.project.state = "paused"
    world.project.save()

    answer = api(world.annotator).post(f"{TASKS}next/", {"kind": "label"})

    assert answer.status_code == 204
    assert unquote(answer["X-Concord-Reason"]).startswith("“Straße” is not in production now")


def test_next_from_a_foreign_project_gives_nothing(api, world):
    answer = api(world.stranger).post(f"{TASKS}next/", {"project": world.project.pk})

    assert answer.status_code == 204
    assert "no right" in unquote(answer["X-Concord-Reason"])
    assert world.project.name not in unquote(answer["X-Concord-Reason"])


def test_a_task_goes_all_the_way(api, world):
    ann, ray = api(world.annotator), api(world.reviewer)
    lease = ann.post(f"{TASKS}{world.task.pk}/claim/").json()["lease"]
    beat = ann.post(f"{TASKS}{world.task.pk}/lease/", {"lease_token": lease["token"]})
    done = ann.post(
        f"{TASKS}{world.task.pk}/submit/", {"lease_token": lease["token"], "version": 0}
    )
    review = ray.post(f"{TASKS}next/", {"kind": "review"}).json()
    sent_back = ray.post(
        f"{TASKS}{review['task']['id']}/return/",
        {"lease_token": 1, "version": 0, "note": "The van is a truck."},
    )
    again = ann.post(f"{TASKS}next/", {}).json()
    ann.post(f"{TASKS}{world.task.pk}/submit/", {"lease_token": 2, "version": 0})
    second = ray.post(f"{TASKS}next/", {}).json()
    accepted = ray.post(
        f"{TASKS}{second['task']['id']}/accept/", {"lease_token": 1, "version": 0, "note": "Good."}
    )

    assert beat.json()["token"] == 1
    assert (done.status_code, done.json()["outcome"]) == (200, "submitted")
    assert review["task"]["author_id"] == world.annotator.pk
    assert (sent_back.status_code, sent_back.json()["outcome"]) == (200, "returned")
    assert (again["task"]["id"], again["task"]["round"]) == (world.task.pk, 2)
    assert again["task"]["note"] == "The van is a truck."
    assert (accepted.status_code, accepted.json()["outcome"]) == (200, "accepted")
    kinds = [e["kind"] for e in ann.get(f"{TASKS}{world.task.pk}/history/").json()["results"]]
    assert kinds == ["opened", "leased", "submitted", "opened", "leased", "submitted"]


def test_nobody_reviews_their_own_work_through_the_api(api, world):
    stage = world.project.stages.get(kind="review")
    review = open_task(world.scene, stage=stage, author=world.annotator)
    Contribution.objects.create(scene=world.scene, person=world.reviewer, task=world.task)

    own = api(world.annotator).post(f"{TASKS}{review.pk}/claim/")
    helped = api(world.reviewer).post(f"{TASKS}{review.pk}/claim/")
    assigned = api(world.manager).post(
        f"{TASKS}{review.pk}/assign/", {"user_id": world.reviewer.pk}
    )

    assert (own.status_code, helped.status_code, assigned.status_code) == (422, 422, 422)
    for answer in (own, helped, assigned):
        assert "nobody reviews their own work" in answer.json()["detail"]


def test_blocking_findings_are_listed(api, world):
    claim(world.task, by=world.annotator)
    finding = Finding.objects.create(
        scene=world.scene,
        check_id="ground.gap",
        stable_key="k",
        severity="error",
        blocking=True,
        message="it floats 0.8 m above the ground",
        opened_in_version=0,
    )

    answer = api(world.annotator).post(
        f"{TASKS}{world.task.pk}/submit/", {"lease_token": 1, "version": 0}
    )

    assert answer.status_code == 422
    assert answer.json()["code"] == "blocking_findings"
    assert [one["id"] for one in answer.json()["findings"]] == [finding.pk]
    assert answer.json()["findings"][0]["message"] == "it floats 0.8 m above the ground"


def test_a_lost_lease_is_told_apart(api, world):
    other = make_annotator(world.project, "bo")
    ann = api(world.annotator)
    claim(world.task, by=world.annotator)

    held = api(other).post(f"{TASKS}{world.task.pk}/claim/")
    stale = ann.post(f"{TASKS}{world.task.pk}/lease/", {"lease_token": 7})
    missing = ann.post(f"{TASKS}{world.task.pk}/lease/", {})
    ann.post(f"{TASKS}{world.task.pk}/submit/", {"lease_token": 1, "version": 0})
    over = ann.post(f"{TASKS}{world.task.pk}/submit/", {"lease_token": 1, "version": 0})

    assert (held.status_code, held.json()["code"]) == (423, "locked")
    assert (stale.status_code, stale.json()["code"]) == (423, "stale_lease")
    assert (missing.status_code, list(missing.json()["fields"])) == (400, ["lease_token"])
    assert (over.status_code, over.json()["code"]) == (423, "submitted")


CALLS = [
    ("get", ""),
    ("get", "history/"),
    ("post", "claim/"),
    ("post", "lease/"),
    ("post", "release/"),
    ("post", "submit/"),
    ("post", "accept/"),
    ("post", "return/"),
    ("post", "assign/"),
    ("post", "priority/"),
]
BODY = {"lease_token": 1, "version": 0, "user_id": 1, "priority": 1, "note": "x"}


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_a_stranger_finds_no_task(api, world, method, path):
    claim(world.task, by=world.annotator)
    for person in (world.stranger, world.customer, make_person("new")):
        answer = getattr(api(person), method)(f"{TASKS}{world.task.pk}/{path}", BODY)

        assert answer.status_code == 404
        assert world.scene.name not in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("assign/", {"user_id": None}),
        ("priority/", {"priority": 3}),
    ],
)
def test_only_managers_staff(api, world, path, body):
    refused = api(world.annotator).post(f"{TASKS}{world.task.pk}/{path}", body)
    done = api(world.manager).post(f"{TASKS}{world.task.pk}/{path}", body)

    assert (refused.status_code, done.status_code) == (403, 200)


def test_a_manager_assigns_and_takes_away(api, world):
    boss = api(world.manager)
    other = make_annotator(world.project, "bo")
    claim(world.task, by=world.annotator)

    taken = boss.post(f"{TASKS}{world.task.pk}/assign/", {"user_id": other.pk})
    beat = api(world.annotator).post(f"{TASKS}{world.task.pk}/lease/", {"lease_token": 1})
    mine = api(other).get(f"{TASKS}?mine=true").json()
    freed = boss.post(f"{TASKS}{world.task.pk}/assign/", {"user_id": None})

    assert (taken.json()["state"], taken.json()["assignee_name"]) == ("open", "Bo")
    assert beat.status_code == 423
    assert [task["id"] for task in mine["results"]] == [world.task.pk]
    assert freed.json()["assignee_id"] is None
    history = boss.get(f"{TASKS}{world.task.pk}/history/").json()["results"]
    assert [(e["kind"], e["person_name"], e["by_name"]) for e in history[2:]] == [
        ("released", "Annotator", "Manager"),
        ("assigned", "Bo", "Manager"),
        ("assigned", "", "Manager"),
    ]


def test_a_person_who_does_not_work_there_looks_like_nobody(api, world):
    boss = api(world.manager)

    answers = [
        boss.post(f"{TASKS}{world.task.pk}/assign/", {"user_id": number})
        for number in (world.stranger.pk, 10**9)
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].json() == answers[1].json()


def test_several_are_assigned_or_none(api, world):
    boss = api(world.manager)
    more = [make_task(make_scene(world.project)) for _ in range(2)]
    ids = [world.task.pk, *(task.pk for task in more)]

    done = boss.post(f"{TASKS}bulk-assign/", {"task_ids": ids, "user_id": world.annotator.pk})
    ranked = boss.post(f"{TASKS}bulk-priority/", {"task_ids": ids[:2], "priority": 4})
    missing = boss.post(f"{TASKS}bulk-priority/", {"task_ids": [*ids, 10**9], "priority": 9})
    Task.objects.filter(pk=ids[2]).update(state="done")
    late = boss.post(f"{TASKS}bulk-assign/", {"task_ids": ids, "user_id": None})
    refused = api(world.annotator).post(f"{TASKS}bulk-assign/", {"task_ids": ids, "user_id": None})

    assert [one["assignee_id"] for one in done.json()] == [world.annotator.pk] * 3
    assert [one["priority"] for one in ranked.json()] == [4, 4]
    assert (missing.status_code, late.status_code, refused.status_code) == (404, 409, 403)
    assert Task.objects.filter(reserved_for=world.annotator).count() == 3


def test_the_list_is_filtered_and_paged(api, world):
    make_task(make_scene(world.project))
    claim(world.task, by=world.annotator)
    boss = api(world.manager)

    def ids(query):
        return [task["id"] for task in boss.get(f"{TASKS}?{query}").json()["results"]]

    assert len(ids("")) == 2
    assert ids("state=leased") == [world.task.pk]
    assert len(ids("state=open,leased")) == 2
    assert ids("kind=review") == []
    assert len(ids(f"project={world.project.pk}")) == 2
    assert ids(f"project={world.project.pk + 99}") == []
    assert len(ids("page_size=1")) == 1
    assert api(world.stranger).get(TASKS).json()["results"] == []


def test_the_list_takes_as_many_queries_for_one_row_as_for_many(
    api, world, django_assert_max_num_queries
):
    boss = api(world.manager)
    boss.get(TASKS)
    with django_assert_max_num_queries(12) as one:
        boss.get(TASKS)
    for _ in range(3):
        claim(make_task(make_scene(world.project)), by=world.annotator)

    with django_assert_max_num_queries(12) as many:
        assert boss.get(TASKS).json()["count"] == 4

    assert len(many) == len(one)
