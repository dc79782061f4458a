"""Checks of cuboids in the world: ground.gap, dup.overlap, size.prior, size.track, kin.speed, kin.yawrate."""

import numpy as np

from apps.quality.checks.context import Context
from apps.quality.checks.fixes import cuboid_fixes, fix_json, in_world, merge, put_cuboid
from apps.quality.checks.raised import Cause
from apps.quality.checks.track import WORLD, Track
from apps.quality.checks.view import seconds
from numerics.arrays import FloatArray, IntArray
from numerics.checks.draft import CLEARS_AT
from numerics.checks.ground import check_ground
from numerics.checks.motion import check_speed, check_yaw_rate, fastest_turn, speeds, yaw_rates
from numerics.checks.overlap import Neighbour, check_overlap
from numerics.checks.size import check_prior, check_track_size
from numerics.geometry.cuboid import Cuboid
from numerics.geometry.overlap import bev_iou, overlap_of_smaller
from numerics.geometry.trajectory import track_size

MOST_KEYS = 200


def ground_checks(context: Context) -> None:
    """Run ground.gap on the frames whose ground is known."""
    placed = context.placed
    standing = np.array([track.standard.grounded for track in placed.tracks], bool)
    lidars = context.view.lidars
    if not lidars or not context.rule("ground.gap").enabled:
        return
    for column, frame in enumerate(placed.frames.tolist()):
        rows = np.flatnonzero(placed.asked[:, column] & standing)
        row = np.flatnonzero(lidars[0].frame == frame)
        if not len(rows) or not len(row):
            continue
        ground = context.clouds.ground(lidars[0], int(row[0]))
        if ground is None:
            context.outcome.blind.add(("ground.gap", frame))
            continue
        ego_from_world = context.view.ego_from_world[frame]
        world = placed.at(column, rows)
        ego = world.transform(ego_from_world.rotation, ego_from_world.translation_m)
        heights = ground.under(ego)
        at_ns = int(context.view.key_ns[frame])
        bottoms = (ego.center_m - ego.rotation[:, :, 2] * ego.size_m[:, 2:] / 2)[:, 2]
        for place, row_index in enumerate(rows.tolist()):
            track = placed.tracks[row_index]
            gap = float(bottoms[place] - heights[place])
            context.outcome.measure(track.id, lidars[0].key, at_ns, ground_gap_m=_finite(gap))
            if not abs(gap) > track.standard.limits.ground_warn_m * CLEARS_AT:
                continue
            cause = Cause("ground.gap", track.id, at_ns=at_ns)
            draft = check_ground(
                ego[place],
                float(heights[place]),
                limits=track.standard.limits,
                was=context.was_of(cause),
            )
            world_from_ego = ego_from_world.inverse()
            fixes = [
                fix_json(fix, [put_cuboid(track, at_ns, moved)])
                for fix in (() if draft is None else draft.fixes)
                if (moved := in_world(fix, world_from_ego)) is not None
            ]
            context.found(cause, draft, at_ns=at_ns, fixes=fixes)


def overlap_checks(context: Context) -> None:
    """Run dup.overlap between the asked and all others, frame by frame."""
    if not context.rule("dup.overlap").enabled:
        return
    placed = context.placed
    params = context.rule("dup.overlap").params
    least = min(params[name] for name in ("share_max", "bev_iou_max", "persons")) * CLEARS_AT
    for column, frame in enumerate(placed.frames.tolist()):
        asked = np.flatnonzero(placed.asked[:, column])
        others = np.flatnonzero(placed.present[:, column])
        if not len(asked) or len(others) == 1:
            continue
        a, b = placed.at(column, asked), placed.at(column, others)
        shared, footprint = overlap_of_smaller(a, b), bev_iou(a, b)
        for i, j in np.argwhere((shared > least) | (footprint > least)).tolist():
            one, other = int(asked[i]), int(others[j])
            # Where both are asked about, each pair is met twice.
            if one == other or (other < one and placed.asked[other, column]):
                continue
            numbers = float(shared[i, j]), float(footprint[i, j])
            _overlap(context, (placed.tracks[one], placed.tracks[other]), numbers, frame)


def _overlap(
    context: Context, pair: tuple[Track, Track], numbers: tuple[float, float], frame: int
) -> None:
    one, other = sorted(pair, key=lambda track: (len(track.key_ns), str(track.id)))
    at_ns = int(context.view.key_ns[frame])
    cause = Cause("dup.overlap", one.id, other.id, at_ns=at_ns)
    neighbour = Neighbour(
        other.name,
        one.record.class_key == other.record.class_key,
        (one.standard.limits.group, other.standard.limits.group),
        *numbers,
    )
    params = context.rule("dup.overlap").params
    draft = check_overlap(neighbour, params=params, was=context.was_of(cause))
    fixes = [fix_json(fix, merge(one, other)) for fix in (draft.fixes if draft else ())]
    context.found(cause, draft, at_ns=at_ns, fixes=[fix for fix in fixes if fix["ops"]])


