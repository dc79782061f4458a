"""A frozen scene, made by hand: two frames, a LiDAR, two cameras, a moving car and a person."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from apps.deliveries.snapshot import (
    CaptureView,
    FrameView,
    KeyView,
    ObjectView,
    SceneSnapshot,
    SensorView,
)
from numerics.geometry.rigid import PoseTrack, Rigid

STEP_NS = 100_000_000
CAMERA = {
    "model": "pinhole",
    "width_px": 1242,
    "height_px": 375,
    "fx_px": 721.5,
    "fy_px": 721.5,
    "cx_px": 609.5,
    "cy_px": 172.8,
    "distortion": [],
}
EGO_FROM_CAMERA = Rigid.of_matrix(
    np.array([[0.0, 0, 1, 0.3], [-1, 0, 0, 0.1], [0, -1, 0, -0.1], [0, 0, 0, 1]])
)
EGO_FROM_REAR = Rigid.of_matrix(
    np.array([[0.0, 0, -1, -1.0], [1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 0, 1]])
)


def key(at_ns: int, geometry: dict[str, Any] | None, **values: Any) -> KeyView:
    standard: dict[str, Any] = {
        "state": "keyed",
        "absent": False,
        "confirmed": True,
        "origin": "human",
        "reason": "",
        "attributes": {},
        "guideline_number": 1,
    }
    return KeyView(at_ns, geometry=geometry, **{**standard, **values})


def cuboid(x_m: float, y_m: float, *, yaw_rad: float = 0.0) -> dict[str, Any]:
    return {
        "center_m": [x_m, y_m, -0.8],
        "quaternion_xyzw": [0.0, 0.0, np.sin(yaw_rad / 2), np.cos(yaw_rad / 2)],
        "size_m": [4.2, 1.8, 1.5],
    }


@pytest.fixture
def scene() -> SceneSnapshot:
    car = ObjectView(
        "0f7d8c1e-0000-4000-8000-000000000001",
        "car",
        {"rider": False, "colour": "red"},
        "dynamic",
        {
            "world/cuboid": (
                key(0, cuboid(15.0, 2.0), attributes={"occlusion": "none"}),
                key(2 * STEP_NS, cuboid(17.0, 2.0)),
            ),
            "front/box": (
                key(
                    0, {"box_px": [450.0, 180.0, 580.0, 260.0]}, state="adjusted", reason="Tight."
                ),
                key(STEP_NS, None, state="derived"),
                key(2 * STEP_NS, None, state="not_visible", reason="Behind a truck."),
            ),
        },
    )
    person = ObjectView(
        "0f7d8c1e-0000-4000-8000-000000000002",
        "pedestrian",
        {},
        "dynamic",
        {
            "world/cuboid": (
                key(0, cuboid(9.0, -3.0, yaw_rad=0.5)),
                key(STEP_NS, None, absent=True),
            )
        },
    )
    region = ObjectView(
        "0f7d8c1e-0000-4000-8000-000000000003",
        "region",
        {},
        "static",
        {"front/box": (key(0, {"box_px": [10.0, 20.0, 60.0, 70.0]}, state="independent"),)},
    )
    frames = tuple(
        FrameView(
            index,
            index * STEP_NS,
            {
                "lidar": CaptureView(index * STEP_NS, f"velodyne/{index:06d}.bin", None, None),
                "front": CaptureView(index * STEP_NS, f"image_2/{index:06d}.png", 1242, 375),
                "rear": CaptureView(index * STEP_NS, f"rear/{index:06d}.png", 1242, 375),
            },
        )
        for index in range(3)
    )
    return SceneSnapshot(
        scene_id=7,
        name="Harbour road",
        source_key="drive/7",
        source_format="kitti",
        t0_ns=1_700_000_000_000_000_000,
        version=12,
        head_hash="ab" * 32,
        sensors=(
            SensorView("lidar", "LiDAR", "lidar", Rigid.identity(), None, 1),
            SensorView("front", "Front", "camera", EGO_FROM_CAMERA, CAMERA, 1),
            SensorView("rear", "Rear", "camera", EGO_FROM_REAR, CAMERA, 2),
        ),
        frames=frames,
        world_from_ego=PoseTrack(
            np.array([0.0, 0.2]),
            np.array([[0, 0, 0, 1.0]] * 2),
            np.array([[0, 0, 0.0], [1, 0, 0]]),
        ),
        objects=(car, person, region),
        guideline_numbers=(1,),
        vehicle_classes=frozenset({"car"}),
        class_names={"kitti": {"car": "Car", "pedestrian": "Pedestrian", "region": "DontCare"}},
    )


@pytest.fixture
def single(scene: SceneSnapshot) -> SceneSnapshot:
    return replace(scene, frames=scene.frames[:1], world_from_ego=None)
