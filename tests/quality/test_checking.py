"""Each check says what is wrong where it is wrong, in the service as in the shared numbers."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apps.annotation.models import LabelledObject
from apps.quality.models import Finding, Residual
from apps.quality.recordings import scene_view
from apps.quality.services.checking import check_scene
from numerics.geometry.cuboid import Cuboid
from numerics.geometry.projection import project_cuboid
from tests.factories.annotation import (
    LabelScene,
    add,
    box,
    cuboid,
    give_points,
    make_document,
    make_guideline,
    make_project,
    make_scene,
    new_id,
    put,
)
from tests.quality.conftest import Check, Open

CAM = "CAM_FRONT/box"
SECOND = 10**9
OBJ = new_id()
GOLDEN = Path(__file__).parent.parent / "golden"
CAR = ((20, 0, 0.75), (4.4, 1.8, 1.5))


def golden(name: str) -> list[Any]:
    cases = json.loads((GOLDEN / f"{name}.json").read_text())["cases"]
    return [pytest.param(one["input"], one["expected"], id=one["name"]) for one in cases]


def plain(cases: list[Any]) -> list[Any]:
    """Cases without a finding that stood before, of classes that the test's guideline has."""
    return [
        case
        for case in cases
        if case.values[0]["was"] is None
        and case.values[0]["class"] in {"car", "pedestrian", "van"}
    ]


def seen_box(made: LabelScene, row: int = 0, **moved: float) -> tuple[float, ...]:
    """What the front camera sees of the car, its edges moved by some pixels."""
    look = scene_view(made.scene).cameras["CAM_FRONT"]
    car = Cuboid.of(CAR[0], [0, 0, 0, 1], CAR[1]).transform(look.sensor_from_world[row])
    assert look.camera is not None
    seen = project_cuboid(car, look.camera)
    assert seen is not None
    return tuple(
        edge + moved.get(side, 0.0)
        for side, edge in zip(("left", "top", "right", "bottom"), seen.clipped_px, strict=True)
    )


def agrees(row: Finding | None, expected: dict[str, Any] | None) -> bool:
    assert (row is None) == (expected is None)
    if row is None or expected is None:
        return True
    said = (row.severity, row.unit)
    assert said == (expected["severity"], expected["unit"])
    assert np.allclose(
        [row.measured, row.threshold], [expected["measured"], expected["threshold"]], atol=2e-6
    )
    assert row.message.lower() == f"{expected['sentence'].lower()}."
    return True


@pytest.mark.parametrize(("given", "expected"), plain(golden("check_size_prior")))
def test_size_prior_is_the_golden_one(
    street: LabelScene, edit: Check, living: Open, given: Any, expected: Any
) -> None:
    if given["statistics"] is not None:
        pytest.skip("the service has no statistics of a project's sizes yet")
    edit(street, add(OBJ, given["class"]), put(OBJ, 0, cuboid(20, size_m=given["size_m"])))

    assert agrees(living().get("size.prior"), expected)


@pytest.mark.parametrize(("given", "expected"), plain(golden("check_kin_speed")))
def test_kin_speed_is_the_golden_one(
    street: LabelScene, edit: Check, living: Open, given: Any, expected: Any
) -> None:
    way_m = given["speed_m_s"] * 0.4
    keys = [put(OBJ, 0, cuboid(0)), put(OBJ, 4 * 10**8, cuboid(way_m))]
    edit(street, add(OBJ, given["class"]), *keys)

    assert agrees(living().get("kin.speed"), expected)


@pytest.mark.parametrize(("given", "expected"), plain(golden("check_ground_gap")))
def test_ground_gap_is_the_golden_one(
    street: LabelScene, edit: Check, living: Open, given: Any, expected: Any
) -> None:
    if given["ground_m"] is None:
        pytest.skip("the made street's ground is known everywhere")
    give_points(street, 0)
    shape = given["cuboid"]
    x_m, y_m, z_m = shape["center_m"]
    value = cuboid(
        x_m,
        y_m,
        z_m - given["ground_m"],
        size_m=shape["size_m"],
        quaternion_xyzw=shape["quaternion_xyzw"],
    )
    edit(street, add(OBJ, given["class"]), put(OBJ, 0, value))

    assert agrees(living().get("ground.gap"), expected)


