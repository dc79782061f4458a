"""Whether an object is everywhere that it can be seen: link.missing, both ways."""

from dataclasses import dataclass

import numpy as np

from apps.quality.checks.context import Context
from apps.quality.checks.fixes import derive_box, fix_json, key_time, put_cuboid
from apps.quality.checks.in_image import LoneBox
from apps.quality.checks.raised import Cause
from apps.quality.checks.track import Track
from apps.quality.checks.view import Look
from numerics.arrays import FloatArray, IntArray
from numerics.checks.draft import CLEARS_AT, Fix
from numerics.checks.links import check_missing_box, check_missing_cuboid, frustum_cluster
from numerics.geometry.camera import Camera
from numerics.geometry.cuboid import Cuboid, Cuboids
from numerics.geometry.inside import PointGrid, points_inside
from numerics.geometry.projection import ProjectedBoxes, project_cuboids
from numerics.geometry.rigid import Rigid
from numerics.geometry.visibility import DepthBuffer, points_ahead, visible_share

NOTHING_M = np.zeros((0, 3))


@dataclass(frozen=True, slots=True, eq=False)
class Scenery:
    """Everything that one camera has before it at one capture.

    Attributes:
        tracks: All objects that are there.
        cuboids: Their cuboids in the camera's frame.
        seen: Their projections.
        grid: Points of the frame's first LiDAR in that LiDAR's frame, if they are to be had.
        camera_from_lidar: From these points to the camera.
        buffer: Depths of these points.
    """

    tracks: list[Track]
    cuboids: Cuboids
    seen: ProjectedBoxes
    grid: PointGrid | None
    camera_from_lidar: Rigid
    buffer: DepthBuffer | None


def missing_box_checks(context: Context, look: Look, camera: Camera) -> None:
    """Run link.missing on cuboids that were keyed in a frame and have no box in a camera there."""
    params = context.rule("link.missing").params
    least_px2 = params["side_min_px"] ** 2 * CLEARS_AT
    wanted: dict[int, list[Track]] = {}
    for track in context.subjects:
        rows = _unlinked(context, track, look)
        if not len(rows):
            continue
        found = track.at(look.at_ns[rows])
        rows, cuboids = rows[found.present], found.cuboids.take(found.present)
        poses = look.sensor_from_world.take(rows)
        local = cuboids.transform(poses.rotation, poses.translation_m)
        seen = project_cuboids(local, camera)
        sides = seen.clipped_px[:, 2:] - seen.clipped_px[:, :2]
        large = seen.seen & (np.nan_to_num(sides).prod(axis=1) >= least_px2)
        near = np.linalg.norm(local.center_m, axis=1) <= context.standards.farthest_m
        for row in rows[large & near].tolist():
            wanted.setdefault(row, []).append(track)
    for row, tracks in sorted(wanted.items()):
        scenery = _scenery(context, look, camera, row)
        for track in tracks:
            _check_box(context, track, (look, row), scenery)


def missing_cuboid_checks(
    context: Context, look: Look, camera: Camera, alone: list[LoneBox]
) -> None:
    """Run link.missing on boxes without a cuboid, where the frame's points are to be had."""
    params = context.rule("link.missing").params
    by_row: dict[int, list[LoneBox]] = {}
    for lone in alone:
        if "cuboid" in lone.track.standard.shapes:
            by_row.setdefault(lone.row, []).append(lone)
    for row, boxes in by_row.items():
        at_ns = int(look.at_ns[row])
        causes = [
            Cause("link.missing", lone.track.id, sensor_key=look.key, at_ns=at_ns)
            for lone in boxes
        ]
        grid, camera_from_lidar = _points(context, look, row)
        if grid is None:
            context.outcome.unknown |= {cause.stable_key for cause in causes}
            continue
        points_m = points_ahead(grid, camera_from_lidar, camera)
        for lone, cause in zip(boxes, causes, strict=True):
            track = lone.track
            cluster_m = frustum_cluster(
                points_m,
                camera,
                lone.box_px,
                diagonal_m=track.standard.diagonal_m,
                params=params,
            )
            draft = check_missing_cuboid(cluster_m, params=params, was=context.was_of(cause))
            world_from_camera = look.sensor_from_world[row].inverse()
            fixes = [
                _cuboid_fix(context, track, (fix, at_ns), world_from_camera)
                for fix in (() if draft is None else draft.fixes)
            ]
            context.found(cause, draft, at_ns=at_ns, fixes=fixes)


