"""A fast object and sensors that look at different times: true times explain what a frame grid cannot."""

import numpy as np
import pytest

from numerics.checks.draft import Noise, noise_px
from numerics.checks.limits import limits_of, params_of
from numerics.checks.projection import Pairing, check_edges
from numerics.geometry.camera import PinholeCamera
from numerics.geometry.cuboid import Cuboid
from numerics.geometry.projection import project_cuboid
from numerics.geometry.rigid import PoseTrack, Rigid
from numerics.geometry.trajectory import Keyframe, Motion, Trajectory

CAMERA = PinholeCamera(1600, 900, 1000, 1000, 800, 450)
CAMERA_FROM_EGO = Rigid(np.array([[0.0, -1, 0], [0, 0, -1], [1, 0, 0]]), np.array([0.0, 1.5, 0]))
SPEED_M_S, LATE_S = 20.0, 0.05


def crossing(time_s):
    """A car that crosses before the ego at 20 m/s, 20 m ahead of where that is at 1 s."""
    return Cuboid.upright([28.0, SPEED_M_S * (time_s - 1.0), 0.75], np.pi / 2, [4.4, 1.8, 1.5])


def ego(times_s):
    """The ego goes straight on at 8 m/s."""
    n = len(times_s)
    return PoseTrack(
        times_s, np.tile([0.0, 0, 0, 1], (n, 1)), np.c_[8.0 * times_s, np.zeros((n, 2))]
    )


def seen(cuboid, time_s):
    camera_from_world = CAMERA_FROM_EGO @ ego(np.arange(0, 2.1, 0.1)).at(time_s)[0].inverse()
    return project_cuboid(cuboid.transform(camera_from_world), CAMERA)


@pytest.fixture
def trajectory():
    """Keyframes as a LiDAR at 2 Hz gives them."""
    times = np.arange(0.0, 2.1, 0.5)
    return Trajectory([Keyframe(t, crossing(t)) for t in times], Motion(vehicle=True))


def drawn_at(time_s):
    return seen(crossing(time_s), time_s).clipped_px


@pytest.mark.parametrize("time_s", [0.75, 0.9, 1.05, 1.2])
def test_true_times_leave_less_than_two_pixels(trajectory, time_s):
    late = time_s + LATE_S

    predicted = seen(trajectory.cuboid_at(late), late).clipped_px

    assert np.abs(np.array(predicted) - drawn_at(late)).max() < 2


@pytest.mark.parametrize("time_s", [0.9, 1.05])
def test_the_time_of_the_frame_would_raise_a_finding(trajectory, time_s):
    late = time_s + LATE_S
    predicted = seen(trajectory.cuboid_at(time_s), time_s).clipped_px
    pairing = Pairing(predicted, drawn_at(late), (1600, 900))

    draft = check_edges(pairing, limits_of(["car"]), params=params_of("proj.edges"))

    assert draft is not None
    assert draft.words == "proj.edges.lateral"


def test_time_that_is_not_known_widens_the_tolerance(trajectory):
    late = 1.0 + LATE_S
    predicted = seen(trajectory.cuboid_at(1.0), 1.0).clipped_px
    unsure = Noise(pixel_px=1.5, rotation_rad=0, translation_m=0, sync_s=LATE_S)
    tolerance = noise_px(unsure, focal_px=1000, depth_m=20.0, across_m_s=SPEED_M_S)
    pairing = Pairing(predicted, drawn_at(late), (1600, 900), tolerance)

    assert tolerance == pytest.approx(50, abs=0.1)
    assert check_edges(pairing, limits_of(["car"]), params=params_of("proj.edges")) is None
