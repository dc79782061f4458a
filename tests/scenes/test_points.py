"""Points are decoded once, shared between threads, and kept within a budget."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from apps.scenes.models import Calibration, Capture, Scene
from apps.scenes.point_cache import BudgetCache
from apps.scenes.selectors.points import decoded_points, forget_points
from apps.scenes.services.calibrating import new_calibration
from numerics.geometry.cuboid import Cuboid, Cuboids
from numerics.geometry.inside import count_inside
from tests.scenes import recordings


@pytest.fixture
def sweep(bring_in, tmp_path):
    forget_points()
    bring_in(recordings.write_kitti(tmp_path / "kitti"))
    return Capture.objects.select_related("sensor", "original", "ground").get(
        sensor__modality="lidar"
    )


@pytest.fixture
def calibration(sweep):
    return Calibration.objects.get(sensor=sweep.sensor)


def test_points_are_the_files_and_the_grid_is_in_the_ego_frame(sweep, calibration):
    decoded = decoded_points(sweep, calibration=calibration)
    around_m = Cuboid.upright([0, 0, -0.02], 0, [200, 200, 0.2])

    assert np.array_equal(decoded.points_m, recordings.cloud(400, 1)[:, :3])
    # The street lies 1.75 m below the LiDAR, which is 1.73 m above the road.
    assert count_inside(Cuboids.of([around_m]), decoded.grid).tolist() == [400]
    assert decoded.ground.at(np.array([[0.0, 0.0]]))[0] == pytest.approx(-0.05, abs=0.06)


def test_it_is_decoded_once(sweep, calibration, django_assert_num_queries):
    first = decoded_points(sweep, calibration=calibration)

    with django_assert_num_queries(0):
        assert decoded_points(sweep, calibration=calibration) is first


def test_a_new_calibration_moves_points_and_ground(sweep, calibration):
    raised = new_calibration(
        sweep.sensor, translation_m=[0, 0, 11.73], quaternion_xyzw=[0, 0, 0, 1]
    )

    decoded = decoded_points(sweep, calibration=raised)

    assert decoded.grid.z_m.min() > 9
    assert decoded.ground.at(np.array([[0.0, 0.0]]))[0] == pytest.approx(9.95, abs=0.06)


def test_pictures_are_not_made_of_points(sweep, calibration):
    picture = Capture.objects.select_related("sensor", "original", "ground").get(
        sensor__modality="camera"
    )

    with pytest.raises(ValueError, match="not made of points"):
        decoded_points(picture, calibration=calibration)


def test_every_modality_of_points_can_be_decoded(bring_in, tmp_path):
    bring_in(recordings.write_nuscenes(tmp_path / "n"))
    scene = Scene.objects.get()
    captures = Capture.objects.select_related("sensor", "original", "ground")

    for key, count in (("LIDAR_TOP", 300), ("RADAR_FRONT", 18)):
        capture = captures.filter(sensor__key=key, frame__scene=scene).first()
        calibration = Calibration.objects.get(sensor=capture.sensor)
        assert len(decoded_points(capture, calibration=calibration).points_m) == count


# --- the memory -----------------------------------------------------------------------------------


def test_the_oldest_go_when_the_budget_is_spent():
    cache = BudgetCache(budget_bytes=10, size_of=len)

    for key in "abc":
        cache.get(key, lambda: "1234")
    cache.get("b", lambda: "never made")
    cache.get("d", lambda: "1234")

    assert cache.held_bytes == 8
    assert cache.get("b", lambda: "made again") == "1234"
    assert cache.get("c", lambda: "made again") == "made again"


def test_one_value_larger_than_the_budget_is_still_given():
    cache = BudgetCache(budget_bytes=3, size_of=len)

    assert cache.get("a", lambda: "12345") == "12345"


def test_threads_that_want_the_same_make_it_once():
    cache = BudgetCache(budget_bytes=100, size_of=len)
    made = []
    together = threading.Barrier(8)

    def make():
        made.append(1)
        time.sleep(0.05)
        return "value"

    def ask(_):
        together.wait()
        return cache.get("key", make)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(8))) == {"value"}
    assert made == [1]


def test_a_failure_is_not_kept():
    cache = BudgetCache(budget_bytes=100, size_of=len)

    with pytest.raises(ZeroDivisionError):
        cache.get("key", lambda: str(1 / 0))

    assert cache.get("key", lambda: "value") == "value"
