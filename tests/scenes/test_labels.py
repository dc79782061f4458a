"""Labels of a recording: a bad one is reported and takes no other along."""

import pytest

from apps.annotation.models import ChangeSet, Keyframe, LabelledObject
from apps.operations.models import Task
from apps.scenes.models import Scene, SceneLabels
from tests.scenes import recordings
from tests.scenes.conftest import rows

LINE = "Car 0 0 1.85 38.76 18.15 42.38 20.31 1.67 1.87 3.69 -6.5 1.7 20 1.57"


def labels_that(root, *objects):
    labels = recordings.concord_labels()
    labels["objects"] += objects
    return recordings.write_concord(root, labels=labels)


def test_labels_are_saved_and_noted(bring_in, tmp_path):
    ordered, _ = bring_in(recordings.write_kitti(tmp_path), with_labels=True)

    assert ordered.state == "done"
    assert sorted(LabelledObject.objects.values_list("class_key", flat=True)) == [
        "car",
        "ignored_region",
        "pedestrian",
    ]
    assert SceneLabels.objects.get().applied_at is not None
    assert ChangeSet.objects.count() == 3


def test_without_being_asked_none_are_saved(bring_in, tmp_path):
    bring_in(recordings.write_kitti(tmp_path))

    assert not LabelledObject.objects.exists()


def test_importing_again_saves_nothing_twice(bring_in, tmp_path):
    recordings.write_kitti(tmp_path)
    bring_in(tmp_path, with_labels=True)
    before = list(Keyframe.objects.order_by("pk").values())

    bring_in(tmp_path, with_labels=True)

    assert list(Keyframe.objects.order_by("pk").values()) == before


def test_a_class_that_the_guideline_does_not_know_is_named(bring_in, tmp_path):
    recordings.write_kitti(tmp_path)
    recordings.put(tmp_path / "label_2/000001.txt", f"Unicorn{LINE[3:]}\n{LINE}\n")

    ordered, report = bring_in(tmp_path, with_labels=True)

    assert ordered.state == "partial"
    [(path, field, said)] = rows(report, "failed")
    assert (path, field) == ("label_2/000001.txt", "line 1")
    assert "no class “Unicorn”" in said
    assert [one.class_key for one in LabelledObject.objects.all()] == ["car"]


def test_a_label_outside_of_the_scene_takes_no_other_along(bring_in, tmp_path):
    late = {
        "id": "late",
        "class": "car",
        "keys": [
            {
                "at_ns": 10**15,
                "cuboid": {
                    "center_m": [1, 2, 3],
                    "quaternion_xyzw": [0, 0, 0, 1],
                    "size_m": [4, 2, 1.5],
                },
            }
        ],
    }

    ordered, report = bring_in(labels_that(tmp_path, late), with_labels=True)

    assert ordered.state == "partial"
    [(path, field, said)] = rows(report, "failed")
    assert (path, field) == ("labels/street-1.json", "objects.1")
    assert "lies outside the scene" in said
    assert LabelledObject.objects.count() == 1
    assert Task.objects.filter(scene=Scene.objects.get()).count() == 1


def test_a_box_without_its_capture_is_told_and_the_rest_of_the_object_stays(bring_in, tmp_path):
    lost = {
        "id": "lost",
        "class": "car",
        "boxes": [
            {"sensor": "cam-front", "at_ns": 7, "box_px": [1, 2, 30, 40]},
            {"sensor": "cam-front", "at_ns": 5_000_000, "box_px": [1, 2, 30, 40]},
        ],
    }

    ordered, report = bring_in(labels_that(tmp_path, lost), with_labels=True)

    assert ordered.state == "done"
    [(path, field, _)] = rows(report, "warned")
    assert (path, field) == ("labels/street-1.json", "objects.1 (lost)")
    assert Keyframe.objects.filter(stream="cam-front/box").count() == 2


@pytest.mark.parametrize("name", ["DontCare", "Cyclist", "Van", "Person_sitting", "Tram", "Misc"])
def test_every_class_of_kitti_has_a_place(bring_in, tmp_path, name):
    recordings.write_kitti(tmp_path)
    recordings.put(tmp_path / "label_2/000001.txt", f"{name}{LINE[3:]}\n")

    ordered, report = bring_in(tmp_path, with_labels=True)

    assert (ordered.state, rows(report, "failed")) == ("done", [])
    assert LabelledObject.objects.count() == 1
