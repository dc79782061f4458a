"""Each importer turns its format into the portal's frames, units and times, once, at the door."""

import json

import numpy as np
import pytest

from apps.scenes.importers.concord_manifest import recording_schema
from apps.scenes.importers.faults import SceneRefused
from apps.scenes.importers.kitti_poses import ego_poses
from apps.scenes.importers.recording import open_recording
from apps.scenes.importers.registry import importer_for
from numerics.geometry.rigid import Rigid
from tests.scenes import recordings
from tests.shared_data import PROJECT, shared

NS = 1_000_000_000


def plans_of(path, *, format_key="auto", with_labels=True):
    with open_recording(path) as recording:
        importer = importer_for(recording, format_key)
        reading = importer.begin(recording)
        plans = [reading.plan(outline, with_labels=with_labels) for outline in reading.outlines]
        return importer.key, reading, plans


def refusal_of(path, **options):
    with pytest.raises(SceneRefused) as refused:
        plans_of(path, **options)
    return refused.value.faults


# --- KITTI object ---------------------------------------------------------------------------------


def test_a_kitti_frame_is_a_scene_with_a_lidar_and_a_camera(tmp_path):
    key, reading, [plan] = plans_of(recordings.write_kitti(tmp_path))

    assert key == "kitti"
    assert [outline.name for outline in reading.outlines] == ["000001"]
    assert [sensor.key for sensor in plan.sensors] == ["velodyne", "image_2"]
    assert [capture.path for capture in plan.frames[0].captures] == [
        "velodyne/000001.bin",
        "image_2/000001.png",
    ]
    assert any("no poses" in note for note in plan.notes)


def test_a_kitti_camera_projects_like_the_file_says():
    _, _, [plan, *_] = plans_of(shared("lidar_camera", "kitti_object_shared"))
    lidar, camera = plan.sensors
    calibration = {
        name: np.array([float(word) for word in rest.split()])
        for name, _, rest in (
            line.partition(":")
            for line in shared("lidar_camera", "kitti_object_shared", "calib", "000001.txt")
            .read_text()
            .splitlines()
            if line
        )
    }
    point_m = np.array([20.0, 3.0, -1.0])
    rect = np.eye(4)
    rect[:3, :3] = calibration["R0_rect"].reshape(3, 3)
    velo = np.vstack([calibration["Tr_velo_to_cam"].reshape(3, 4), [0, 0, 0, 1]])
    expected = calibration["P2"].reshape(3, 4) @ rect @ velo @ [*point_m, 1]

    in_camera = (camera.ego_from_sensor.inverse() @ lidar.ego_from_sensor).apply(point_m)
    k = camera.intrinsics
    pixel = (
        k.fx_px * in_camera[0] / in_camera[2] + k.cx_px,
        k.fy_px * in_camera[1] / in_camera[2] + k.cy_px,
    )

    assert pixel == pytest.approx(tuple(expected[:2] / expected[2]), abs=0.02)


def test_kitti_labels_become_cuboids_boxes_and_regions(tmp_path):
    _, _, [plan] = plans_of(recordings.write_kitti(tmp_path))

    car, pedestrian, region = plan.labels

    assert [label.class_name for label in plan.labels] == ["Car", "Pedestrian", "DontCare"]
    assert car.keys[0].cuboid.size_m.tolist() == [3.69, 1.87, 1.67]
    assert pedestrian.boxes[0].attributes == {"truncated": 0.3, "occluded": 2, "alpha": -0.2}
    assert region.keys == ()
    assert region.boxes[0].box_px == (50.39, 16.97, 59.06, 19.01)


def test_without_being_asked_no_labels_are_read(tmp_path):
    _, _, [plan] = plans_of(recordings.write_kitti(tmp_path), with_labels=False)

    assert plan.labels == ()
    assert plan.used == ("calib/000001.txt",)


