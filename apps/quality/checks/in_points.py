"""Checks of cuboids against the points they hold: pts.few, pts.outside."""

from dataclasses import dataclass

import numpy as np

from apps.quality.checks.context import Context, Placed
from apps.quality.checks.fixes import fix_json, in_world, put_cuboid
from apps.quality.checks.raised import Cause
from apps.quality.checks.track import Track
from apps.quality.checks.view import Look
from numerics.arrays import BoolArray, FloatArray, IntArray
from numerics.checks.points import Surroundings, check_few, check_outside
from numerics.geometry.cuboid import Cuboid, Cuboids
from numerics.geometry.inside import Inside, PointGrid, points_inside
from numerics.geometry.rigid import Rigid


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """Points of one LiDAR in one frame, and the asked cuboids among them.

    Attributes:
        look: The LiDAR.
        lidar_from_world: Its pose then.
        cuboids: m cuboids in its frame.
        inside: Points in and around each.
        held: (m,) points inside each.
    """

    look: Look
    lidar_from_world: Rigid
    cuboids: Cuboids
    inside: Inside
    held: IntArray


def point_checks(context: Context) -> None:
    """Run pts.few and pts.outside on the frames whose points are to be had."""
    if not context.enabled("pts.few", "pts.outside"):
        return
    placed = context.placed
    for column, frame in enumerate(placed.frames.tolist()):
        rows = np.flatnonzero(placed.asked[:, column])
        if not len(rows):
            continue
        clouds = _clouds(context, frame)
        if not clouds:
            context.outcome.blind |= {("pts.few", frame), ("pts.outside", frame)}
            continue
        sweeps = [_sweep(context, placed, (column, rows), cloud) for cloud in clouds]
        held = np.sum([sweep.held for sweep in sweeps], axis=0)
        heights = _ground(context, placed, (column, rows))
        for place, row in enumerate(rows.tolist()):
            best = sweeps[int(np.argmax([sweep.held[place] for sweep in sweeps]))]
            _check(context, placed.tracks[row], (frame, place), (best, int(held[place]), heights))


def _clouds(context: Context, frame: int) -> list[tuple[Look, int, PointGrid]]:
    """All of a frame's points, or none if some are not to be had."""
    found = []
    for look in context.view.lidars:
        for row in np.flatnonzero(look.frame == frame).tolist():
            grid = context.clouds.points(look, row)
            if grid is None:
                return []
            found.append((look, row, grid))
    return found


def _sweep(
    context: Context,
    placed: Placed,
    asked: tuple[int, IntArray],
    cloud: tuple[Look, int, PointGrid],
) -> Sweep:
    column, rows = asked
    look, capture, grid = cloud
    world = placed.at(column, rows)
    at_ns = look.at_ns[capture : capture + 1]
    if at_ns[0] != context.view.key_ns[placed.frames[column]]:
        world = _at_another_time([placed.tracks[row] for row in rows.tolist()], world, at_ns)
    pose = look.sensor_from_world[capture]
    cuboids = world.transform(pose.rotation, pose.translation_m)
    margin_m = context.rule("pts.outside").params["shell_m"]
    inside = points_inside(cuboids, grid, margin_m=margin_m)
    owner = np.repeat(np.arange(len(rows)), inside.counts)
    within = (np.abs(inside.local_m) <= cuboids.size_m[owner] / 2).all(axis=1)
    held = np.bincount(owner[within], minlength=len(rows))
    return Sweep(look, pose, cuboids, inside, held)


def _at_another_time(tracks: list[Track], world: Cuboids, at_ns: IntArray) -> Cuboids:
    """Where the objects are when another LiDAR looks; those gone by then stay where they were."""
    moved = [track.cuboid_at(int(at_ns[0])) for track in tracks]
    return Cuboids.of([world[i] if one is None else one for i, one in enumerate(moved)])


def _ground(context: Context, placed: Placed, asked: tuple[int, IntArray]) -> FloatArray:
    """(m,) how high each cuboid's bottom stands over the ground; 0 where the ground is not known."""
    column, rows = asked
    frame = int(placed.frames[column])
    unknown = np.zeros(len(rows))
    first = context.view.lidars[0]
    capture = np.flatnonzero(first.frame == frame)
    ground = context.clouds.ground(first, int(capture[0])) if len(capture) else None
    if ground is None:
        return unknown
    pose = context.view.ego_from_world[frame]
    ego = placed.at(column, rows).transform(pose.rotation, pose.translation_m)
    bottoms = ego.center_m[:, 2] - ego.rotation[:, 2, 2] * ego.size_m[:, 2] / 2
    return np.nan_to_num(bottoms - ground.under(ego))


def _check(
    context: Context,
    track: Track,
    where: tuple[int, int],
    measured: tuple[Sweep, int, FloatArray],
) -> None:
    frame, place = where
    sweep, held, heights = measured
    at_ns = int(context.view.key_ns[frame])
    if track.key_ns.size and context.rule("pts.few").enabled and _is_keyed(context, track, frame):
        cause = Cause("pts.few", track.id, at_ns=at_ns)
        draft = check_few(
            held,
            None,
            limits=track.standard.limits,
            params=context.rule("pts.few").params,
            was=context.was_of(cause),
        )
        context.found(cause, draft, at_ns=at_ns)
    cuboid = sweep.cuboids[place]
    local_m = sweep.inside.local_of(place)
    floor_m = context.rule("pts.outside").params["above_ground_m"] - heights[place]
    above = local_m[:, 2] + cuboid.size_m[2] / 2 > floor_m
    around = Surroundings(local_m, above, -cuboid.rotation.T @ cuboid.center_m)
    beyond = above & (np.abs(local_m) > cuboid.size_m / 2).any(axis=1)
    context.outcome.measure(
        track.id,
        context.view.lidars[0].key,
        at_ns,
        points_inside=held,
        points_outside=int(np.count_nonzero(beyond)),
    )
    if context.rule("pts.outside").enabled:
        _outside(context, track, at_ns, (sweep, cuboid, around, beyond))


def _outside(
    context: Context,
    track: Track,
    at_ns: int,
    found: tuple[Sweep, Cuboid, Surroundings, BoolArray],
) -> None:
    sweep, cuboid, around, beyond = found
    params = context.rule("pts.outside").params
    if np.count_nonzero(beyond) < params["points_min"]:
        return
    cause = Cause("pts.outside", track.id, at_ns=at_ns)
    draft = check_outside(
        cuboid,
        around,
        limits=track.standard.limits,
        params=params,
        mirrors_included=context.standards.mirrors_included,
        was=context.was_of(cause),
    )
    world_from_lidar = sweep.lidar_from_world.inverse()
    fixes = [
        fix_json(fix, [put_cuboid(track, at_ns, moved)])
        for fix in (() if draft is None else draft.fixes)
        if (moved := in_world(fix, world_from_lidar)) is not None
    ]
    context.found(cause, draft, at_ns=at_ns, fixes=fixes)


def _is_keyed(context: Context, track: Track, frame: int) -> bool:
    """Whether somebody says that the object is there in this frame, and near enough to need points.

    Between keyframes an object may well be hidden for a while.
    """
    return bool((context.view.frame_at(track.key_ns) == frame).any())
