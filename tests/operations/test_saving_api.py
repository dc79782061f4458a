"""The edge of a task's labels: the document, catching up, checks, findings, drafts, and strangers."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.operations.models import Draft, Task
from apps.quality.models import Finding
from tests.factories.annotation import add, box, cuboid, gesture, new_id, put
from tests.operations.saving_world import Desk, make_desk

Queries = Callable[[int], AbstractContextManager[Any]]
CAM = "CAM_FRONT/box"


@pytest.fixture
def desk(db: None) -> Desk:
    return make_desk()


def client_of(person: User) -> APIClient:
    client = APIClient()
    client.force_login(person)
    return client


def test_the_document_holds_labels_findings_residuals_and_the_lease(desk: Desk) -> None:
    obj = new_id()
    desk.save(
        gesture(
            add(obj),
            put(obj, 0, cuboid(20, size_m=[9, 1.8, 1.5])),
            put(obj, 0, box(700, 400, 900, 600, state="adjusted", reason="mirror"), stream=CAM),
        )
    )

    body = desk.document()

    assert (body["version"], body["mode"], body["scene_id"]) == (1, "label", desk.made.scene.pk)
    assert body["task"]["id"] == desk.task.pk
    assert body["lease"]["token"] == desk.task.lease_token
    (labelled,) = body["objects"]
    assert (labelled["id"], labelled["class"], sorted(labelled["streams"])) == (
        obj,
        "car",
        [CAM, "world/cuboid"],
    )
    key = labelled["streams"]["world/cuboid"][0]
    assert (key["author_id"], key["guideline_number"]) == (desk.person.pk, 1)
    assert "size.prior" in {one["check"] for one in body["findings"]}
    assert body["residuals"][0]["sensor_key"] == "CAM_FRONT"


def test_the_document_is_sent_again_only_if_something_changed(desk: Desk) -> None:
    path = f"/api/v1/tasks/{desk.task.pk}/doc/"
    first = desk.api.get(path)
    assert first["ETag"].startswith('"v0-')

    def again() -> Any:
        return desk.api.get(path, headers={"If-None-Match": first["ETag"]})

    assert (again().status_code, again().content) == (304, b"")
    obj = new_id()
    desk.save(gesture(add(obj), put(obj, 0, cuboid(20, size_m=[9, 1.8, 1.5]))))
    assert again().status_code == 200
    first = desk.api.get(path)
    finding = Finding.objects.filter(check_id="size.prior").get()
    desk.api.patch(
        f"/api/v1/findings/{finding.pk}/", {"action": "waive", "reason": "a bus, truly"}
    )
    assert again().status_code == 200


def test_the_document_takes_as_many_queries_for_three_objects_as_for_one(
    desk: Desk, django_assert_num_queries: Queries, django_assert_max_num_queries: Queries
) -> None:
    counts = []
    for x_m in (20, 30, 40):
        obj = new_id()
        desk.save(gesture(add(obj), put(obj, 0, cuboid(x_m, size_m=[9, 1.8, 1.5]))))
        client = desk.api
        with django_assert_max_num_queries(60) as asked:
            client.get(f"/api/v1/tasks/{desk.task.pk}/doc/")
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]


def test_catching_up_gives_what_was_saved_since(desk: Desk) -> None:
    first, second = gesture(add(new_id())), gesture(add(new_id()), label="Second")
    desk.save(first)
    desk.save(second)

    body = desk.api.get(f"/api/v1/tasks/{desk.task.pk}/ops/", {"since": 1}).json()

    assert (body["version"], body["more"]) == (2, False)
    (change,) = body["changesets"]
    assert (change["id"], change["label"], change["version"]) == (second["id"], "Second", 2)
    assert change["ops"] == second["ops"]


def test_a_malformed_request_names_its_fields(desk: Desk) -> None:
    answer = desk.api.post(f"/api/v1/tasks/{desk.task.pk}/ops/", {"changesets": []})

    assert answer.status_code in {400, 422}
    assert {"base_version", "lease_token"} <= set(answer.json()["fields"])


def test_a_waiver_needs_a_reason_and_is_told(desk: Desk) -> None:
    obj = new_id()
    desk.save(gesture(add(obj), put(obj, 0, cuboid(20, size_m=[9, 1.8, 1.5]))))
    finding = Finding.objects.get(check_id="size.prior")
    path = f"/api/v1/findings/{finding.pk}/"

    refused = desk.api.patch(path, {"action": "waive", "reason": " "})
    waived = desk.api.patch(path, {"action": "waive", "reason": "measured by hand"})

    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["reason"])
    body = waived.json()
    assert (body["state"], body["waiver_reason"]) == ("waived", "measured by hand")
    assert body["waiver_is_flagged"] is True


def test_only_who_works_on_the_scene_answers_its_findings(desk: Desk) -> None:
    obj = new_id()
    desk.save(gesture(add(obj), put(obj, 0, cuboid(20, size_m=[9, 1.8, 1.5]))))
    finding = Finding.objects.get(check_id="size.prior")

    answer = client_of(desk.world.reviewer).patch(
        f"/api/v1/findings/{finding.pk}/", {"action": "waive", "reason": "no"}
    )

    assert answer.status_code == 403


def test_a_reviewer_leaves_an_anchored_comment_and_its_author_resolves_it(desk: Desk) -> None:
    obj = new_id()
    desk.save(gesture(add(obj), put(obj, 0, cuboid(20))))
    said = {
        "message": "The rear is two metres further back.",
        "object_id": obj,
        "sensor_key": "CAM_FRONT",
        "at_ns": 0,
        "blocking": True,
        "anchor": {"point_m": [18, 0, 1]},
    }
    path = f"/api/v1/tasks/{desk.task.pk}/findings/"

    refused = desk.api.post(path, said)
    made = client_of(desk.world.reviewer).post(path, said).json()
    waived = desk.api.patch(f"/api/v1/findings/{made['id']}/", {"action": "waive", "reason": "x"})
    resolved = desk.api.patch(f"/api/v1/findings/{made['id']}/", {"action": "resolve"})

    assert refused.status_code == 403
    assert (made["source"], made["anchor"], made["author_name"]) == (
        "person",
        {"point_m": [18, 0, 1]},
        desk.world.reviewer.name,
    )
    assert waived.status_code == 403
    assert resolved.json()["state"] == "closed"


def test_findings_are_listed_the_worst_first(desk: Desk) -> None:
    obj = new_id()
    desk.save(gesture(add(obj), put(obj, 0, cuboid(20, size_m=[9, 1.8, 1.5]))))

    body = desk.api.get(f"/api/v1/tasks/{desk.task.pk}/findings/").json()

    assert body["count"] == len(body["results"]) > 1
    assert [one["severity"] for one in body["results"]] == sorted(
        one["severity"] for one in body["results"]
    )


def test_checks_run_on_demand(desk: Desk) -> None:
    obj = new_id()
    desk.save(gesture(add(obj), put(obj, 0, cuboid(20, size_m=[9, 1.8, 1.5]))))
    Finding.objects.all().delete()
    path = f"/api/v1/tasks/{desk.task.pk}/checks/"

    now = desk.api.post(path, {"object_ids": [obj]})
    Finding.objects.all().delete()
    later = desk.api.post(path, {})

    assert "size.prior" in {one["check"] for one in now.json()["findings"]["opened"]}
    assert (later.status_code, later.json()) == (202, {"queued": True})
    assert Finding.objects.filter(check_id="size.prior").exists()


def test_drafts_are_their_authors_and_the_managers(desk: Desk) -> None:
    Task.objects.filter(pk=desk.task.pk).update(lease_token=99)
    sent = gesture(add(new_id()))
    draft_id = desk.save(sent).json()["draft_id"]
    path = f"/api/v1/tasks/{desk.task.pk}/drafts/"

    mine = desk.api.get(path).json()["results"]
    whole = desk.api.get(f"{path}{draft_id}/").json()
    managers = client_of(desk.world.manager).get(path).json()["results"]
    reviewers = client_of(desk.world.reviewer).get(path).json()["results"]

    assert [one["id"] for one in mine] == [one["id"] for one in managers] == [draft_id]
    assert whole["changesets"][0]["ops"] == sent["ops"]
    assert reviewers == []
    assert client_of(desk.world.reviewer).get(f"{path}{draft_id}/").status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("place", ["doc", "ops", "checks", "findings", "drafts", "drafts/1"])
def test_strangers_see_nothing(desk: Desk, method: str, place: str) -> None:
    Draft.objects.create(
        pk=1,
        task=desk.task,
        author=desk.person,
        base_version=0,
        lease_token=0,
        change_sets=[],
        reason="late",
    )
    theirs = make_desk("far-")
    for person in (desk.world.stranger, desk.world.customer, theirs.person):
        call = getattr(client_of(person), method)
        answer = call(f"/api/v1/tasks/{desk.task.pk}/{place}/", {"since": 0})
        assert answer.status_code in {404, 405}
    anonymous = getattr(APIClient(), method)(f"/api/v1/tasks/{desk.task.pk}/{place}/")
    assert anonymous.status_code in {401, 405}


def test_strangers_do_not_answer_findings(desk: Desk) -> None:
    obj = new_id()
    desk.save(gesture(add(obj), put(obj, 0, cuboid(20, size_m=[9, 1.8, 1.5]))))
    finding = Finding.objects.get(check_id="size.prior")
    path = f"/api/v1/findings/{finding.pk}/"

    for person in (desk.world.stranger, desk.world.customer):
        assert client_of(person).get(path).status_code == 404
        sent = {"action": "waive", "reason": "mine now"}
        assert client_of(person).patch(path, sent).status_code == 404
    assert Finding.objects.get(pk=finding.pk).state == "open"
