"""An import: each scene whole or not at all, each bad file named, and begun again where it broke off."""

import json

import numpy as np
import pytest

from apps.core.models import JobRun
from apps.core.services import RunCancelled, begin_run, request_cancel
from apps.operations.models import Task
from apps.operations.services.intake import start_import, take_in
from apps.scenes.models import Asset, Capture, EgoPose, Frame, Scene, SceneLabels
from apps.scenes.selectors.scenes import imported_labels
from apps.scenes.services.importing import import_recording
from tests.factories.projects import make_project
from tests.scenes import recordings
from tests.scenes.conftest import rows
from tests.shared_data import shared

FRAMES = ("000001", "000002", "000003")


def test_a_recording_comes_in_whole(bring_in, project, tmp_path):
    ordered, report = bring_in(recordings.write_kitti(tmp_path, FRAMES), with_labels=True)

    assert (ordered.state, ordered.message) == ("done", "3 scenes imported.")
    assert report["counts"] == {"imported": 12}
    scene = Scene.objects.get(name="000002")
    assert (scene.project, scene.frame_count, scene.source_format) == (project, 1, "kitti")
    assert any("no poses" in note for note in scene.notes)
    lidar, camera = scene.sensors.all()
    assert (lidar.key, camera.key) == ("velodyne", "image_2")
    assert camera.calibrations.get().camera["width_px"] == recordings.SIZE_PX[0]
    sweep = Capture.objects.get(frame__scene=scene, sensor=lidar)
    assert (sweep.point_count, sweep.dropped_point_count) == (400, 0)
    assert (sweep.original.extension, sweep.display.extension) == ("bin", "pts")
    assert sweep.ground.extension == "ground"
    picture = Capture.objects.get(frame__scene=scene, sensor=camera)
    assert (picture.width_px, picture.height_px) == recordings.SIZE_PX
    assert picture.display == picture.original
    assert picture.preview.extension == "webp"


def test_every_scene_enters_the_pipeline(bring_in, tmp_path):
    bring_in(recordings.write_kitti(tmp_path, FRAMES))

    assert sorted(Task.objects.values_list("scene__name", "kind")) == [
        (frame, "label") for frame in FRAMES
    ]


def test_labels_wait_beside_the_scene(bring_in, tmp_path):
    bring_in(recordings.write_kitti(tmp_path), with_labels=True)
    scene = Scene.objects.get()

    assert scene.imported_labels.record_count == 3
    assert [label.class_name for label in imported_labels(scene)] == [
        "Car",
        "Pedestrian",
        "DontCare",
    ]


def test_times_are_kept_as_the_sensors_have_them(bring_in, tmp_path):
    bring_in(recordings.write_nuscenes(tmp_path))

    assert sorted(Capture.objects.values_list("sensor__key", "at_ns")) == [
        ("CAM_FRONT", 12_000_000),
        ("CAM_FRONT", 512_000_000),
        ("LIDAR_TOP", 0),
        ("LIDAR_TOP", 500_000_000),
        ("RADAR_FRONT", 0),
        ("RADAR_FRONT", 500_000_000),
    ]
    assert [pose.x_m for pose in EgoPose.objects.order_by("at_ns")] == [100, 105]


def test_a_zip_gives_the_same_scenes_as_its_folder(bring_in, tmp_path):
    folder = recordings.write_kitti(tmp_path / "folder", FRAMES)
    bring_in(folder)

    _, report = bring_in(recordings.zipped(folder, tmp_path / "r.zip", inside="deep/down/"))

    assert Scene.objects.count() == 3
    assert {said for _, _, said in rows(report, "skipped")} >= {
        "It was imported before, as 000001."
    }


def test_a_folder_of_zips_is_read_as_one(bring_in, tmp_path):
    folder = recordings.write_kitti(tmp_path / "folder")
    parts = tmp_path / "parts"
    parts.mkdir()
    for part in ("velodyne", "image_2", "calib"):
        recordings.zipped(folder / part, parts / f"{part}.zip", inside=f"training/{part}/")

    ordered, _ = bring_in(parts)

    assert ordered.state == "done"


