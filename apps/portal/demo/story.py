"""What has happened in the demo before somebody signs in: orders, imports, labelling, a review, a delivery.

Everything goes through the same services as the pages use, so that every queue, finding and journal entry is real.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from apps.accounts.models import User
from apps.annotation.ops import parse_changesets
from apps.core.errors import PortalError
from apps.core.models import JobRun
from apps.deliveries.jobs import build_delivery
from apps.deliveries.services import open_delivery
from apps.operations.errors import BlockedByFindings
from apps.operations.jobs import run_recording_import
from apps.operations.models import Task
from apps.operations.services.drafting import SaveRequest
from apps.operations.services.intake import start_import
from apps.operations.services.leasing import claim
from apps.operations.services.ordering import Order, activate_project, order_project
from apps.operations.services.reviewing import accept, return_to_author, submit
from apps.operations.services.saving import save_changes
from apps.portal.demo.cast import (
    ANNOTATOR,
    CUSTOMER,
    MANAGER,
    REVIEWER,
    SECOND_ANNOTATOR,
    Cast,
    staff,
)
from apps.projects.models import Project
from apps.quality.models import Finding
from apps.quality.services.judging import waive
from apps.scenes.models import Scene

Said = Callable[[str], None]
FRAMES = 4
STREETS = {
    1: "Market street, morning",
    2: "Market street, noon",
    3: "Quay road, afternoon",
    4: "Quay road, evening",
    5: "Station square",
}
CLASSES = ("car", "van", "truck", "bus", "bicycle", "motorcycle", "pedestrian")


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one made-up scene, as a workspace sends them."""

    change_sets: list[dict[str, Any]]

    @staticmethod
    def of(folder: Path, *, true: bool) -> "Labels":
        """Read what the generator wrote."""
        name = "true-gestures.json" if true else "gestures.json"
        content = json.loads((folder / name).read_text(encoding="utf-8"))
        return Labels(content["change_sets"])


def make_streets(folder: Path, *, said: Said) -> dict[int, Path]:
    """Ray-cast the streets, two at a time, each in a process of its own (Open3D stays out of this one)."""

    def make(seed: int) -> tuple[int, Path]:
        target = folder / f"street-{seed}"
        if not (target / "manifest.json").exists():
            subprocess.run(  # noqa: S603 - our own command
                [
                    *(sys.executable, str(settings.BASE_DIR / "manage.py"), "make_scene"),
                    *(str(target), "--seed", str(seed), "--frames", str(FRAMES)),
                    *("--name", STREETS[seed]),
                ],
                check=True,
                stdout=subprocess.DEVNULL,
            )
        said(f"drove down {STREETS[seed]}")
        return seed, target

    with ThreadPoolExecutor(max_workers=2) as pool:
        return dict(pool.map(make, STREETS))


def tell(cast: Cast, *, folder: Path, said: Said) -> Project:
    """Play the whole line once, so that every queue of the demo has something true to show."""
    folders = make_streets(folder, said=said)
    project = _ordered(cast)
    staff(cast, project)
    scenes = {
        seed: _imported(project, path, by=cast.user(CUSTOMER)) for seed, path in folders.items()
    }
    said(f"imported {len(scenes)} recordings")
    ana, ben = cast.user(ANNOTATOR), cast.user(SECOND_ANNOTATOR)
    reviewer = cast.user(REVIEWER)
    _accepted(scenes[1], Labels.of(folders[1], true=True), author=ana, reviewer=reviewer)
    _handed_in(scenes[2], Labels.of(folders[2], true=False), author=ben)
    _returned(scenes[3], Labels.of(folders[3], true=False), author=ana, reviewer=reviewer)
    _begun(scenes[4], Labels.of(folders[4], true=False), author=ben)
    said("labelled four scenes: one accepted, one to review, one returned, one in work")
    _delivered(project, by=cast.user(MANAGER))
    said("delivered the first one")
    _waiting_order(cast)
    return project