def test_a_bad_label_line_is_named_and_the_others_are_read(tmp_path):
    recordings.write_kitti(tmp_path)
    lines = recordings.KITTI_LABELS.splitlines()
    lines[0] = lines[0].replace("58.49", "nan")
    lines[1] = lines[1] + " 0.9 extra"
    recordings.put(tmp_path / "label_2/000001.txt", "\n".join(lines))

    _, _, [plan] = plans_of(tmp_path)

    assert [(fault.path, fault.field) for fault in plan.faults] == [
        ("label_2/000001.txt", "line 1"),
        ("label_2/000001.txt", "line 2"),
    ]
    assert [label.class_name for label in plan.labels] == ["DontCare"]


@pytest.mark.parametrize(
    ("broken", "field", "said"),
    [
        ("P2: 700 0 160 0 0 700 60 0 0 0 1", "P2", "has 11 numbers; a 3x4 matrix needs 12"),
        ("P2: 700 9 160 0 0 700 60 0 0 0 1 0", "P2", "no projection matrix"),
        ("P2: 700 0 160 nan 0 700 60 0 0 0 1 0", "P2", "not finite"),
        ("R0_rect: 1 0 0 0 1 0 0 0 2", "R0_rect", "not orthonormal"),
        ("Tr_velo_to_cam: 1 0 0 0 0 -1 0 0 0 0 1 0", "Tr_velo_to_cam", "mirrors"),
    ],
)
def test_a_wrong_calibration_is_named(tmp_path, broken, field, said):
    recordings.write_kitti(tmp_path)
    name = broken.partition(":")[0]
    lines = recordings.KITTI_CALIBRATION.splitlines()
    mended = [broken if line.startswith(f"{name}:") else line for line in lines]
    recordings.put(tmp_path / "calib/000001.txt", "\n".join(mended))

    [fault] = refusal_of(tmp_path)

    assert (fault.path, fault.field) == ("calib/000001.txt", field)
    assert said in fault.problem
    assert fault.mend


@pytest.mark.parametrize("folder", ["calib", "velodyne", "image_2"])
def test_a_frame_that_lacks_a_file_is_refused_by_name(tmp_path, folder):
    recordings.write_kitti(tmp_path, ("000001", "000002"))
    for path in (tmp_path / folder).glob("000001.*"):
        path.unlink()

    [fault] = refusal_of(tmp_path)

    assert fault.path.startswith(f"{folder}/000001")


# --- KITTI tracking and raw -----------------------------------------------------------------------