def test_unneeded_files_are_said_to_be(bring_in, tmp_path):
    recordings.write_kitti(tmp_path)
    recordings.put(tmp_path / "README.txt", "hello")

    ordered, report = bring_in(tmp_path)

    assert ordered.state == "done"
    assert ("README.txt", "", "No scene needs it.") in rows(report, "skipped")


# --- bad input ------------------------------------------------------------------------------------


def cut_sweep(root):
    path = root / "velodyne/000002.bin"
    path.write_bytes(path.read_bytes()[:-3])
    return "velodyne/000002.bin", "size"


def cut_picture(root):
    path = root / "image_2/000002.png"
    path.write_bytes(path.read_bytes()[:900])
    return "image_2/000002.png", "content"


def empty_sweep(root):
    recordings.put(root / "velodyne/000002.bin", b"")
    return "velodyne/000002.bin", "points"


def only_nan(root):
    recordings.put(root / "velodyne/000002.bin", np.full((9, 4), np.nan, "<f4").tobytes())
    return "velodyne/000002.bin", "points"


def other_layout(root):
    recordings.put(root / "velodyne/000002.bin", np.full((9, 4), 1e9, "<f4").tobytes())
    return "velodyne/000002.bin", "points"


def no_calibration(root):
    (root / "calib/000002.txt").unlink()
    return "calib/000002.txt", "calib"


def short_calibration(root):
    text = recordings.KITTI_CALIBRATION.replace("44.8 0 ", "44.8 ")
    recordings.put(root / "calib/000002.txt", text)
    return "calib/000002.txt", "P2"


def other_picture_size(root):
    recordings.put(root / "image_2/000002.png", recordings.picture_bytes((640, 240)))
    return "image_2/000002.png", "size"


def no_picture_at_all(root):
    recordings.put(root / "image_2/000002.png", b"GIF89a")
    return "image_2/000002.png", "content"


BREAKS = [
    cut_sweep,
    cut_picture,
    empty_sweep,
    only_nan,
    other_layout,
    no_calibration,
    short_calibration,
    other_picture_size,
    no_picture_at_all,
]


@pytest.mark.parametrize("breaks", BREAKS, ids=lambda breaks: breaks.__name__)
def test_one_bad_file_is_named_and_stops_no_other_scene(bring_in, tmp_path, breaks):
    recordings.write_kitti(tmp_path, FRAMES)
    path, field = breaks(tmp_path)

    ordered, report = bring_in(tmp_path)

    assert ordered.state == "partial"
    assert sorted(Scene.objects.values_list("name", flat=True)) == ["000001", "000003"]
    [row] = [row for row in report["files"] if (row["path"], row["field"]) == (path, field)]
    assert row["state"] == "failed"
    assert row["problem"].endswith(".")
    assert row["mend"].endswith(".")
    assert Frame.objects.count() == 2


def test_points_that_are_not_finite_are_left_out_and_counted(bring_in, tmp_path):
    recordings.write_kitti(tmp_path)
    points = recordings.cloud(400)
    points[:7, 2] = np.nan
    points[9, 0] = -np.inf
    recordings.put(tmp_path / "velodyne/000001.bin", points.tobytes())

    ordered, report = bring_in(tmp_path)

    assert ordered.state == "done"
    sweep = Capture.objects.get(sensor__modality="lidar")
    assert (sweep.point_count, sweep.dropped_point_count) == (392, 8)
    assert rows(report, "warned") == [
        ("velodyne/000001.bin", "", "8 points have NaN or infinite coordinates; left out.")
    ]


def test_a_sequence_goes_on_without_its_bad_frame(bring_in, tmp_path):
    recordings.write_tracking(tmp_path)
    recordings.put(tmp_path / "image_02/0001/000002.png", b"no picture")

    ordered, report = bring_in(tmp_path)

    assert ordered.state == "partial"
    assert Scene.objects.get().frame_count == 4
    assert Capture.objects.filter(sensor__key="image_2").count() == 3
    assert [row[:2] for row in rows(report, "failed")] == [("image_02/0001/000002.png", "content")]


