"""Scenes, captures and the manifest: seen by those who may, in a constant number of queries."""

import gzip

import numpy as np
import pytest

from apps.scenes.models import Capture, Scene
from apps.scenes.services.calibrating import new_calibration
from tests.factories.clients import make_customer
from tests.factories.projects import make_project
from tests.factories.workforce import make_annotator
from tests.modalities.test_point_frame import points_in
from tests.scenes import recordings


@pytest.fixture
def scene(bring_in, tmp_path):
    bring_in(recordings.write_tracking(tmp_path / "drive"))
    return Scene.objects.get()


@pytest.fixture
def annotator(api, project):
    return api(make_annotator(project))


def manifest(client, scene, **headers):
    return client.get(f"/api/v1/scenes/{scene.pk}/manifest/", headers=headers)


def test_the_manifest_says_what_the_wire_promises(annotator, scene, project):
    told = manifest(annotator, scene).json()

    assert told["scene"] == {
        "id": scene.pk,
        "name": "sequence 0001",
        "project_id": project.pk,
        "project_slug": project.slug,
        "project_name": project.name,
        "t0_ns": "0",
        "duration_ns": 300_000_000,
        "frame_count": 4,
        "notes": scene.notes,
    }
    assert told["room"] == f"scene:{project.pk}:{scene.pk}"
    lidar, camera = told["sensors"]
    assert (lidar["viewer"], lidar["calibration"]["camera"]) == ("point-cloud", None)
    assert camera["viewer"] == "image"
    assert camera["calibration"]["version"] == 1
    assert set(camera["calibration"]["camera"]) == {
        *("model", "width_px", "height_px", "fx_px", "fy_px", "cx_px", "cy_px", "distortion")
    }
    assert [frame["index"] for frame in told["frames"]] == [0, 1, 2, 3]
    assert len(told["ego_poses"]) == 4
    assert {len(pose["quaternion_xyzw"]) for pose in told["ego_poses"]} == {4}
    assert told["guideline"]["number"] == 1
    assert {"taxonomy", "checks", "policy"} <= set(told["guideline"]["document"])
    assert {"number", "title", "body_html"} == set(told["guideline"]["clauses"][0])


@pytest.mark.usefixtures("local_store")
def test_the_links_of_the_manifest_open(annotator, client, scene, tmp_path):
    captures = manifest(annotator, scene).json()["frames"][1]["captures"]
    sweep, picture = captures["velodyne"], captures["image_2"]

    frame = gzip.decompress(client.get(sweep["points_url"]).content)
    ground = gzip.decompress(client.get(sweep["ground_url"]).content)

    assert (sweep["at_ns"], sweep["point_count"]) == (100_000_000, 400)
    assert np.abs(points_in(frame) - recordings.cloud(400, 1)[:, :3]).max() < 1e-3
    assert ground.startswith(b"CGR1")
    assert client.get(picture["image_url"])["Content-Type"] == "image/png"
    assert client.get(picture["preview_url"])["Content-Type"] == "image/webp"
    assert (picture["width_px"], picture["height_px"]) == recordings.SIZE_PX


def test_other_sensors_have_one_link(annotator, bring_in, tmp_path):
    bring_in(recordings.write_nuscenes(tmp_path))

    told = manifest(annotator, Scene.objects.get()).json()

    radar = told["frames"][0]["captures"]["RADAR_FRONT"]
    assert set(radar) == {"id", "at_ns", "asset", "url"}


def test_the_manifest_is_not_sent_twice(annotator, scene):
    first = manifest(annotator, scene)

    again = manifest(annotator, scene, **{"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]


def test_a_new_calibration_changes_the_manifest(annotator, scene):
    before = manifest(annotator, scene)
    lidar = scene.sensors.get(key="velodyne")

    new_calibration(lidar, translation_m=[0, 0, 2], quaternion_xyzw=[0, 0, 0, 1])

    after = manifest(annotator, scene, **{"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert after.json()["sensors"][0]["calibration"]["version"] == 2
    assert after.json()["sensors"][0]["calibration"]["ego_from_sensor"]["translation_m"] == [
        0,
        0,
        2,
    ]


def test_a_manifest_costs_the_same_for_few_and_many_frames(
    annotator, bring_in, tmp_path, django_assert_num_queries
):
    for number, frames in enumerate((1, 12), start=1):
        bring_in(recordings.write_tracking(tmp_path / str(frames), f"000{number}", frames))
    short, long = Scene.objects.order_by("frame_count")

    for scene in (short, long):
        with django_assert_num_queries(11):
            assert len(manifest(annotator, scene).json()["frames"]) == scene.frame_count


def test_scenes_and_captures_are_listed(annotator, scene, django_assert_num_queries):
    with django_assert_num_queries(5):
        listed = annotator.get("/api/v1/scenes/").json()["results"]
    with django_assert_num_queries(4):
        captures = annotator.get(f"/api/v1/captures/?scene={scene.pk}&sensor=velodyne").json()

    assert [row["name"] for row in listed] == ["sequence 0001"]
    assert [sensor["key"] for sensor in listed[0]["sensors"]] == ["velodyne", "image_2"]
    assert [row["frame_index"] for row in captures["results"]] == [0, 1, 2, 3]
    assert captures["results"][0]["source_path"] == "velodyne/0001/000000.bin"


def test_strangers_see_nothing(api, client, scene):
    stranger = api(make_customer(make_project().client))
    capture = Capture.objects.first()

    assert manifest(stranger, scene).status_code == 404
    assert stranger.get("/api/v1/scenes/").json()["results"] == []
    assert stranger.get("/api/v1/captures/").json()["results"] == []
    assert stranger.get(f"/api/v1/scenes/{scene.pk}/").status_code == 404
    assert stranger.get(f"/api/v1/captures/{capture.pk}/").status_code == 404
    assert manifest(api(), scene).status_code == 401