def size_checks(context: Context, track: Track) -> None:
    """Run size.prior and size.track on a track: one finding each, at its worst keyframe."""
    sizes = track.cuboids.size_m
    limits = track.standard.limits
    if context.rule("size.prior").enabled:
        low = np.array([span[0] for span in limits.spans_m])
        high = np.array([span[1] for span in limits.spans_m])
        worst = int(np.argmax(np.maximum(sizes / high, low / sizes).max(axis=1)))
        cause = Cause("size.prior", track.id)
        params = context.rule("size.prior").params
        draft = check_prior(sizes[worst], limits=limits, params=params, was=context.was_of(cause))
        context.found(cause, draft, at_ns=int(track.key_ns[worst]))
    if context.rule("size.track").enabled and limits.size_track_ratio is not None:
        _track_size(context, track, limits.size_track_ratio)


def _track_size(context: Context, track: Track, ratio: float) -> None:
    sizes = track.cuboids.size_m
    size_m = track_size(sizes, np.where(track.confirmed, 1.0, 0.1))
    off = (np.abs(sizes - size_m) / size_m).max(axis=1)
    worst = int(np.argmax(off))
    if not off[worst] > ratio * CLEARS_AT:
        return
    frames = context.view.frame_at(track.key_ns)
    cause = Cause("size.track", track.id)

    def checked(index: int) -> tuple[Cuboid, FloatArray]:
        return track.cuboids[index], context.view.seen_from_m[frames[index]]

    cuboid, seen_from_m = checked(worst)
    draft = check_track_size(
        cuboid,
        size_m,
        limits=track.standard.limits,
        seen_from_m=seen_from_m,
        was=context.was_of(cause),
    )
    at_ns = int(track.key_ns[worst])
    fixes = cuboid_fixes(draft, track, at_ns)
    away = np.flatnonzero(off > ratio)
    if draft is not None and 1 < len(away) <= MOST_KEYS:
        drafts = [
            check_track_size(c, size_m, limits=track.standard.limits, seen_from_m=seen)
            for c, seen in map(checked, away.tolist())
        ]
        ops = [
            put_cuboid(track, int(track.key_ns[index]), one.fixes[0].cuboid)
            for index, one in zip(away.tolist(), drafts, strict=True)
            if one is not None and one.fixes[0].cuboid is not None
        ]
        fixes.append(
            {"label": f"Take the size of its track at all {len(ops)} keyframes", "ops": ops}
        )
    context.found(cause, draft, at_ns=at_ns, fixes=fixes)


def motion_checks(context: Context, track: Track) -> None:
    """Run kin.speed and kin.yawrate between keyframes; a stretch of bad ones is one finding, at its worst."""
    if track.is_static:
        return
    for stretch in _stretches(track):
        if len(stretch) <= 1:
            continue
        times_s = seconds(track.key_ns[stretch])
        centers, yaws = track.cuboids.center_m[stretch], track.cuboids.yaw_rad[stretch]
        speed, rate = speeds(times_s, centers), yaw_rates(times_s, yaws)
        _speeds(context, track, (stretch, speed))
        _turns(context, track, (stretch, speed, rate))


def _speeds(context: Context, track: Track, found: tuple[IntArray, FloatArray]) -> None:
    rule, limits = context.rule("kin.speed"), track.standard.limits
    stretch, speed = found
    if not rule.enabled or limits.speed_max_m_s is None:
        return
    for worst in _peaks(speed / (rule.params["warn_share"] * limits.speed_max_m_s)):
        at_ns = int(track.key_ns[stretch[worst]])
        cause = Cause("kin.speed", track.id, at_ns=at_ns)
        draft = check_speed(
            float(speed[worst]), limits=limits, params=rule.params, was=context.was_of(cause)
        )
        context.found(cause, draft, at_ns=at_ns)


def _turns(context: Context, track: Track, found: tuple[IntArray, FloatArray, FloatArray]) -> None:
    rule, limits = context.rule("kin.yawrate"), track.standard.limits
    stretch, speed, rate = found
    if not rule.enabled or limits.yaw_rate_max_rad_s is None:
        return
    most = np.array([fastest_turn(one, limits) or np.inf for one in speed.tolist()])
    for worst in _peaks(np.abs(rate) / (rule.params["warn_share"] * most)):
        at_ns = int(track.key_ns[stretch[worst]])
        cause = Cause("kin.yawrate", track.id, at_ns=at_ns)
        draft = check_yaw_rate(
            float(rate[worst]),
            float(speed[worst]),
            limits=limits,
            params=rule.params,
            was=context.was_of(cause),
        )
        context.found(cause, draft, at_ns=at_ns)


def _stretches(track: Track) -> list[IntArray]:
    """Keyframes without an absence between them."""
    absences = [key.at_ns for key in track.record.streams[WORLD] if key.value["absent"]]
    # Each absence falls between two keyframes: it starts a new stretch there.
    cuts = np.unique(np.searchsorted(track.key_ns, np.array(absences, np.int64)))
    return np.split(np.arange(len(track.key_ns)), cuts)


def _peaks(share: FloatArray) -> list[int]:
    """The worst of each run of numbers that may be above a threshold of 1."""
    above = share > CLEARS_AT
    edges = np.flatnonzero(np.diff(np.concatenate([[False], above, [False]]).astype(int)))
    return [
        int(start + np.argmax(share[start:end]))
        for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    ]


def _finite(number: float) -> float | None:
    return number if np.isfinite(number) else None