def _unlinked(context: Context, track: Track, look: Look) -> IntArray:
    """Captures of a camera in frames where the object was keyed and has no box, if it should."""
    if "box" not in track.standard.shapes or not len(track.key_ns):
        return np.zeros(0, np.intp)
    keyed = context.view.frame_at(track.key_ns[track.confirmed])
    asked = np.isin(look.frame, keyed) & context.extents[track.id].among(look.at_ns, look.key)
    linked = [key.at_ns for key in track.boxes(look.key)]
    return np.flatnonzero(asked & ~np.isin(look.at_ns, linked))


def _check_box(context: Context, track: Track, place: tuple[Look, int], scenery: Scenery) -> None:
    look, row = place
    index = next(i for i, one in enumerate(scenery.tracks) if one is track)
    seen = scenery.seen[index]
    if seen is None:
        return
    others = np.flatnonzero(scenery.seen.seen & (scenery.seen.depth_m < seen.depth_m))
    share = visible_share(
        _own_points(scenery, index),
        scenery.buffer,
        box_px=np.array(seen.clipped_px),
        nearer_px=scenery.seen.clipped_px[others[others != index]],
    )
    at_ns = int(look.at_ns[row])
    cause = Cause("link.missing", track.id, sensor_key=look.key, at_ns=at_ns)
    draft = check_missing_box(
        seen,
        share,
        params=context.rule("link.missing").params,
        confirmed=True,
        was=context.was_of(cause),
    )
    ops = [derive_box(track, look.key, at_ns)]
    fixes = [fix_json(fix, ops) for fix in (() if draft is None else draft.fixes)]
    context.found(cause, draft, at_ns=at_ns, fixes=fixes)


def _scenery(context: Context, look: Look, camera: Camera, row: int) -> Scenery:
    at_ns = int(look.at_ns[row])
    places = [(track, track.cuboid_at(at_ns)) for track in context.tracks.values()]
    there = [(track, cuboid) for track, cuboid in places if cuboid is not None]
    pose = look.sensor_from_world[row]
    cuboids = Cuboids.of([cuboid for _, cuboid in there])
    cuboids = cuboids.transform(pose.rotation, pose.translation_m)
    grid, camera_from_lidar = _points(context, look, row)
    buffer = None
    if grid is not None:
        buffer = DepthBuffer.build(points_ahead(grid, camera_from_lidar, camera), camera)
    seen = project_cuboids(cuboids, camera)
    tracks = [track for track, _ in there]
    return Scenery(tracks, cuboids, seen, grid, camera_from_lidar, buffer)


def _points(context: Context, look: Look, row: int) -> tuple[PointGrid | None, Rigid]:
    """Points of the first LiDAR in a capture's frame, and from these to the camera."""
    frame = int(look.frame[row])
    for lidar in context.view.lidars[:1]:
        for capture in np.flatnonzero(lidar.frame == frame).tolist():
            grid = context.clouds.points(lidar, capture)
            world_from_lidar = lidar.sensor_from_world[capture].inverse()
            return grid, look.sensor_from_world[row] @ world_from_lidar
    return None, Rigid.identity()


def _own_points(scenery: Scenery, index: int) -> FloatArray:
    """The object's points in the camera's frame."""
    if scenery.grid is None:
        return NOTHING_M
    back = scenery.camera_from_lidar.inverse()
    cuboid = scenery.cuboids.take(slice(index, index + 1)).transform(
        back.rotation, back.translation_m
    )
    local_m = points_inside(cuboid, scenery.grid).local_of(0)
    place = scenery.cuboids[index]
    points_m: FloatArray = place.center_m + local_m @ place.rotation.T
    return points_m


def _cuboid_fix(
    context: Context, track: Track, place: tuple[Fix, int], world_from_camera: Rigid
) -> dict[str, object]:
    """A cuboid of the usual size around the points, heading as the ego does."""
    fix, at_ns = place
    seed_m = world_from_camera.apply(np.array(fix.seed_m or (0.0, 0.0, 0.0)))
    key_ns = key_time(context, track, at_ns)
    frame = context.view.frame_at_one(key_ns)
    heading = context.view.ego_from_world[frame].inverse().quaternion_xyzw
    size_m = np.array(track.standard.default_size_m)
    return fix_json(fix, [put_cuboid(track, key_ns, Cuboid(seed_m, heading, size_m))])
