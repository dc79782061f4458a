"""Opening a delivery, building it, and writing labels to a folder."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from apps.accounts.models import User
from apps.annotation.models import SceneDocument
from apps.core.errors import Conflict, Invalid, Refused
from apps.core.models import JobRun
from apps.core.services import advance, raise_if_cancelled, request_cancel, start_run
from apps.deliveries.formats.base import Exported, OutFile
from apps.deliveries.formats.registry import format_named
from apps.deliveries.models import DeliveredScene, Delivery
from apps.deliveries.packing import Archive, canonical, lossiness
from apps.deliveries.selectors import deliverable_scenes, snapshot
from apps.live.broadcast import broadcast
from apps.live.events import DeliveryChanged
from apps.live.rooms import project_room
from apps.operations.models import SceneProgress
from apps.projects import access
from apps.projects.models import Project
from apps.quality.models import Finding
from apps.scenes.models import Asset, Scene
from apps.scenes.services.assets import record_assets, store_file

Json = dict[str, Any]


@transaction.atomic
def open_delivery(
    project: Project, *, by: User, formats: Sequence[str], note: str = ""
) -> Delivery:
    """Freeze which scenes at which versions go out; an edge enqueues the run that packs them.

    Holds a lock on the project.

    Raises:
        Refused: If the person does not manage the project.
        Invalid: If no scene is accepted yet, or a format is unknown.
    """
    if not access.may(by, "manage_project", project):
        raise Refused("Only the project's workforce manager can make a delivery.")
    for key in formats or [""]:
        format_named(key)
    Project.objects.select_for_update().get(pk=project.pk)
    scenes = list(deliverable_scenes(project))
    if not scenes:
        raise Invalid(f"No scene of {project} is accepted yet; review some first.")
    newest = project.deliveries.aggregate(newest=Max("number"))["newest"] or 0
    delivery = Delivery.objects.create(
        project=project,
        number=newest + 1,
        formats=list(dict.fromkeys(formats)),
        note=note,
        created_by=by,
    )
    documents = SceneDocument.objects.filter(scene__in=scenes).in_bulk(field_name="scene_id")
    DeliveredScene.objects.bulk_create(
        DeliveredScene(
            delivery=delivery,
            scene=scene,
            version=documents[scene.pk].version if scene.pk in documents else 0,
            head_hash=documents[scene.pk].head_hash if scene.pk in documents else "0" * 64,
        )
        for scene in scenes
    )
    delivery.job = start_run(
        "delivery",
        task_name="deliveries.build",
        task_kwargs={"delivery_id": delivery.pk},
        total=len(scenes),
        queue="long",
        created_by=by,
    )
    delivery.save()
    _tell(delivery)
    return delivery


def build(delivery: Delivery, *, run: JobRun) -> Json:
    """Pack a delivery: every format of every scene, lossiness reports, manifest, archive.

    Begun again after a crash it starts over; what it makes is the same.

    Raises:
        Conflict: If a scene has changed since the delivery was opened.
    """
    if delivery.state == Delivery.State.READY:
        return {"manifest_sha256": delivery.manifest_sha256}
    with tempfile.TemporaryDirectory(prefix="concord-delivery-") as folder:
        path = Path(folder) / "delivery.zip"
        archive = Archive(path)
        scenes = _pack(delivery, archive, run=run)
        manifest = canonical(
            {
                "concord_delivery": 1,
                "project": delivery.project.slug,
                "number": delivery.number,
                "quality_target": {
                    "max_error_rate": delivery.project.max_error_rate,
                    "confidence": delivery.project.confidence,
                },
                "scenes": scenes,
                "files": sorted(archive.entries, key=lambda entry: str(entry["path"])),
            }
        )
        archive.close(manifest)
        stored = store_file(path.read_bytes(), extension="zip")
    record_assets([stored])
    archive_row = Asset.objects.get(pk=stored.sha256)
    _finish(delivery, manifest=manifest, archive=archive_row)
    return {"manifest_sha256": delivery.manifest_sha256}


@transaction.atomic
def cancel_delivery(delivery: Delivery, *, by: User) -> None:
    """Ask that a delivery is not packed any further.

    Raises:
        Refused: If the person does not manage the project.
        Conflict: If it is packed already.
    """
    if not access.may(by, "manage_project", delivery.project):
        raise Refused("Only the project's workforce manager can stop a delivery.")
    if delivery.job is None or delivery.state != Delivery.State.BUILDING:
        raise Conflict(
            f"{delivery} is {delivery.get_state_display().lower()}; nothing is left to stop."
        )
    if request_cancel(delivery.job).is_finished:
        give_up(delivery, message="Stopped before it began.", cancelled=True)


def give_up(delivery: Delivery, *, message: str, cancelled: bool = False) -> None:
    """Write down that a delivery will not come."""
    delivery.state = Delivery.State.CANCELLED if cancelled else Delivery.State.FAILED
    delivery.message = message
    with transaction.atomic():
        delivery.save()
        _tell(delivery)


def export_to_folder(
    project: Project,
    *,
    format_key: str,
    folder: Path,
    scenes: Sequence[Scene],
    said: Callable[[str], None],
) -> list[str]:
    """Write labels to a folder, one format, with its lossiness report; nothing is delivered by it.

    Returns:
        Paths written, relative to the folder.
    """
    export_format = format_named(format_key)
    if not scenes:
        raise Invalid(f"There is nothing to export: no scene of {project} is accepted yet.")
    folder.mkdir(parents=True, exist_ok=True)
    done: list[tuple[str, Exported]] = []
    written: list[str] = []
    for number, scene in enumerate(scenes, start=1):
        exported = export_format.export(snapshot(scene))
        written.extend(_write(folder, file) for file in exported.files)
        done.append((f"{scene.name}-{scene.pk}", Exported((), exported.losses)))
        said(f"{number} of {len(scenes)}: {scene.name}")
    written.append(_write(folder, lossiness(format_key, done)))
    return written


def _pack(delivery: Delivery, archive: Archive, *, run: JobRun) -> list[Json]:
    rows = list(delivery.scenes.select_related("scene").order_by("scene__name", "scene_id"))
    losses: dict[str, list[tuple[str, Exported]]] = {key: [] for key in delivery.formats}
    lines: list[Json] = []
    for number, row in enumerate(rows, start=1):
        raise_if_cancelled(run)
        frozen = snapshot(row.scene)
        if (frozen.version, frozen.head_hash) != (row.version, row.head_hash):
            raise Conflict(
                f"Scene {row.scene} was changed after the delivery was opened "
                f"(version {row.version} then, {frozen.version} now); make a new delivery."
            )
        for key in delivery.formats:
            exported = format_named(key).export(frozen)
            for file in exported.files:
                archive.add(file, folder=key)
            losses[key].append((f"{row.scene.name}-{row.scene_id}", exported))
        lines.append(
            {
                "scene": row.scene.name,
                "source": row.scene.source_key,
                "version": row.version,
                "journal_head": row.head_hash,
                "guideline_versions": list(frozen.guideline_numbers),
                "objects": len(frozen.objects),
                "frames": len(frozen.frames),
                "findings": _findings(row.scene),
            }
        )
        advance(run, done=number, total=len(rows), message=row.scene.name)
    for key, exports in losses.items():
        archive.add(lossiness(key, exports), folder=key)
    return lines


def _findings(scene: Scene) -> Json:
    """What was still open, and what was waived with which reason, when the scene went out."""
    rows = Finding.objects.filter(scene=scene).exclude(state=Finding.State.CLOSED)
    waived = [
        {"check": row.check_id, "severity": row.severity, "reason": row.waiver_reason}
        for row in rows.filter(state=Finding.State.WAIVED).order_by("pk")
    ]
    open_by_severity = {
        severity: rows.filter(state=Finding.State.OPEN, severity=severity).count()
        for severity in Finding.Severity.values
    }
    return {"open": open_by_severity, "waived": waived}


@transaction.atomic
def _finish(delivery: Delivery, *, manifest: str, archive: Asset) -> None:
    delivery.manifest_text = manifest
    delivery.manifest_sha256 = hashlib.sha256(manifest.encode()).hexdigest()
    delivery.archive = archive
    delivery.state = Delivery.State.READY
    delivery.ready_at = timezone.now()
    delivery.save()
    SceneProgress.objects.filter(
        scene__in=delivery.scenes.values("scene"), state=SceneProgress.State.ACCEPTED
    ).update(state=SceneProgress.State.DELIVERED)
    _tell(delivery)


def _tell(delivery: Delivery) -> None:
    event = DeliveryChanged(
        delivery_id=delivery.pk, project_id=delivery.project_id, state=delivery.state
    )
    broadcast(project_room(delivery.project_id), event)


def _write(folder: Path, file: OutFile) -> str:
    target = folder / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(target.name + ".part")
    unfinished.write_bytes(file.content)
    shutil.move(unfinished, target)
    return file.path
