"""Runs the checks: on what one save touched, on some objects, or on a whole scene."""

from collections.abc import Callable, Collection
from uuid import UUID

from django.db import transaction

from apps.annotation.models import SceneDocument
from apps.annotation.selectors import scene_state
from apps.annotation.services import Appended, lock_document
from apps.annotation.state import SceneState
from apps.guidelines.models import GuidelineVersion
from apps.guidelines.selectors import required_version
from apps.live.broadcast import broadcast
from apps.live.events import FindingsChanged
from apps.live.rooms import project_room, scene_room
from apps.quality.checks.context import Context
from apps.quality.checks.extent import Extent, extents
from apps.quality.checks.run import run_checks
from apps.quality.checks.standards import Standards, standards_of
from apps.quality.checks.track import WORLD, Track, TrackShelf
from apps.quality.checks.view import SceneView
from apps.quality.clouds import StoredClouds
from apps.quality.models import Finding
from apps.quality.recordings import scene_view
from apps.quality.selectors import finding_counts, findings_on, living_findings
from apps.quality.services.reconciling import Delta, reconcile
from apps.scenes.models import Scene
from numerics.checks.draft import Severity

MOST_FRAMES_LOADED = 2
"""Frames that one save may wait for; of the others only what is in memory is looked at."""

ATTEMPTS = 3

_shelf = TrackShelf()


def check_edit(scene: Scene, appended: Appended, *, version: GuidelineVersion) -> Delta:
    """Check what one save touched; part of its transaction, under its lock on the document."""
    view, standards = scene_view(scene), standards_of(version)
    reached = extents(appended.before, appended.after, appended.ops)
    living = list(findings_on(scene, reached))
    context = _context(
        (view, standards),
        appended.after,
        reached=reached,
        living=living,
        may_load=_touched_frames(view, appended),
    )
    run_checks(context)
    return reconcile(
        context, living, version=appended.after.version, recast=_recast(appended, reached)
    )


def check_objects(scene: Scene, object_ids: Collection[UUID]) -> Delta:
    """Check some objects at all times, reading every point that this takes."""
    return _check(scene, object_ids)


def check_scene(scene: Scene) -> Delta:
    """Check everything in a scene, after an import, or after a rule or a calibration changed."""
    return _check(scene, None)


def announce_findings(scene: Scene) -> None:
    """Tell who has the scene or its project open how many findings there are now."""
    opened, blocking = finding_counts(scene)
    event = FindingsChanged(scene_id=scene.pk, open_findings=opened, blocking_findings=blocking)
    broadcast(scene_room(scene.project_id, scene.pk), event)
    broadcast(project_room(scene.project_id), event)


def _check(scene: Scene, object_ids: Collection[UUID] | None) -> Delta:
    """Compute without holding up anybody's save; start over if somebody saved meanwhile."""
    guideline = required_version(scene.project)
    for _ in range(ATTEMPTS):
        document = SceneDocument.objects.filter(scene=scene).first()
        if document is None:
            return Delta()
        context = _run(document, scene, guideline, object_ids)
        with transaction.atomic():
            if lock_document(scene).version == document.version:
                return _write(context, scene, object_ids, document.version)
    with transaction.atomic():
        document = lock_document(scene)
        context = _run(document, scene, guideline, object_ids)
        return _write(context, scene, object_ids, document.version)


def _run(
    document: SceneDocument,
    scene: Scene,
    guideline: GuidelineVersion,
    object_ids: Collection[UUID] | None,
) -> Context:
    state = scene_state(document)
    asked = state.objects if object_ids is None else object_ids
    context = _context(
        (scene_view(scene), standards_of(guideline)),
        state,
        reached={key: Extent.everything() for key in asked},
        living=_living(scene, object_ids),
        may_load=lambda _capture_id: True,
    )
    run_checks(context)
    return context


def _write(
    context: Context, scene: Scene, object_ids: Collection[UUID] | None, version: int
) -> Delta:
    # The findings are read again under the lock: somebody may have waived one meanwhile.
    delta = reconcile(context, _living(scene, object_ids), version=version)
    announce_findings(scene)
    return delta


def _living(scene: Scene, object_ids: Collection[UUID] | None) -> list[Finding]:
    return list(living_findings(scene) if object_ids is None else findings_on(scene, object_ids))


def _context(
    rules: tuple[SceneView, Standards],
    state: SceneState,
    *,
    reached: dict[UUID, Extent],
    living: list[Finding],
    may_load: Callable[[int], bool],
) -> Context:
    view, standards = rules
    tracks: dict[UUID, Track] = {
        key: _shelf.track(record, standards.standard_of(record.class_key))
        for key, record in state.objects.items()
    }
    was = {row.stable_key: Severity(row.severity) for row in living}
    return Context(view, standards, tracks, reached, was, StoredClouds(may_load))


def _touched_frames(view: SceneView, appended: Appended) -> Callable[[int], bool]:
    """Captures of the first few frames in which a keyframe was put."""
    times = [op["at_ns"] for op in appended.ops if op["k"] == "key.put" and op["stream"] == WORLD]
    frames = list(dict.fromkeys(view.frame_at_one(at_ns) for at_ns in times))[:MOST_FRAMES_LOADED]
    allowed = {
        int(capture)
        for look in view.lidars
        for capture, frame in zip(look.capture_ids, look.frame, strict=True)
        if int(frame) in frames
    }
    return allowed.__contains__


def _recast(appended: Appended, reached: Collection[UUID]) -> frozenset[UUID]:
    before, after = appended.before.objects, appended.after.objects
    return frozenset(
        key
        for key in reached
        if key in before and key in after and before[key].class_key != after[key].class_key
    )
