"""A delivery freezes accepted scenes, packs them the same every time, and is closed to strangers."""

import io
import json
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from apps.core.errors import Conflict, Invalid, Refused
from apps.deliveries.jobs import build_delivery
from apps.deliveries.models import Delivery
from apps.deliveries.services import cancel_delivery, open_delivery
from apps.operations.models import SceneProgress
from apps.scenes.media import asset_name
from tests.factories.operations import make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return make_world()


@pytest.fixture
def accepted(world):
    SceneProgress.objects.update_or_create(
        scene=world.scene,
        defaults={"project": world.project, "state": SceneProgress.State.ACCEPTED},
    )
    return world


def packed(world) -> Delivery:
    delivery = open_delivery(world.project, by=world.manager, formats=["openlabel", "kitti"])
    build_delivery(delivery.job.pk, delivery.pk)
    delivery.refresh_from_db()
    return delivery


def members(delivery: Delivery) -> dict[str, bytes]:
    archive = delivery.archive
    with (
        default_storage.open(asset_name(archive.sha256, archive.extension)) as file,
        zipfile.ZipFile(io.BytesIO(file.read())) as content,
    ):
        return {name: content.read(name) for name in content.namelist()}


def test_only_a_manager_opens_a_delivery(accepted):
    with pytest.raises(Refused):
        open_delivery(accepted.project, by=accepted.customer, formats=["kitti"])


def test_nothing_accepted_is_nothing_to_deliver(world):
    with pytest.raises(Invalid, match="No scene"):
        open_delivery(world.project, by=world.manager, formats=["kitti"])


def test_an_unknown_format_is_refused_by_name(accepted):
    with pytest.raises(Invalid, match="“coco”"):
        open_delivery(accepted.project, by=accepted.manager, formats=["coco"])


def test_the_manifest_names_every_file_with_its_hash(accepted):
    delivery = packed(accepted)

    inside = members(delivery)
    manifest = json.loads(inside["manifest.json"])

    assert delivery.state == Delivery.State.READY
    assert {entry["path"] for entry in manifest["files"]} == set(inside) - {"manifest.json"}
    assert {entry["size_bytes"] for entry in manifest["files"]} == {
        len(content) for name, content in inside.items() if name != "manifest.json"
    }
    assert SceneProgress.objects.get(scene=accepted.scene).state == SceneProgress.State.DELIVERED


def test_packing_the_same_labels_again_gives_the_same_files(accepted):
    first, second = members(packed(accepted)), members(packed(accepted))

    first.pop("manifest.json"), second.pop("manifest.json")
    assert first == second


def test_a_scene_that_changed_since_stops_the_delivery_with_a_reason(accepted):
    delivery = open_delivery(accepted.project, by=accepted.manager, formats=["kitti"])
    delivery.scenes.update(version=99)

    build_delivery(delivery.job.pk, delivery.pk)
    delivery.refresh_from_db()

    assert delivery.state == Delivery.State.FAILED
    assert "was changed after the delivery was opened" in delivery.message


def test_a_delivery_that_waits_can_be_stopped_and_a_ready_one_not(accepted):
    waiting = open_delivery(accepted.project, by=accepted.manager, formats=["kitti"])

    cancel_delivery(waiting, by=accepted.manager)
    waiting.refresh_from_db()

    assert waiting.state == Delivery.State.CANCELLED
    with pytest.raises(Conflict):
        cancel_delivery(packed(accepted), by=accepted.manager)


def test_the_customer_downloads_and_a_stranger_does_not_know(accepted, api):
    delivery = packed(accepted)
    address = reverse("api:delivery-detail", args=[delivery.pk])

    answer = api(accepted.customer).get(address)

    assert answer.status_code == 200
    assert answer.json()["archive_url"].startswith(f"/assets/{delivery.archive.sha256}.zip?")
    assert api(accepted.stranger).get(address).status_code == 404
    assert api(accepted.annotator).get(address).status_code == 404


def test_the_page_shows_what_was_lost(accepted, client):
    delivery = packed(accepted)
    client.force_login(accepted.customer)

    page = client.get(reverse("portal:delivery", args=[delivery.pk])).content.decode()

    assert "Download" in page
    assert "could not carry" in page
    client.force_login(accepted.stranger)
    assert client.get(reverse("portal:delivery", args=[delivery.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_questions(
    accepted, api, django_assert_max_num_queries, count
):
    for _ in range(count):
        packed(accepted)
    client = api(accepted.customer)

    with django_assert_max_num_queries(14):
        answer = client.get(reverse("api:delivery-list"))

    assert len(answer.json()["results"]) == count
