"""Reading the golden vectors that both languages share."""

import json
from pathlib import Path

import numpy as np
import pytest

from numerics.geometry.camera import camera_of
from numerics.geometry.cuboid import Cuboid
from numerics.geometry.rigid import Rigid

FOLDER = Path(__file__).parent.parent / "golden"


def cases(name):
    """One pytest parameter a case."""
    document = json.loads((FOLDER / f"{name}.json").read_text())
    return pytest.mark.parametrize(
        ("given", "expected"),
        [pytest.param(c["input"], c["expected"], id=c["name"]) for c in document["cases"]],
    )


def same(measured, expected, tolerance=1e-9):
    """Within 1e-9, absolute below 1 and relative above, element by element."""
    np.testing.assert_allclose(measured, expected, rtol=tolerance, atol=tolerance)
    return True


def a_cuboid(given):
    return Cuboid.of(given["center_m"], given["quaternion_xyzw"], given["size_m"])


def a_pose(given):
    return Rigid.of(given["quaternion_xyzw"], given["translation_m"])


def a_camera(given):
    return camera_of(
        given["model"],
        (given["width_px"], given["height_px"]),
        [given[f"{name}_px"] for name in ("fx", "fy", "cx", "cy")],
        distortion=given["distortion"],
    )
