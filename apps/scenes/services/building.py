"""Writes one imported scene into the database: whole, or not at all."""

from dataclasses import dataclass

from django.db import transaction

from apps.modalities.base import gzipped
from apps.scenes.importers.base import Outline, PlannedCapture, ScenePlan
from apps.scenes.importers.label_fit import Captured, fitted
from apps.scenes.importers.label_records import dumped
from apps.scenes.models import (
    Calibration,
    Capture,
    EgoPose,
    Frame,
    RecordingImport,
    Scene,
    SceneLabels,
    Sensor,
)
from apps.scenes.services.assets import StoredFile, record_assets, store_file
from apps.scenes.services.calibrating import camera_json
from apps.scenes.services.capturing import StoredCapture, Taken
from apps.scenes.services.reporting import Report, State

BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a scene comes from."""

    recording_import: RecordingImport
    source_key: str
    format_key: str


def build_scene(
    plan: ScenePlan, taken: Taken, *, outline: Outline, origin: Origin, report: Report
) -> Scene:
    """Write a scene, its sensors, frames, captures and labels, and its lines of the report."""
    captured = {
        (capture.sensor_key, capture.at_ns)
        for number, frame in enumerate(plan.frames)
        for capture in frame.captures
        if (number, capture.sensor_key) in taken.stored
    }
    labels = store_labels(plan, captured=captured, report=report)
    with transaction.atomic():
        record_assets(file for stored in taken.stored.values() for file in stored.files)
        scene = _scene(plan, outline, origin)
        sensors = _sensors(scene, plan, taken)
        frames = [
            (number, frame)
            for number, frame in enumerate(plan.frames)
            if any((number, capture.sensor_key) in taken.stored for capture in frame.captures)
        ]
        rows = Frame.objects.bulk_create(
            [
                Frame(scene=scene, index=index, at_ns=frame.at_ns)
                for index, (_, frame) in enumerate(frames)
            ],
            batch_size=BATCH,
        )
        Capture.objects.bulk_create(
            [
                _capture(row, sensors[capture.sensor_key], capture, stored)
                for row, (number, frame) in zip(rows, frames, strict=True)
                for capture in frame.captures
                if (stored := taken.stored.get((number, capture.sensor_key))) is not None
            ],
            batch_size=BATCH,
        )
        _poses(scene, plan)
        if labels is not None:
            keep_labels(scene, labels)
        _note_files(plan, taken, report)
        report.write(scene=scene)
    return scene


@dataclass(frozen=True, slots=True)
class StoredLabels:
    """Label records that lie in the store."""

    file: StoredFile
    record_count: int


def store_labels(plan: ScenePlan, *, captured: Captured, report: Report) -> StoredLabels | None:
    """Put a plan's label records into the store, as far as there are captures for them."""
    labels, faults = fitted(plan.labels, captured=captured)
    report.faults(faults)
    if not labels:
        return None
    return StoredLabels(store_file(gzipped(dumped(labels)), extension="labels"), len(labels))


def keep_labels(scene: Scene, labels: StoredLabels) -> None:
    """Link label records to their scene, to be saved as labels later."""
    record_assets([labels.file])
    SceneLabels.objects.create(
        scene=scene, asset_id=labels.file.sha256, record_count=labels.record_count
    )


def _scene(plan: ScenePlan, outline: Outline, origin: Origin) -> Scene:
    times_ns = [frame.at_ns for frame in plan.frames]
    return Scene.objects.create(
        project_id=origin.recording_import.project_id,
        recording_import=origin.recording_import,
        name=outline.name[:200],
        source_key=origin.source_key,
        source_format=origin.format_key,
        t0_ns=plan.t0_ns,
        duration_ns=max(times_ns) - min(times_ns),
        frame_count=len(times_ns),
        notes=list(plan.notes),
        way_back=dict(plan.way_back),
    )


def _sensors(scene: Scene, plan: ScenePlan, taken: Taken) -> dict[str, Sensor]:
    rows = Sensor.objects.bulk_create(
        [
            Sensor(
                scene=scene,
                key=planned.key,
                label=planned.label[:120],
                modality=planned.modality,
                position=position,
            )
            for position, planned in enumerate(plan.sensors)
        ]
    )
    Calibration.objects.bulk_create(
        [
            Calibration(
                sensor=sensor,
                translation_m=planned.ego_from_sensor.translation_m.tolist(),
                quaternion_xyzw=planned.ego_from_sensor.quaternion_xyzw.tolist(),
                camera=camera_json(taken.intrinsics.get(planned.key)),
                source=planned.source[:200],
            )
            for sensor, planned in zip(rows, plan.sensors, strict=True)
        ]
    )
    return {row.key: row for row in rows}


def _capture(
    frame: Frame, sensor: Sensor, planned: PlannedCapture, stored: StoredCapture
) -> Capture:
    return Capture(
        frame=frame,
        sensor=sensor,
        at_ns=planned.at_ns,
        source_path=planned.path,
        original_id=stored.original.sha256,
        display_id=stored.display.sha256,
        preview_id=None if stored.preview is None else stored.preview.sha256,
        ground_id=None if stored.ground is None else stored.ground.sha256,
        width_px=stored.prepared.width_px,
        height_px=stored.prepared.height_px,
        point_count=stored.prepared.point_count,
        dropped_point_count=stored.prepared.dropped_point_count,
    )


def _poses(scene: Scene, plan: ScenePlan) -> None:
    rows = []
    for pose in plan.poses:
        x, y, z = (float(part) for part in pose.world_from_ego.translation_m)
        qx, qy, qz, qw = (float(part) for part in pose.world_from_ego.quaternion_xyzw)
        rows.append(
            EgoPose(scene=scene, at_ns=pose.at_ns, x_m=x, y_m=y, z_m=z, qx=qx, qy=qy, qz=qz, qw=qw)
        )
    EgoPose.objects.bulk_create(rows, batch_size=BATCH)


def _note_files(plan: ScenePlan, taken: Taken, report: Report) -> None:
    report.faults([*plan.faults, *taken.faults])
    for path, remark in taken.remarks.items():
        report.note(path, State.WARNED, problem=remark)
    for path in plan.used:
        report.note(path, State.IMPORTED)
    for number, frame in enumerate(plan.frames):
        for capture in frame.captures:
            if (number, capture.sensor_key) in taken.stored:
                report.note(capture.path, State.IMPORTED)
