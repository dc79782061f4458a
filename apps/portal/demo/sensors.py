"""The made-up recording car's sensors: a spinning LiDAR, three overlapping cameras, a radar."""

from dataclasses import dataclass

import numpy as np

from apps.portal.demo.raycast import BACKGROUND, Instant
from apps.portal.demo.street import Street
from numerics.arrays import FloatArray, IntArray
from numerics.geometry.camera import Camera, camera_of
from numerics.geometry.cuboid import yaw_quaternion
from numerics.geometry.rigid import Rigid

SPIN_S = 0.05
BEAMS_RAD = np.radians(np.concatenate([np.linspace(-24.0, -8.5, 16), np.linspace(-8.0, 3.0, 32)]))
AZIMUTHS = 1400
SECTORS = 20
LIDAR_RANGE_M = 110.0
RADAR_RANGE_M = 90.0
WIDTH_PX, HEIGHT_PX = 800, 500
RADAR_HALF_ANGLE_RAD = np.radians(60)


@dataclass(frozen=True, slots=True)
class Mounted:
    """A sensor and where it sits: `ego_from_sensor`, and when it fires after the sweep's middle."""

    key: str
    label: str
    modality: str
    ego_from_sensor: Rigid
    delay_ns: int
    camera: Camera | None = None
    model: str = ""
    distortion: tuple[float, ...] = ()


def _camera(key: str, label: str, yaw_deg: float, *, at_m: tuple[float, float, float]) -> Mounted:
    # Camera axes: x right, y down, z forward.
    ego_from_forward = Rigid.of_matrix(
        np.array([[0.0, 0, 1, 0], [-1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 0, 1]])
    )
    turned = Rigid.of(yaw_quaternion(np.radians(yaw_deg)), at_m)
    distortion = (-0.18, 0.05, 0.0004, -0.0003, 0.0)
    model = "brown" if key == "CAM_FRONT" else "pinhole"
    focal_px = 540.0 if key == "CAM_FRONT" else 440.0
    delay_ns = round(yaw_deg / 360 * SPIN_S * -1e9)  # fires as the spin passes its axis
    return Mounted(
        key,
        label,
        "camera",
        turned @ ego_from_forward,
        delay_ns,
        camera_of(
            model,
            (WIDTH_PX, HEIGHT_PX),
            (focal_px, focal_px, (WIDTH_PX - 1) / 2, (HEIGHT_PX - 1) / 2),
            distortion=distortion if model == "brown" else (),
        ),
        model,
        distortion if model == "brown" else (),
    )


LIDAR = Mounted("LIDAR_TOP", "Roof LiDAR", "lidar", Rigid.of((0, 0, 0, 1), (0, 0, 1.85)), 0)
RADAR = Mounted(
    "RADAR_FRONT", "Front radar", "radar", Rigid.of((0, 0, 0, 1), (2.2, 0, 0.6)), 9_000_000
)
CAMERAS = (
    _camera("CAM_FRONT_LEFT", "Front left", 52.0, at_m=(0.9, 0.45, 1.55)),
    _camera("CAM_FRONT", "Front", 0.0, at_m=(1.1, 0.0, 1.55)),
    _camera("CAM_FRONT_RIGHT", "Front right", -52.0, at_m=(0.9, -0.45, 1.55)),
    _camera("CAM_BACK", "Back", 180.0, at_m=(-1.2, 0.0, 1.55)),
)


def ego_pose(street: Street, *, seconds: float) -> Rigid:
    """`world_from_ego`: the ego frame lies on the ground under the car's middle."""
    x_m, y_m, yaw_rad = street.ego(seconds)
    return Rigid.of(yaw_quaternion(yaw_rad), (x_m, y_m, 0.0))


def spin(
    street: Street, *, seconds: float, rng: np.random.Generator
) -> tuple[FloatArray, IntArray]:
    """One turn of the LiDAR, its middle (straight ahead) at the given time.

    Each sector is cast at its own time, so that what moves is smeared as it is in life; ego motion is taken out,
    as vendors do.

    Returns:
        (N, 5) x_m, y_m, z_m in the sensor at the turn's middle, intensity 0-255, ring; and (N,) the actor hit.
    """
    middle_from_world = (ego_pose(street, seconds=seconds) @ LIDAR.ego_from_sensor).inverse()
    azimuths = np.linspace(np.pi, -np.pi, AZIMUTHS, endpoint=False)  # spins to the right
    points, actors = [], []
    for sector in np.array_split(azimuths, SECTORS):
        at_s = seconds - float(sector.mean()) / (2 * np.pi) * SPIN_S
        world_from_lidar = ego_pose(street, seconds=at_s) @ LIDAR.ego_from_sensor
        azimuth, beam = (a.ravel() for a in np.meshgrid(sector, BEAMS_RAD, indexing="ij"))
        ring = np.tile(np.arange(len(BEAMS_RAD)), len(sector))
        local = np.stack(
            [np.cos(beam) * np.cos(azimuth), np.cos(beam) * np.sin(azimuth), np.sin(beam)], axis=-1
        )
        directions = local @ world_from_lidar.rotation.T
        hits = Instant(street, seconds=at_s).cast(world_from_lidar.translation_m, directions)
        facing = np.abs((hits.normal * directions).sum(axis=1))
        seen = (hits.range_m < LIDAR_RANGE_M) & (
            rng.random(len(beam)) > 0.02 + 0.4 * (hits.range_m / LIDAR_RANGE_M) * (1 - facing)
        )
        range_m = hits.range_m[seen] + rng.normal(0, 0.015, int(seen.sum()))
        world_m = world_from_lidar.translation_m + directions[seen] * range_m[:, None]
        intensity = 255 * hits.reflectivity[seen] * (0.3 + 0.7 * facing[seen])
        points.append(np.column_stack([middle_from_world.apply(world_m), intensity, ring[seen]]))
        actors.append(hits.actor[seen])
    return np.concatenate(points), np.concatenate(actors)


def radar_returns(street: Street, *, seconds: float, rng: np.random.Generator) -> FloatArray:
    """What the radar reports.

    Returns:
        (N, 5) x_m, y_m, z_m in the sensor, radar cross-section in dBsm, radial speed compensated for ego motion
        in m/s (positive: away).
    """
    world_from_radar = ego_pose(street, seconds=seconds) @ RADAR.ego_from_sensor
    step_s = 0.01
    rows = []
    instant = Instant(street, seconds=seconds)
    for index, actor in enumerate(street.actors):
        center_m, _ = actor.pose_at(seconds)
        velocity = (actor.pose_at(seconds + step_s)[0] - center_m) / step_s
        local = world_from_radar.inverse().apply(center_m[None])[0]
        range_m = float(np.linalg.norm(local))
        bearing = np.arctan2(local[1], local[0])
        if range_m > RADAR_RANGE_M or abs(bearing) > RADAR_HALF_ANGLE_RAD:
            continue
        direction = (center_m - world_from_radar.translation_m) / range_m
        hit = instant.cast(world_from_radar.translation_m, direction[None])
        if hit.actor[0] not in (index + 1, BACKGROUND) or hit.range_m[0] < range_m - 6:
            continue
        returns = {"truck": 6, "car": 4, "bicycle": 2}.get(actor.class_key, 1)
        radial = float(velocity @ direction)
        for _ in range(returns):
            spot = local + rng.normal(0, 0.25, 3) * (1, 1, 0)
            spot[2] = 0.0
            rows.append(
                [*spot, rng.normal(10 if returns > 2 else 1, 2), radial + rng.normal(0, 0.12)]
            )
    return np.array(rows).reshape(-1, 5)
