"""Imports a recording: one scene at a time, each whole or not at all, resumable after a crash."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import IntegrityError

from apps.core.models import JobRun
from apps.core.services import advance, raise_if_cancelled
from apps.modalities.base import Unreadable
from apps.scenes.importers.base import Outline, Reading
from apps.scenes.importers.faults import SceneRefused
from apps.scenes.importers.recording import Recording, open_recording
from apps.scenes.importers.registry import importer_for
from apps.scenes.importers.soundness import sound
from apps.scenes.models import Capture, RecordingImport, Scene, SceneLabels
from apps.scenes.selectors.imports import recording_source
from apps.scenes.services.building import Origin, build_scene, keep_labels, store_labels
from apps.scenes.services.capturing import take_captures
from apps.scenes.services.imports import mark_import, tell_progress
from apps.scenes.services.reporting import Report, State, forget_unfinished

TELL_EVERY_S = 0.5
HEAD_BYTES = 64 * 1024
MOST_UNUSED = 200


@dataclass(slots=True)
class Progress:
    """How far an import is, in files of captures."""

    recording_import: RecordingImport
    run: JobRun
    total: int
    done: int = 0
    scene: str = ""
    told_at_s: float = 0.0

    def step(self, count: int = 1) -> None:
        """Count files; now and then tell, and stop if that is wanted.

        Raises:
            RunCancelled: If a stop was asked for.
            RunSuperseded: If the run was begun again elsewhere.
        """
        self.done += count
        if time.monotonic() - self.told_at_s >= TELL_EVERY_S:
            self.tell()

    def tell(self) -> None:
        """Tell at once."""
        raise_if_cancelled(self.run)
        advance(self.run, done=self.done, total=self.total, message=self.scene)
        tell_progress(self.recording_import, self.run)
        self.told_at_s = time.monotonic()


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """One import at work.

    Attributes:
        touched: Files that some scene wanted.
    """

    recording_import: RecordingImport
    recording: Recording
    reading: Reading
    format_key: str
    report: Report
    progress: Progress
    touched: set[str] = field(default_factory=set)


def import_recording(recording_import: RecordingImport, *, run: JobRun) -> Iterator[Scene]:
    """Import a recording's scenes, and yield each once it is in.

    Scenes that are in already, from an attempt before, are yielded again: whoever conducts may have
    died between this scene and what follows it.

    Args:
        recording_import: What to import, and how.
        run: The attempt; told how far the work is.

    Raises:
        RunCancelled: If a stop was asked for; the scene at hand is then not written.
        RunSuperseded: If the run was begun again elsewhere.
    """
    mark_import(recording_import, state=RecordingImport.State.RUNNING)
    forget_unfinished(recording_import)
    report = Report(recording_import)
    try:
        path, name = recording_source(recording_import)
        with open_recording(path, name=name) as recording:
            report.faults(recording.refused)
            importer = importer_for(recording, recording_import.format_key)
            reading = importer.begin(recording)
            report.faults(reading.faults)
            report.write()
            total = sum(len(outline.paths) for outline in reading.outlines)
            intake = Intake(
                recording_import=recording_import,
                recording=recording,
                reading=reading,
                format_key=importer.key,
                report=report,
                progress=Progress(recording_import, run, total),
            )
            yield from _scenes(intake)
            _note_unused(intake)
    except SceneRefused as refusal:
        report.faults(refusal.faults)
    report.write()


def _scenes(intake: Intake) -> Iterator[Scene]:
    progress, outlines = intake.progress, intake.reading.outlines
    for number, outline in enumerate(outlines, start=1):
        progress.scene = f"Scene {number} of {len(outlines)}: {outline.name}"
        progress.tell()
        before = progress.done
        origin = Origin(
            recording_import=intake.recording_import,
            source_key=source_key(intake.recording, outline, format_key=intake.format_key),
            format_key=intake.format_key,
        )
        scene = _known_scene(intake, outline, origin)
        if scene is None:
            scene = _new_scene(intake, outline, origin)
        intake.report.write()
        progress.done = before + len(outline.paths)
        if scene is not None:
            yield scene
    progress.tell()


def _known_scene(intake: Intake, outline: Outline, origin: Origin) -> Scene | None:
    """Find a scene that is in already; labels that were not asked for then are read now."""
    scene = Scene.objects.filter(
        project_id=intake.recording_import.project_id, source_key=origin.source_key
    ).first()
    if scene is None:
        return None
    intake.touched.update(outline.paths)
    if scene.recording_import_id != intake.recording_import.pk:
        for path in outline.paths:
            said = f"It was imported before, as {scene.name}."
            intake.report.note(path, State.SKIPPED, problem=said)
    if intake.recording_import.with_labels:
        _add_labels(intake, outline, scene)
    return scene


def _add_labels(intake: Intake, outline: Outline, scene: Scene) -> None:
    if SceneLabels.objects.filter(scene=scene).exists():
        return
    try:
        plan = intake.reading.plan(outline, with_labels=True)
    except SceneRefused as refusal:
        intake.report.faults(refusal.faults)
        return
    intake.report.faults(plan.faults)
    intake.touched.update(plan.used)
    captures = Capture.objects.filter(frame__scene=scene)
    captured = set(captures.values_list("sensor__key", "at_ns"))
    labels = store_labels(plan, captured=captured, report=intake.report)
    if labels is not None:
        keep_labels(scene, labels)


def _new_scene(intake: Intake, outline: Outline, origin: Origin) -> Scene | None:
    """Import a scene; if it cannot be, say why and go on."""
    intake.touched.update(outline.paths)
    try:
        plan = intake.reading.plan(outline, with_labels=intake.recording_import.with_labels)
        intake.touched.update(plan.used)
        plan = sound(plan, path=outline.paths[0] if outline.paths else outline.key)
        taken = take_captures(intake.recording, plan, after_each=intake.progress.step)
        return build_scene(plan, taken, outline=outline, origin=origin, report=intake.report)
    except IntegrityError:
        known = _known_scene(intake, outline, origin)
        if known is None:
            raise
        return known  # another import of the same files was quicker
    except SceneRefused as refusal:
        intake.report.faults(refusal.faults)
        for path in outline.paths:
            intake.report.note(path, State.SKIPPED, problem="Its scene could not be imported.")
        return None


def source_key(recording: Recording, outline: Outline, *, format_key: str) -> str:
    """Name a scene by what its files are, wherever they lie: the same files give the same name.

    The name, size and first bytes of each file are enough to tell recordings apart, and cost a
    fraction of reading them.
    """
    seen = hashlib.sha256()
    for path in sorted(outline.paths, key=lambda path: (path.rpartition("/")[2], path)):
        try:
            head = recording.read(path, most_bytes=HEAD_BYTES)
        except Unreadable:
            head = b""
        name = path.rpartition("/")[2]
        seen.update(f"{name}\0{recording.size_bytes.get(path)}\0".encode())
        seen.update(hashlib.sha256(head).digest())
    short = outline.key.rpartition("/")[2][:120]
    return f"{format_key}:{short}:{seen.hexdigest()[:32]}"


def _note_unused(intake: Intake) -> None:
    """Say of every other file that it was not needed; of very many, that there are more."""
    unused = [path for path in intake.recording.paths if path not in intake.touched]
    for path in unused[:MOST_UNUSED]:
        intake.report.note(path, State.SKIPPED, problem="No scene needs it.")
    if len(unused) > MOST_UNUSED:
        said = f"{len(unused) - MOST_UNUSED:,} further files are not needed by any scene."
        intake.report.note("(further files)", State.SKIPPED, problem=said)