def test_a_cuboid_that_fits_its_points_box_and_ground_has_no_finding(
    street: LabelScene, edit: Check, living: Open
) -> None:
    give_points(street, 0, CAR)
    seen = seen_box(street)
    drawn = put(OBJ, 0, box(*seen, state="adjusted", reason="checked by eye"), stream=CAM)
    delta = edit(street, add(OBJ), put(OBJ, 0, cuboid(20)), drawn)

    assert living() == {}
    assert (
        delta.is_partial is True
    )  # the object reaches into frames whose points are not in memory
    residual = Residual.objects.get(sensor__key="CAM_FRONT")
    assert residual.iou == pytest.approx(1)
    assert residual.calibration_id == scene_view(street.scene).cameras["CAM_FRONT"].calibration_id
    lidar = Residual.objects.get(sensor__key="LIDAR", at_ns=0)
    assert lidar.points_inside > 500
    assert lidar.ground_gap_m == pytest.approx(0, abs=0.01)


def test_an_edge_that_is_off_explains_the_overlap_and_carries_its_mend(
    street: LabelScene, edit: Check, living: Open
) -> None:
    give_points(street, 0, CAR)
    sunk = seen_box(street, bottom=25, top=25)
    drawn = put(OBJ, 0, box(*sunk, state="adjusted", reason="checked by eye"), stream=CAM)
    edit(street, add(OBJ), put(OBJ, 0, cuboid(20)), drawn)

    found = living()
    assert "proj.edges" in found
    assert "proj.iou" not in found
    assert "proj.center" not in found
    finding = found["proj.edges"]
    assert (finding.sensor.key, finding.at_ns) == ("CAM_FRONT", 0)
    first, *_, last = finding.fixes
    assert first["label"].startswith("Lower ")
    assert last["label"] == "Draw the box from the cuboid"
    assert last["ops"][0]["next"]["state"] == "derived"


def test_a_box_where_the_cuboid_is_not_seen_has_no_overlap_at_all(
    street: LabelScene, edit: Check, living: Open
) -> None:
    drawn = put(OBJ, 0, box(100, 100, 300, 300, state="adjusted", reason="x"), stream=CAM)
    edit(street, add(OBJ), put(OBJ, 0, cuboid(-30)), drawn)

    finding = living()["proj.iou"]
    assert (finding.severity, finding.measured) == ("error", 0)


def test_a_visible_cuboid_without_a_box_is_missing_one_until_it_is_linked(
    street: LabelScene, edit: Check, living: Open
) -> None:
    edit(street, add(OBJ), put(OBJ, 0, cuboid(20)))
    finding = living()["link.missing"]
    assert (finding.severity, finding.sensor.key) == ("warning", "CAM_FRONT")

    delta = edit(street, *finding.fixes[0]["ops"])

    assert finding.pk in delta.closed
    assert "link.missing" not in living()


def test_a_cuboid_behind_a_wall_needs_no_box(
    street: LabelScene, edit: Check, living: Open
) -> None:
    wall = ((12, 0, 1.5), (0.5, 8, 3))
    give_points(street, 0, CAR, wall)

    edit(street, add(OBJ), put(OBJ, 0, cuboid(20)))

    assert "link.missing" not in living()


def test_points_behind_a_box_alone_miss_a_cuboid(
    street: LabelScene, edit: Check, living: Open
) -> None:
    give_points(street, 0, CAR)
    edit(street, add(OBJ), put(OBJ, 0, box(*seen_box(street)), stream=CAM))
    check_scene(street.scene)

    finding = living()["link.missing"]
    assert "points lie behind this box" in finding.message
    (proposal,) = finding.fixes[0]["ops"]
    assert proposal["stream"] == "world/cuboid"
    assert proposal["next"]["geometry"]["center_m"] == pytest.approx([18, 0, 0.75], abs=1.0)


def test_a_box_that_covers_another_objects_projection_must_be_of_its_class(
    street: LabelScene, edit: Check, living: Open
) -> None:
    other = new_id()
    edit(street, add(OBJ), put(OBJ, 0, cuboid(20)))
    edit(street, add(other, "pedestrian"), put(other, 0, box(*seen_box(street)), stream=CAM))

    finding = living()["link.class"]
    assert (finding.severity, str(finding.object_id)) == ("error", other)
    edit(street, *finding.fixes[1]["ops"])
    assert "link.class" not in living()
    assert LabelledObject.objects.get(pk=other).class_key == "car"