def _ordered(cast: Cast) -> Project:
    order = Order(
        name="City streets, batch 1",
        description="Four cameras, a roof LiDAR and a front radar on a test car, in town traffic.",
        instructions="Label everything that moves, or could, within 60 m of the car.",
        template_key="driving",
        class_keys=CLASSES,
        max_error_rate=0.02,
        confidence=0.95,
        due_on=timezone.localdate() + timedelta(days=21),
    )
    project = order_project(cast.client, order=order, by=cast.user(CUSTOMER), slug="city-streets")
    return activate_project(project)


def _waiting_order(cast: Cast) -> None:
    order = Order(
        name="Night drive",
        description="Two hours at night, rain expected.",
        template_key="driving",
        class_keys=CLASSES,
        max_error_rate=0.01,
        due_on=timezone.localdate() + timedelta(days=40),
    )
    order_project(cast.client, order=order, by=cast.user(CUSTOMER), slug="night-drive")
    warehouse = Order(name="Warehouse aisles", template_key="warehouse")
    order_project(cast.other_client, order=warehouse, slug="warehouse-aisles")


def _imported(project: Project, folder: Path, *, by: User) -> Scene:
    known = set(Scene.objects.filter(project=project).values_list("pk", flat=True))
    recording_import = start_import(project, source_path=str(folder), by=by)
    run = _run_of(recording_import.job)
    run_recording_import(run.pk, recording_import.pk)
    run.refresh_from_db()
    scene = Scene.objects.filter(project=project).exclude(pk__in=known).first()
    if scene is None:
        raise PortalError(f"The made-up recording {folder.name} was not imported: {run.message}")
    return scene


def _begun(scene: Scene, labels: Labels, *, author: User) -> tuple[Task, int]:
    """Label a scene and keep the lease."""
    task = claim(Task.objects.get(scene=scene, kind=Task.Kind.LABEL), by=author)
    version = 0
    for change_set in labels.change_sets:
        request = SaveRequest(
            base_version=version,
            lease_token=task.lease_token,
            session=None,
            change_sets=parse_changesets([change_set]),
        )
        version = save_changes(task, by=author, request=request).version
    return task, version


def _handed_in(scene: Scene, labels: Labels, *, author: User) -> None:
    """Label a scene, answer for what blocks, and hand it in."""
    task, version = _begun(scene, labels, author=author)
    _answer_for_what_blocks(scene, author=author)
    try:
        submit(task, by=author, lease_token=task.lease_token, version=version)
    except BlockedByFindings:
        # Handing in asks more than saving does: what is visible now needs its box, or a reason.
        _answer_for_what_blocks(scene, author=author)
        submit(task, by=author, lease_token=task.lease_token, version=version)


def _answer_for_what_blocks(scene: Scene, *, author: User) -> None:
    for finding in Finding.objects.filter(scene=scene, state=Finding.State.OPEN, blocking=True):
        waive(
            finding, by=author, reason="Seen so in the pictures; left for the reviewer to judge."
        )


def _accepted(scene: Scene, labels: Labels, *, author: User, reviewer: User) -> None:
    _handed_in(scene, labels, author=author)
    review = claim(Task.objects.get(scene=scene, kind=Task.Kind.REVIEW), by=reviewer)
    version = scene.label_document.version
    accept(
        review, by=reviewer, lease_token=review.lease_token, version=version, note="Clean work."
    )


def _returned(scene: Scene, labels: Labels, *, author: User, reviewer: User) -> None:
    _handed_in(scene, labels, author=author)
    review = claim(Task.objects.get(scene=scene, kind=Task.Kind.REVIEW), by=reviewer)
    return_to_author(
        review,
        by=reviewer,
        lease_token=review.lease_token,
        version=scene.label_document.version,
        note="The box truck is cut short at the rear, and one parked car is there twice.",
    )


def _delivered(project: Project, *, by: User) -> None:
    delivery = open_delivery(
        project, by=by, formats=["openlabel", "kitti"], note="First accepted scene, as a sample."
    )
    build_delivery(_run_of(delivery.job).pk, delivery.pk)


def _run_of(run: JobRun | None) -> JobRun:
    if run is None:
        raise PortalError("A run that was just started is missing.")
    return run