def test_a_sensor_without_any_good_capture_makes_no_half_scene(bring_in, tmp_path):
    recordings.write_tracking(tmp_path)
    for path in (tmp_path / "image_02/0001").iterdir():
        path.write_bytes(b"no picture")

    ordered, report = bring_in(tmp_path)

    assert ordered.state == "failed"
    assert not Scene.objects.exists()
    assert ("calib/0001.txt", "image_2") in [row[:2] for row in rows(report, "failed")]


def test_two_captures_of_one_time_are_told_apart(bring_in, tmp_path):
    manifest = recordings.concord_manifest(frames=3)
    manifest["scenes"][0]["frames"][2]["captures"]["lidar-top"]["at_ns"] = 100_000_000
    recordings.write_concord(tmp_path, manifest)

    ordered, report = bring_in(tmp_path)

    assert ordered.state == "partial"
    assert [row[:2] for row in rows(report, "failed")] == [("lidar/street-1-2.bin", "timestamp")]
    assert Capture.objects.filter(sensor__key="lidar-top").count() == 2


def test_a_picture_that_is_not_its_cameras_size_is_named(bring_in, tmp_path):
    manifest = recordings.concord_manifest()
    manifest["scenes"][0]["sensors"][1]["camera"]["width_px"] = 640
    recordings.write_concord(tmp_path, manifest)

    ordered, report = bring_in(tmp_path)

    assert ordered.state == "failed"
    said = {row[:2]: row[2] for row in rows(report, "failed")}
    assert "320 x 120 pixels; its camera has 640 x 120" in said["cam/street-1-0.jpg", "size"]


def test_a_bad_scene_of_a_manifest_spoils_no_other(bring_in, tmp_path):
    manifest = recordings.concord_manifest()
    other = recordings.concord_manifest(key="street-2")["scenes"][0]
    manifest["scenes"].append(other)
    recordings.write_concord(tmp_path, manifest)
    del manifest["scenes"][0]["sensors"][0]["ego_from_sensor"]
    recordings.put(tmp_path / "manifest.json", json.dumps(manifest))

    ordered, report = bring_in(tmp_path, with_labels=True)

    assert ordered.state == "partial"
    assert Scene.objects.get().name == "Street street-2"
    assert [row[:2] for row in rows(report, "failed")] == [
        ("manifest.json", "scenes.0.sensors.0.ego_from_sensor")
    ]


def test_a_capture_that_no_pose_places_is_named(bring_in, tmp_path):
    manifest = recordings.concord_manifest(frames=5)
    del manifest["scenes"][0]["ego_poses"][2:]
    recordings.write_concord(tmp_path, manifest)

    _, report = bring_in(tmp_path)

    assert {row[:2] for row in rows(report, "failed")} == {
        ("lidar/street-1-4.bin", "timestamp"),
        ("cam/street-1-4.jpg", "timestamp"),
    }
    assert Scene.objects.get().frame_count == 4


def test_a_folder_that_is_not_there_is_told(bring_in, tmp_path):
    ordered, report = bring_in(tmp_path / "nowhere")

    assert ordered.state == "failed"
    assert rows(report, "failed") == [("nowhere", "path", "There is no such file or folder.")]


@pytest.mark.shared
def test_a_frame_whose_cloud_is_anothers_still_comes_in(bring_in):
    ordered, _ = bring_in(shared("negative", "kitti_wrong_cloud"), with_labels=True)

    # The files are sound, and kept; that nobody asked for palms is said line by line.
    wrong = ordered.files.filter(state="failed").values_list("path", "field", "problem")
    said = "The guideline has no class “palm”; the label is left out."
    assert ordered.state == "partial"
    assert list(wrong) == [("label_2/000019.txt", f"line {n}", said) for n in range(1, 6)]
    assert SceneLabels.objects.get().record_count == 5


# --- broken off, stopped, begun again -------------------------------------------------------------


def begun(ordered):
    run = begin_run(ordered.job_id)
    assert run is not None
    return run


