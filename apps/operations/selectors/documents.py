"""A task's document: labels, findings and residuals of its scene as of now."""

import hashlib
from typing import Any

from django.db.models import Count, Max

from apps.annotation.models import SceneDocument
from apps.annotation.selectors import objects_json, scene_state
from apps.guidelines.models import GuidelineVersion
from apps.operations.models import Task
from apps.quality.models import Finding
from apps.quality.selectors import LIVING, finding_json, living_findings, residuals_of


def document_json(task: Task, document: SceneDocument) -> dict[str, Any]:
    """Labels, findings and residuals as the wire has them; constant queries, however much there is."""
    numbers = dict(
        GuidelineVersion.objects.filter(project=task.project_id).values_list("pk", "number")
    )
    return {
        "scene_id": task.scene_id,
        "version": document.version,
        "objects": objects_json(scene_state(document), guideline_numbers=numbers),
        "findings": [finding_json(row) for row in living_findings(task.scene_id)],
        "residuals": residuals_of(task.scene_id),
    }


def document_etag(task: Task, document: SceneDocument, *, mode: str, reader_id: int) -> str:
    """A tag that changes with anything that the document says, but for how long a lease still lasts."""
    findings = Finding.objects.filter(scene=task.scene_id, state__in=LIVING).aggregate(
        Count("pk"), Max("updated_at")
    )
    said = (
        *findings.values(),
        *(task.pk, task.state, task.outcome, task.round, task.note, task.priority, task.due_on),
        *(task.lease_token, task.assignee_id, task.reserved_for_id, mode, reader_id),
    )
    stamp = hashlib.sha256(repr(said).encode()).hexdigest()[:16]
    return f'"v{document.version}-{stamp}"'
