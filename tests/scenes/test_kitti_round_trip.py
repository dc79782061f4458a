"""Labels of KITTI, taken in and written out again, are the same for every object."""

import math
from pathlib import Path

import numpy as np
import pytest

from apps.modalities.base import Unreadable
from apps.scenes.importers.kitti_calibration import read_rig
from apps.scenes.importers.kitti_labels import box_in_rect, cuboid_in_ego, parse_line
from apps.scenes.importers.kitti_objects import Step, labels_of, read_boxes
from apps.scenes.importers.label_records import dumped, loaded
from apps.scenes.importers.recording import open_recording
from numerics.geometry.rigid import Rigid
from tests.scenes.recordings import KITTI_LABELS, write_kitti
from tests.shared_data import shared

LINE = KITTI_LABELS.splitlines()[0]


def every_file():
    objects = shared("lidar_camera", "kitti_object_shared")
    for frame in ("000001", "000004", "000007"):
        yield objects, f"label_2/{frame}.txt", f"calib/{frame}.txt", False
    for name in ("kitti_tracking_0001_stereo_lidar", "kitti_tracking_0000_lidar"):
        root = shared("tracking", name)
        [label] = (root / "label_02").glob("*.txt")
        [calib] = (root / "calib").glob("*.txt")
        yield root, f"label_02/{label.name}", f"calib/{calib.name}", True


def turn_between(a_rad, b_rad):
    return abs((a_rad - b_rad + math.pi) % (2 * math.pi) - math.pi)


@pytest.mark.shared
def test_every_real_label_comes_back_within_a_centimetre_and_a_hundredth_radian():
    boxes_seen = 0
    for root, path, calibration, tracking in every_file():
        with open_recording(Path(root)) as recording:
            rig = read_rig(recording, calibration, cameras=[2])
            boxes, faults = read_boxes(recording, path, tracking=tracking)
        assert faults == []
        for box in boxes:
            if box.size_m is None:
                continue
            cuboid = cuboid_in_ego(box, ego_from_rect=rig.ego_from_rect)
            bottom_m, turn_rad = box_in_rect(cuboid, ego_from_rect=rig.ego_from_rect)
            assert np.abs(np.subtract(bottom_m, box.bottom_m)).max() < 0.01
            assert turn_between(turn_rad, box.turn_rad) < 0.01
            assert tuple(cuboid.size_m) == box.size_m
            boxes_seen += 1
    assert boxes_seen > 3000


@pytest.mark.shared
def test_every_column_survives_the_records():
    root, path, calibration, _ = next(iter(every_file()))
    with open_recording(root) as recording:
        rig = read_rig(recording, calibration, cameras=[2])
        boxes, _ = read_boxes(recording, path, tracking=False)
    labels = labels_of(
        boxes,
        path=path,
        ego_from_rect=rig.ego_from_rect,
        camera_key="image_2",
        steps={0: Step(0, 0, Rigid.identity())},
    )

    back = loaded(dumped(labels))

    assert dumped(back) == dumped(labels)
    for box, label in zip(boxes, back, strict=True):
        assert label.class_name == box.class_name
        assert label.boxes[0].box_px == box.box_px
        assert label.boxes[0].attributes == box.attributes
        assert (label.keys == ()) == (box.size_m is None)


def test_a_scored_line_keeps_its_score():
    assert parse_line(LINE + " 0.87", line=1, tracking=False).attributes["score"] == 0.87


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Car 0 0", "has 3 columns"),
        (LINE.replace("1.67", "tall"), "is no number"),
        (LINE.replace("1.67", "inf"), "is not finite"),
        (LINE.replace("1.67", "0"), "dimension is not above 0"),
        (LINE.replace("58.49", "5849"), "over 1 km away"),
        (LINE.replace("42.38", "2.38"), "ends before it begins"),
    ],
)
def test_a_wrong_line_says_what_is_wrong(text, said):
    with pytest.raises(Unreadable, match=said) as refused:
        parse_line(text, line=7, tracking=False)

    assert refused.value.field == "line 7"


def test_a_flood_of_bad_lines_is_cut(tmp_path):
    write_kitti(tmp_path)
    (tmp_path / "label_2/000001.txt").write_text("rubbish\n" * 500)

    with open_recording(tmp_path) as recording:
        boxes, faults = read_boxes(recording, "label_2/000001.txt", tracking=False)

    assert (boxes, len(faults)) == ([], 51)
