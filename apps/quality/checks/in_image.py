"""Checks of cuboids against boxes in cameras: proj.edges, proj.iou, proj.center, link.missing, link.class."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from apps.quality.checks.context import Context
from apps.quality.checks.fixes import derive_box, fix_json, moved_to_key, put_cuboid, set_class
from apps.quality.checks.raised import Cause
from apps.quality.checks.track import Track
from apps.quality.checks.view import Look
from numerics.arrays import BoolArray, FloatArray, IntArray
from numerics.checks.draft import CLEARS_AT, Draft, Fix, noise_px
from numerics.checks.limits import default_noise
from numerics.checks.links import check_class
from numerics.checks.projection import (
    Pairing,
    Residuals,
    check_center,
    check_edges,
    check_iou,
    residuals,
    with_change,
)
from numerics.checks.solve import View
from numerics.geometry.camera import Bounds, Camera
from numerics.geometry.cuboid import Cuboids
from numerics.geometry.overlap import box_iou
from numerics.geometry.projection import ProjectedBoxes, project_cuboids

DRAWN = {"adjusted", "independent"}
NOWHERE = Bounds(0.0, 0.0, 0.0, 0.0)
SAME_THING_IOU = 0.6
"""A box alone and a projection that overlap by more are taken for one thing."""


@dataclass(frozen=True, slots=True, eq=False)
class DrawnBoxes:
    """Boxes of one camera whose objects have a cuboid at the same time.

    Attributes:
        tracks: The object of each of n boxes.
        rows: (n,) the camera's captures.
        boxes_px: (n, 4).
        cuboids: n cuboids in the world.
        velocity_m_s: (n, 3) of these.
        projected: What the camera sees of these.
    """

    tracks: list[Track]
    rows: IntArray
    boxes_px: FloatArray
    cuboids: Cuboids
    velocity_m_s: FloatArray
    projected: ProjectedBoxes


@dataclass(frozen=True, slots=True, eq=False)
class LoneBox:
    """A box whose object has no cuboid at the time."""

    track: Track
    row: int
    box_px: Bounds


def drawn_boxes(
    context: Context, look: Look, camera: Camera
) -> tuple[DrawnBoxes | None, list[LoneBox]]:
    """Gather the boxes of a camera that the run is about, beside their cuboids and alone."""
    tracks: list[Track] = []
    parts: list[tuple[IntArray, FloatArray, Cuboids, FloatArray]] = []
    alone: list[LoneBox] = []
    for track in context.subjects:
        rows, boxes_px = _boxes_of(context, track, look)
        if not len(rows):
            continue
        found = track.at(look.at_ns[rows])
        there = np.flatnonzero(found.present)
        alone += [
            LoneBox(track, int(rows[index]), Bounds(*boxes_px[index].tolist()))
            for index in np.flatnonzero(~found.present).tolist()
        ]
        tracks += [track] * len(there)
        parts.append(
            (rows[there], boxes_px[there], found.cuboids.take(there), found.velocity_m_s[there])
        )
    if not tracks:
        return None, alone
    rows, boxes_px = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
    cuboids = _joined([part[2] for part in parts])
    poses = look.sensor_from_world.take(rows)
    seen = project_cuboids(cuboids.transform(poses.rotation, poses.translation_m), camera)
    velocity = np.concatenate([part[3] for part in parts])
    return DrawnBoxes(tracks, rows, boxes_px, cuboids, velocity, seen), alone


def projection_checks(context: Context, look: Look, camera: Camera, drawn: DrawnBoxes) -> None:
    """Run proj.edges, proj.iou and proj.center on drawn boxes; the first explains the other two."""
    seen = drawn.projected.seen
    projected_px = np.where(seen[:, None], drawn.projected.clipped_px, 0.0)
    image_px = np.array([camera.width_px, camera.height_px])
    measured = residuals(projected_px, drawn.boxes_px, image_px)
    _keep(context, look, drawn, measured)
    for index in np.flatnonzero(_suspects(context, drawn, measured)).tolist():
        _check_pair(context, (look, camera), drawn, index)


def lone_box_checks(context: Context, look: Look, camera: Camera, alone: list[LoneBox]) -> None:
    """Run link.class on boxes without a cuboid that cover another object's projection."""
    if not context.rule("link.class").enabled:
        return
    for lone in alone:
        at_ns = look.at_ns[lone.row : lone.row + 1]
        others = [track for track in context.tracks.values() if track.id != lone.track.id]
        places = [(track, track.cuboid_at(int(at_ns[0]))) for track in others]
        there = [(track, cuboid) for track, cuboid in places if cuboid is not None]
        if not there:
            continue
        pose = look.sensor_from_world[lone.row]
        cuboids = Cuboids.of([cuboid for _, cuboid in there])
        seen = project_cuboids(cuboids.transform(pose.rotation, pose.translation_m), camera)
        iou = np.where(
            seen.seen, box_iou(np.nan_to_num(seen.clipped_px), np.array([lone.box_px])), 0.0
        )
        best = int(np.argmax(iou))
        if iou[best] >= SAME_THING_IOU:
            _check_class(context, lone.track, there[best][0], (look.key, int(at_ns[0])))


def _boxes_of(context: Context, track: Track, look: Look) -> tuple[IntArray, FloatArray]:
    """Captures and boxes that a person drew, among those that the run is about."""
    extent = context.extents[track.id]
    rows, boxes = [], []
    for key in track.boxes(look.key):
        if key.value["state"] in DRAWN and not key.value["absent"]:
            row = look.row_at(key.at_ns)
            if row is not None and extent.holds(key.at_ns, look.key):
                rows.append(row)
                boxes.append(key.value["geometry"]["box_px"])
    return np.array(rows, np.intp), np.array(boxes, float).reshape(-1, 4)