def test_an_attempt_that_died_is_gone_on_with(project, tmp_path):
    recordings.write_kitti(tmp_path, FRAMES)
    ordered = start_import(project, source_path=str(tmp_path))
    run = begun(ordered)
    scenes = import_recording(ordered, run=run)
    first = next(scenes)
    scenes.close()
    JobRun.objects.filter(pk=run.pk).update(state="queued")
    written = set(Asset.objects.values_list("pk", "created_at"))

    take_in(ordered, run=begun(ordered))

    ordered.refresh_from_db()
    assert (ordered.state, Scene.objects.count()) == ("done", 3)
    assert Scene.objects.get(name=first.name).pk == first.pk
    assert set(Asset.objects.values_list("pk", "created_at")) > written
    # What died between the scene and its task is made good.
    assert Task.objects.filter(scene=first).count() == 1


def test_progress_counts_what_was_done_before(project, tmp_path):
    recordings.write_kitti(tmp_path, FRAMES)
    ordered = start_import(project, source_path=str(tmp_path))
    run = begun(ordered)

    seen = [JobRun.objects.get(pk=run.pk).done for _ in import_recording(ordered, run=run)]

    run.refresh_from_db()
    assert (run.done, run.total) == (6, 6)
    assert seen == sorted(seen)


def test_a_stopped_import_keeps_what_is_in_and_writes_no_half_scene(project, tmp_path):
    recordings.write_kitti(tmp_path, FRAMES)
    ordered = start_import(project, source_path=str(tmp_path))
    run = begun(ordered)
    scenes = import_recording(ordered, run=run)
    next(scenes)
    request_cancel(run)

    with pytest.raises(RunCancelled):
        next(scenes)

    assert Scene.objects.count() == 1
    assert Capture.objects.count() == 2


def test_a_stopped_run_marks_its_import(project, tmp_path):
    ordered = start_import(project, source_path=str(recordings.write_kitti(tmp_path)))
    run = begun(ordered)
    request_cancel(run)

    with pytest.raises(RunCancelled):
        take_in(ordered, run=run)

    ordered.refresh_from_db()
    assert ordered.state == "cancelled"


def test_importing_again_brings_nothing_twice(bring_in, tmp_path):
    recordings.write_kitti(tmp_path, FRAMES)
    bring_in(tmp_path)
    assets = Asset.objects.count()

    ordered, _ = bring_in(tmp_path)

    assert ordered.message == "Nothing new: its scenes were imported before."
    assert (Scene.objects.count(), Asset.objects.count()) == (3, assets)
    assert Task.objects.count() == 3


def test_a_mended_file_brings_in_its_scene_alone(bring_in, tmp_path):
    recordings.write_kitti(tmp_path, FRAMES)
    whole = (tmp_path / "velodyne/000002.bin").read_bytes()
    recordings.put(tmp_path / "velodyne/000002.bin", whole[:-5])
    bring_in(tmp_path)
    recordings.put(tmp_path / "velodyne/000002.bin", whole)

    ordered, _ = bring_in(tmp_path)

    assert (ordered.state, ordered.message) == ("done", "1 scene imported.")
    assert Scene.objects.count() == 3


def test_labels_can_be_brought_in_later(bring_in, tmp_path):
    recordings.write_kitti(tmp_path)
    bring_in(tmp_path)
    assert not SceneLabels.objects.exists()

    bring_in(tmp_path, with_labels=True)

    assert SceneLabels.objects.get().record_count == 3


def test_two_projects_have_scenes_of_their_own_and_share_the_files(bring_in, tmp_path):
    recordings.write_kitti(tmp_path)
    bring_in(tmp_path)
    assets = Asset.objects.count()

    bring_in(tmp_path, into=make_project())

    assert (Scene.objects.count(), Asset.objects.count()) == (2, assets)


def test_queries_do_not_grow_with_frames(
    bring_in, tmp_path, monkeypatch, django_assert_max_num_queries
):
    # How often progress is told depends on the clock, not on the frames.
    monkeypatch.setattr("apps.scenes.services.importing.TELL_EVERY_S", 1e9)
    short = recordings.write_tracking(tmp_path / "short", "0001", frames=3)
    long = recordings.write_tracking(tmp_path / "long", "0002", frames=23)

    with django_assert_max_num_queries(60):
        bring_in(short)
    with django_assert_max_num_queries(60):
        bring_in(long)