def test_a_sequence_is_a_scene_with_tracks_that_have_gaps(tmp_path):
    key, _, [plan] = plans_of(recordings.write_tracking(tmp_path))
    track, region = plan.labels

    assert key == "kitti-tracking"
    assert [frame.at_ns for frame in plan.frames] == [0, NS // 10, NS // 5, 3 * NS // 10]
    assert [key.cuboid is None for key in track.keys] == [False, False, True, False]
    assert (region.class_name, len(region.boxes)) == ("DontCare", 4)
    assert any("0.1 s apart" in note for note in plan.notes)


def test_a_parked_car_stays_where_it_is_in_the_world(tmp_path):
    _, _, [plan] = plans_of(recordings.write_tracking(tmp_path))
    centers = [key.cuboid.center_m for key in plan.labels[0].keys if key.cuboid is not None]

    # 9e-6 degrees of latitude are 1 m; the labels come 1 m nearer with every frame.
    # The labels' frame is tilted by 0.9 degrees, so they sink by 3 cm on their way.
    assert np.ptp(centers, axis=0) == pytest.approx([0, 0, 0.025], abs=0.01)
    driven_m = np.diff([pose.world_from_ego.translation_m for pose in plan.poses], axis=0)
    assert driven_m == pytest.approx(np.tile([0, 1.0, 0], (3, 1)), abs=0.01)


def test_poses_begin_at_the_origin_and_point_along_yaw():
    records = {0: np.array([49.0, 8.4, 115, 0, 0, 0]), 1: np.array([49.0, 8.4, 116, 0, 0, np.pi])}

    poses = ego_poses(records, velodyne_from_imu=Rigid.identity())

    assert poses[0].translation_m.tolist() == [0, 0, 0]
    assert poses[1].translation_m == pytest.approx([0, 0, 1], abs=1e-6)
    assert poses[1].rotation[:, 0] == pytest.approx([-1, 0, 0], abs=1e-9)


def test_frames_that_no_pose_covers_are_left_out_by_name(tmp_path):
    recordings.write_tracking(tmp_path, frames=9)
    oxts = tmp_path / "oxts/0001.txt"
    oxts.write_text("".join(oxts.read_text().splitlines(keepends=True)[:3]))

    _, _, [plan] = plans_of(tmp_path)

    assert [fault.path for fault in plan.faults] == ["oxts/0001.txt"]
    assert plan.faults[0].field == "frame 5"
    assert len(plan.frames) == 5


def test_a_raw_drive_has_its_own_times_and_tracklets(tmp_path):
    key, reading, [plan] = plans_of(recordings.write_raw(tmp_path))
    times_ns = {capture.at_ns for frame in plan.frames for capture in frame.captures}

    assert key == "kitti-tracking"
    assert reading.outlines[0].name == "2011_09_26_drive_0001_sync"
    assert plan.t0_ns == 1_317_042_145 * NS
    assert {capture.sensor_key for capture in plan.frames[0].captures} == {"velodyne", "image_2"}
    assert {at_ns % (NS // 10) for at_ns in times_ns} == {0, NS // 100}
    assert [label.class_name for label in plan.labels] == ["Car"]
    assert [key.cuboid is None for key in plan.labels[0].keys] == [False, False, True]
    assert [fault.field for fault in plan.faults] == ["tracklet 1"]


def test_an_xml_that_declares_entities_is_refused(tmp_path):
    recordings.write_raw(tmp_path)
    [xml] = tmp_path.rglob("tracklet_labels.xml")
    xml.write_text('<!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>')

    _, _, [plan] = plans_of(tmp_path)

    assert plan.labels == ()
    assert plan.faults[0].problem == "It declares entities."


def test_a_real_tracking_sequence_reads(tmp_path):
    key, _, [plan] = plans_of(shared("tracking", "kitti_tracking_0001_stereo_lidar"))

    assert (key, len(plan.frames), plan.faults) == ("kitti-tracking", 2, ())
    assert len([label for label in plan.labels if label.keys]) == 7


# --- nuScenes -------------------------------------------------------------------------------------


def test_nuscenes_tables_become_frames_with_their_own_times(tmp_path):
    key, _, [plan] = plans_of(recordings.write_nuscenes(tmp_path))
    camera = next(sensor for sensor in plan.sensors if sensor.modality == "camera")
    first = {capture.sensor_key: capture for capture in plan.frames[0].captures}

    assert key == "nuscenes"
    assert plan.t0_ns == 1_532_402_927 * NS
    assert first["CAM_FRONT"].at_ns - first["LIDAR_TOP"].at_ns == 12_000_000
    assert [sensor.key for sensor in plan.sensors] == ["LIDAR_TOP", "CAM_FRONT", "RADAR_FRONT"]
    # w first in nuScenes, last here: this camera looks along the ego x axis.
    assert camera.ego_from_sensor.rotation @ [0, 0, 1] == pytest.approx([1, 0, 0])
    assert plan.poses[1].world_from_ego.translation_m.tolist() == [105, 200, 0]


def test_nuscenes_sizes_and_turns_are_put_in_our_order(tmp_path):
    _, _, [plan] = plans_of(recordings.write_nuscenes(tmp_path))
    [label] = plan.labels
    key, gone = label.keys

    assert label.class_name == "vehicle.car"
    assert key.cuboid.size_m.tolist() == [4.5, 1.9, 1.6]
    assert abs(key.cuboid.yaw_rad) == pytest.approx(np.pi)
    assert key.attributes["attributes"] == ["vehicle.moving"]
    assert gone.cuboid is None


def test_a_bad_row_is_named_and_the_rest_is_read(tmp_path):
    tables = recordings.nuscenes_tables()
    tables["sample_data"][1]["ego_pose_token"] = "nowhere"
    tables["sample_annotation"].append({"token": "a1", "size": [1, -1, 1]})
    recordings.write_nuscenes(tmp_path, tables)

    _, _, [plan] = plans_of(tmp_path)

    assert [(fault.path, fault.field) for fault in plan.faults] == [
        ("v1.0-mini/sample_data.json", "d0-CAM_FRONT.ego_pose_token"),
        ("v1.0-mini/sample_annotation.json", "row 1.sample_token"),
    ]
    assert [len(frame.captures) for frame in plan.frames] == [2, 3]


def test_a_table_that_is_missing_or_cut_off_is_named(tmp_path):
    recordings.write_nuscenes(tmp_path)
    scene = tmp_path / "v1.0-mini/sample.json"
    scene.write_text(scene.read_text()[:-5])
    [fault] = [fault for fault in plans_of_faults(tmp_path) if "sample.json" in fault.path]
    scene.unlink()

    [missing] = refusal_of(tmp_path)

    assert (fault.field, missing.field) == ("content", "table")


def plans_of_faults(path):
    with open_recording(path) as recording:
        return importer_for(recording, "auto").begin(recording).faults


def test_the_permissive_sample_of_the_schema_reads():
    _, _, [plan] = plans_of(shared("formats", "nuscenes_schema_t4dataset"))

    assert (len(plan.frames), len(plan.labels), plan.faults) == (3, 3, ())


# --- Concord --------------------------------------------------------------------------------------


def test_a_manifest_is_taken_as_it_says(tmp_path):
    key, _, [plan] = plans_of(recordings.write_concord(tmp_path))
    captures = {capture.sensor_key: capture for capture in plan.frames[1].captures}

    assert key == "concord"
    assert plan.t0_ns == 1_700_000_000 * NS
    assert captures["lidar-top"].at_ns == 100_000_000
    assert captures["cam-front"].at_ns == 105_000_000
    assert plan.sensors[1].intrinsics.distortion == (-0.1, 0.01)
    assert plan.labels[0].boxes[0].sensor_key == "cam-front"
    assert plan.labels[0].keys[1].cuboid is None


@pytest.mark.parametrize(
    ("where", "value", "field"),
    [
        (("sensors", 1, "camera", "fx_px"), -3, "scenes.0.sensors.1.camera.fx_px"),
        (("sensors", 1, "camera"), None, "scenes.0.sensors.1"),
        (("sensors", 0, "key"), "no blanks please", "scenes.0.sensors.0.key"),
        (("sensors", 1, "key"), "lidar-top", "scenes.0"),
        (("t0_ns",), "yesterday", "scenes.0.t0_ns"),
        (
            ("ego_poses", 0, "quaternion_xyzw"),
            [0, 0, 0, 2],
            "scenes.0.ego_poses.0.quaternion_xyzw",
        ),
        (
            ("frames", 0, "captures", "lidar-top", "path"),
            "../../etc/passwd",
            "scenes.0.frames.0.captures.lidar-top.path",
        ),
        (("wether",), "fine", "scenes.0.wether"),
    ],
)
def test_a_wrong_member_is_named_with_its_place(tmp_path, where, value, field):
    manifest = recordings.concord_manifest()
    recordings.write_concord(tmp_path, manifest)
    inner = manifest["scenes"][0]
    for step in where[:-1]:
        inner = inner[step]
    inner[where[-1]] = value
    recordings.put(tmp_path / "manifest.json", json.dumps(manifest))

    faults = refusal_of(tmp_path)

    assert (faults[0].path, faults[0].field) == ("manifest.json", field)


def test_a_manifest_that_is_no_json_is_told(tmp_path):
    recordings.write_concord(tmp_path)
    recordings.put(tmp_path / "manifest.json", '{"format": "concord-recording", "version": 1,')

    [fault] = plans_of_faults(tmp_path)

    assert fault.problem.startswith("It is no JSON")


def test_the_shipped_schema_is_the_models():
    shipped = json.loads((PROJECT / "docs/reference/recording.schema.json").read_text())

    assert shipped == recording_schema()


# --- none of them ---------------------------------------------------------------------------------


def test_what_fits_nothing_names_what_would_fit(tmp_path):
    recordings.put(tmp_path / "holiday.mp4", b"film")

    [fault] = refusal_of(tmp_path)

    assert "none of the formats" in fault.problem
    assert "image_2/" in fault.mend


def test_asking_for_the_wrong_format_is_told(tmp_path):
    recordings.write_kitti(tmp_path)

    [fault] = refusal_of(tmp_path, format_key="nuscenes")

    assert fault.problem == "The recording does not look like nuScenes schema."
