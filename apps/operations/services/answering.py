"""Findings are answered by whoever works on their scene, and reviewers raise their own."""

from collections.abc import Mapping
from typing import Any

from apps.accounts.models import User
from apps.annotation.selectors import document_of
from apps.core.errors import Refused
from apps.operations.models import Task
from apps.operations.selectors.holds import held_task
from apps.projects.access import may
from apps.quality.models import Finding
from apps.quality.services.judging import comment, reopen, resolve, waive


def answer_finding(finding: Finding, *, by: User, action: str, reason: str = "") -> Finding:
    """Waive a finding, open it again, or resolve it.

    Args:
        finding: The finding.
        by: Who holds a task of its scene.
        action: `waive`, `reopen` or `resolve`.
        reason: Why; a waiver needs one.

    Raises:
        Refused: If they do not hold a task of the scene.
        Invalid: If a waiver has no reason.
        Conflict: If the finding's state does not allow it.
    """
    task = held_task(finding.scene_id, by=by)
    if task is None:
        raise Refused(f"Take a task of “{finding.scene}” first; its findings are answered there.")
    as_reviewer = task.kind == Task.Kind.REVIEW
    if action == "waive":
        return waive(finding, by=by, reason=reason, as_reviewer=as_reviewer)
    if action == "reopen":
        return reopen(finding, by=by, reason=reason)
    version = document_of(finding.scene_id).version
    return resolve(finding, by=by, version=version, reason=reason)


def comment_on(task: Task, *, by: User, message: str, about: Mapping[str, Any]) -> Finding:
    """Say that something is wrong at a place in the task's scene.

    Raises:
        Refused: If the person is no reviewer of the project.
        Invalid: If nothing is said, or the scene has no such sensor or object.
    """
    if not may(by, "review_project", task.project_id):
        raise Refused(f"Only reviewers of “{task.project}” leave comments in its scenes.")
    version = document_of(task.scene_id).version
    return comment(task.scene, by=by, version=version, message=message, about=about)
