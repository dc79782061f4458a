"""A made-up recording: every sensor's captures at their true times, and the exact truth."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from apps.portal.demo.pictures import take
from apps.portal.demo.sensors import CAMERAS, LIDAR, RADAR, ego_pose, radar_returns, spin
from apps.portal.demo.street import Street
from numerics.arrays import FloatArray
from numerics.geometry.rigid import Rigid

STEP_NS = 200_000_000
LEAD_NS = 100_000_000  # of driving before the first frame, so that poses reach around it
EPOCH_NS = 1_790_000_000_000_000_000
FEWEST_POINTS = 6
FEWEST_PIXELS = 250


@dataclass(frozen=True, slots=True)
class Shot:
    """One sensor's data at one instant; `at_ns` since the recording's start."""

    at_ns: int
    points: FloatArray | None = None  # LiDAR and radar: (N, 5)
    image: Image.Image | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One time step: all shots by sensor, and what is true at the LiDAR's time.

    Attributes:
        at_ns: The LiDAR's time.
        shots: By sensor key.
        poses: Actor index to centre (3,) in the world and yaw.
        points_on: Actor index to how many LiDAR points it returned.
        boxes_px: Camera key to actor index to tight box, where enough of it shows.
    """

    at_ns: int
    shots: dict[str, Shot]
    poses: dict[int, tuple[FloatArray, float]]
    points_on: dict[int, int]
    boxes_px: dict[str, dict[int, tuple[float, float, float, float]]]


@dataclass(frozen=True, slots=True)
class Recording:
    """A whole made-up scene."""

    street: Street
    steps: tuple[Step, ...]
    ego_track: tuple[tuple[int, Rigid], ...]

    def labelled_actors(self) -> list[int]:
        """Actors that a guideline asks for: seen by the LiDAR well enough at least once."""
        return [
            index
            for index in range(len(self.street.actors))
            if any(step.points_on.get(index, 0) >= FEWEST_POINTS for step in self.steps)
        ]


def record(street: Street, *, frames: int, seed: int) -> Recording:
    """Drive down the street and record."""
    rng = np.random.default_rng(seed)
    steps = tuple(_step(street, index * STEP_NS, rng=rng) for index in range(frames))
    track_ns = range(-LEAD_NS, (frames - 1) * STEP_NS + LEAD_NS + 1, STEP_NS // 8)
    return Recording(
        street,
        steps,
        tuple((at_ns, ego_pose(street, seconds=at_ns * 1e-9)) for at_ns in track_ns),
    )


def _step(street: Street, at_ns: int, *, rng: np.random.Generator) -> Step:
    points, actor = spin(street, seconds=at_ns * 1e-9, rng=rng)
    radar_ns = at_ns + RADAR.delay_ns
    shots = {
        LIDAR.key: Shot(at_ns, points=points),
        RADAR.key: Shot(radar_ns, points=radar_returns(street, seconds=radar_ns * 1e-9, rng=rng)),
    }
    boxes_px = {}
    for camera in CAMERAS:
        camera_ns = at_ns + camera.delay_ns
        picture = take(street, camera, seconds=camera_ns * 1e-9)
        shots[camera.key] = Shot(camera_ns, image=picture.image)
        boxes_px[camera.key] = {
            index: box
            for index, box in picture.boxes_px.items()
            if picture.pixels[index] >= FEWEST_PIXELS
        }
    seen, counts = np.unique(actor[actor > 0] - 1, return_counts=True)
    return Step(
        at_ns,
        shots,
        {index: actor_.pose_at(at_ns * 1e-9) for index, actor_ in enumerate(street.actors)},
        {int(index): int(count) for index, count in zip(seen, counts, strict=True)},
        boxes_px,
    )