def test_a_cuboid_with_few_points_and_one_that_cuts_its_points_off(
    street: LabelScene, edit: Check, living: Open
) -> None:
    give_points(street, 0, CAR)
    empty = new_id()
    edit(street, add(empty), put(empty, 0, cuboid(-20, 10, 5)))
    assert living()["pts.few"].severity == "error"

    edit(street, add(OBJ), put(OBJ, 0, cuboid(20.1, size_m=[4.2, 1.8, 1.5])))

    finding = living()["pts.outside"]
    assert (str(finding.object_id), "rear face" in finding.message) == (OBJ, True)
    for _ in range(4):  # a fix reaches as far as the points that hang together with those inside
        if "pts.outside" in living():
            edit(street, *living()["pts.outside"].fixes[0]["ops"])
    assert "pts.outside" not in living()


def test_a_floating_cuboid_is_set_on_the_ground_by_its_fix(
    street: LabelScene, edit: Check, living: Open
) -> None:
    give_points(street, 0, CAR)
    edit(street, add(OBJ), put(OBJ, 0, cuboid(20, z_m=1.2)))
    finding = living()["ground.gap"]
    assert finding.message == "It floats 0.45 m above the ground."

    edit(street, *finding.fixes[0]["ops"])

    assert "ground.gap" not in living()
    key = LabelledObject.objects.get().keyframes.get()
    assert (key.origin, key.geometry["center_m"][2]) == ("fit", pytest.approx(0.75, abs=0.01))


def test_one_size_for_the_whole_track_is_one_finding_with_one_mend(
    street: LabelScene, edit: Check, living: Open
) -> None:
    keys = [put(OBJ, t, cuboid(20 + i)) for i, t in enumerate(street.frame_times[:3])]
    keys += [
        put(OBJ, t, cuboid(23 + i, size_m=[4.4, 2.0, 1.5]))
        for i, t in enumerate(street.frame_times[3:])
    ]
    edit(street, add(OBJ), *keys)
    assert Finding.objects.filter(check_id="size.track").count() == 1
    finding = living()["size.track"]
    assert finding.fixes[-1]["label"] == "Take the size of its track at all 2 keyframes"

    edit(street, *finding.fixes[-1]["ops"])

    assert "size.track" not in living()


def test_a_keyframe_out_of_line_is_one_finding_of_speed(
    street: LabelScene, edit: Check, living: Open
) -> None:
    keys = [put(OBJ, t, cuboid(20 + i)) for i, t in enumerate(street.frame_times)]
    keys[2] = put(OBJ, street.frame_times[2], cuboid(42))
    edit(street, add(OBJ), *keys)

    assert Finding.objects.filter(check_id="kin.speed", state="open").count() == 2
    assert living()["kin.speed"].unit == "m/s"


def test_a_car_does_not_spin(street: LabelScene, edit: Check, living: Open) -> None:
    turned = [0, 0, float(np.sin(0.4)), float(np.cos(0.4))]
    keys = [
        put(OBJ, t, cuboid(20 + i, **({"quaternion_xyzw": turned} if i > 2 else {})))
        for i, t in enumerate(street.frame_times)
    ]
    edit(street, add(OBJ), *keys)

    assert living()["kin.yawrate"].severity == "error"


def test_two_cuboids_in_one_place_are_one_finding_and_merge(
    street: LabelScene, edit: Check, living: Open
) -> None:
    other = new_id()
    edit(street, add(OBJ), put(OBJ, 0, cuboid(20)), put(OBJ, 10**8, cuboid(20)))
    edit(street, add(other), put(other, 0, cuboid(20.1)))

    rows = Finding.objects.filter(check_id="dup.overlap", state="open", at_ns=0)
    assert rows.count() == 1
    finding = rows.get()
    assert {str(finding.object_id), str(finding.other_object_id)} == {OBJ, other}
    edit(street, *finding.fixes[0]["ops"])
    assert "dup.overlap" not in living()
    assert [str(row.pk) for row in LabelledObject.objects.all()] == [OBJ]


def test_a_check_that_is_switched_off_says_nothing(db: None, edit: Check) -> None:
    project = make_project("quiet")
    off = {"enabled": False, "blocks": [], "clause": "", "params": {}}
    made = make_scene(
        project, guideline=make_guideline(project, make_document(**{"size.prior": off}))
    )
    edit(made, add(OBJ), put(OBJ, 0, cuboid(20, size_m=[9, 1.8, 1.5])))

    assert not Finding.objects.filter(check_id="size.prior").exists()