def _keep(context: Context, look: Look, drawn: DrawnBoxes, measured: Residuals) -> None:
    seen = drawn.projected.seen
    for index, track in enumerate(drawn.tracks):
        left, top, right, bottom = measured.edges_px[index].tolist()
        edges = (left, top, right, bottom) if seen[index] else (None, None, None, None)
        context.outcome.measure(
            track.id,
            look.key,
            int(look.at_ns[drawn.rows[index]]),
            **dict(zip(("left_px", "top_px", "right_px", "bottom_px"), edges, strict=True)),
            iou=float(measured.iou[index]),
            center_ratio=float(measured.center_ratio[index]) if seen[index] else None,
        )


def _suspects(context: Context, drawn: DrawnBoxes, measured: Residuals) -> BoolArray:
    """Pairs that may be above a threshold; noise only ever raises thresholds."""
    limits = [track.standard.limits for track in drawn.tracks]
    edge = np.array([one.edge_warn_ratio for one in limits])
    if context.standards.visible_only:
        edge[:] = context.rule("proj.edges").params["visible_slack_ratio"]
    ratio = np.where(measured.compared, np.abs(measured.edges_ratio), 0.0).max(axis=1)
    iou = 1 - np.array([one.iou_warn for one in limits])
    center = np.array([one.center_warn_ratio for one in limits])
    return np.asarray(
        (ratio > CLEARS_AT * edge)
        | (1 - measured.iou > CLEARS_AT * iou)
        | (measured.center_ratio > CLEARS_AT * center)
        | ~drawn.projected.seen
    )


def _check_pair(
    context: Context, where: tuple[Look, Camera], drawn: DrawnBoxes, index: int
) -> None:
    look, camera = where
    track, at_ns = drawn.tracks[index], int(look.at_ns[drawn.rows[index]])
    seen = drawn.projected[index]
    limits = track.standard.limits
    pairing = Pairing(
        NOWHERE if seen is None else seen.clipped_px,
        Bounds(*drawn.boxes_px[index].tolist()),
        (camera.width_px, camera.height_px),
        _noise(look, camera, drawn, index),
        context.standards.visible_only,
    )
    edges, iou, center = (
        Cause(check, track.id, sensor_key=look.key, at_ns=at_ns)
        for check in ("proj.edges", "proj.iou", "proj.center")
    )
    rule = context.rule("proj.edges")
    draft = None
    if rule.enabled and seen is not None:
        draft = check_edges(pairing, limits, params=rule.params, was=context.was_of(edges))
    explained = draft is not None
    if draft is not None:
        view = View(camera, look.sensor_from_world[int(drawn.rows[index])])
        draft = with_change(
            draft,
            pairing,
            cuboid=drawn.cuboids[index],
            view=view,
            limits=limits,
            params=rule.params,
        )
        context.found(
            edges, draft, at_ns=at_ns, fixes=_fixes(context, draft, track, (look, at_ns))
        )
    if context.rule("proj.iou").enabled:
        draft = check_iou(pairing, limits, explained=explained, was=context.was_of(iou))
        context.found(iou, draft, at_ns=at_ns, fixes=_fixes(context, draft, track, (look, at_ns)))
        explained = explained or draft is not None
    if context.rule("proj.center").enabled and seen is not None:
        draft = check_center(pairing, limits, explained=explained, was=context.was_of(center))
        fixes = _fixes(context, draft, track, (look, at_ns))
        context.found(center, draft, at_ns=at_ns, fixes=fixes)


def _noise(look: Look, camera: Camera, drawn: DrawnBoxes, index: int) -> float:
    pose = look.sensor_from_world[int(drawn.rows[index])]
    center = pose.apply(drawn.cuboids.center_m[index])
    velocity = pose.rotation @ drawn.velocity_m_s[index]
    ray = center / max(float(np.linalg.norm(center)), 1e-6)
    across = float(np.linalg.norm(velocity - (velocity @ ray) * ray))
    return noise_px(
        default_noise(),
        focal_px=camera.focal_px[0],
        depth_m=float(center[2]),
        across_m_s=across,
    )


def _fixes(
    context: Context, draft: Draft | None, track: Track, place: tuple[Look, int]
) -> Iterator[dict[str, object]]:
    look, at_ns = place
    for fix in () if draft is None else draft.fixes:
        if fix.kind == "derive_box":
            yield fix_json(fix, [derive_box(track, look.key, at_ns)])
        elif fix.cuboid is not None:
            moved = moved_to_key(context, track, fix.cuboid, at_ns=at_ns)
            if moved is not None:
                yield fix_json(fix, [put_cuboid(track, *moved)])


def _check_class(context: Context, lone: Track, other: Track, place: tuple[str, int]) -> None:
    sensor_key, at_ns = place
    cause = Cause("link.class", lone.id, other.id, sensor_key, at_ns)
    confusable = [(other.record.class_key, one) for one in other.standard.confusable] + [
        (lone.record.class_key, one) for one in lone.standard.confusable
    ]
    draft = check_class(lone.record.class_key, other.record.class_key, confusable=confusable)
    fixes = [] if draft is None else [_class_fix(fix, (lone, other)) for fix in draft.fixes]
    context.found(cause, draft, at_ns=at_ns, fixes=fixes)


def _class_fix(fix: Fix, pair: tuple[Track, Track]) -> dict[str, object]:
    wanted = str(fix.parts["class_key"])
    return fix_json(
        fix, [set_class(track, wanted) for track in pair if track.record.class_key != wanted]
    )


def _joined(parts: list[Cuboids]) -> Cuboids:
    return Cuboids(
        np.concatenate([part.center_m for part in parts]),
        np.concatenate([part.rotation for part in parts]),
        np.concatenate([part.size_m for part in parts]),
    )
