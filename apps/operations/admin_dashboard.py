"""The admin's first page: how the house stands today."""

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from apps.operations.selectors.board import DAYS_LOOKED_BACK, ProjectBoard, boards_of
from apps.operations.selectors.overview import Overview, overview, projects_in_work, recent_runs

RISK_WORDS = {"none": "", "ok": "on time", "tight": "tight", "late": "late"}
RISK_COLORS = {"ok": "success", "tight": "warning", "late": "danger"}
RUN_COLORS = {"succeeded": "success", "failed": "danger", "running": "primary", "queued": "info"}

PACE_OPTIONS = {
    "responsive": True,
    "maintainAspectRatio": False,
    "animation": False,
    "maxBarThickness": 16,
    "plugins": {
        "legend": {
            "align": "end",
            "labels": {"boxHeight": 6, "boxWidth": 6, "usePointStyle": True, "color": "#9ca3af"},
        }
    },
    "scales": {
        "x": {"grid": {"display": False}, "ticks": {"color": "#9ca3af"}},
        "y": {"beginAtZero": True, "ticks": {"precision": 0, "color": "#9ca3af"}},
    },
}


@dataclass(frozen=True, slots=True)
class Card:
    """One number at the top."""

    title: str
    number: str
    remark: str
    link: str
    is_bad: bool = False


def with_overview(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add what the page shows; nothing of projects to staff who may not see them all."""
    if not request.user.has_perm("projects.view_project"):
        return context
    found, projects = overview(), projects_in_work()
    boards = boards_of(projects)
    rows = [
        {
            "project": project,
            "link": reverse("admin:projects_project_change", args=[project.pk]),
            **_row(boards[project.pk]),
        }
        for project in projects
    ]
    in_work = sorted(
        (one for board in boards.values() for one in board.in_work),
        key=lambda one: one.expires_at or timezone.now(),
    )
    runs = [
        {"run": run, "color": RUN_COLORS.get(run.state, ""), "state": run.get_state_display()}
        for run in recent_runs()
    ]
    context.update(
        cards=_cards(found),
        rows=rows,
        in_work=[asdict(one) for one in in_work[:12]],
        runs=runs,
        pace=json.dumps(_pace(list(boards.values()))),
        pace_options=json.dumps(PACE_OPTIONS),
    )
    return context


def _row(board: ProjectBoard) -> dict[str, Any]:
    total = sum(board.scenes.values())
    accepted = board.scenes["accepted"] + board.scenes["delivered"]
    label, review = board.queues["label"], board.queues["review"]
    return {
        "accepted": accepted,
        "total": total,
        "percent": round(100 * accepted / total) if total else 0,
        "to_label": label.waiting + label.kept,
        "to_review": review.waiting + review.kept,
        "leased": label.leased + review.leased,
        "blocking": board.blocking_findings,
        "due_on": board.due_on,
        "risk": RISK_WORDS[board.due_risk],
        "risk_color": RISK_COLORS.get(board.due_risk, ""),
    }


def _cards(found: Overview) -> list[Card]:
    tasks = reverse("admin:operations_task_changelist")
    return [
        Card(
            "Projects in production",
            str(found.active_projects),
            f"{found.ordered_projects} ordered and waiting",
            reverse("admin:projects_project_changelist") + "?state__exact=active",
        ),
        Card(
            "Scenes accepted",
            str(found.accepted_scenes),
            f"of {found.scenes}",
            reverse("admin:operations_sceneprogress_changelist") + "?state__exact=accepted",
        ),
        Card(
            "Tasks that wait",
            str(found.open_tasks),
            f"{found.open_reviews} of them reviews",
            f"{tasks}?state__exact=open",
        ),
        Card(
            "Tasks in work",
            str(found.leased_tasks),
            f"{found.expired_tasks} leases run out",
            f"{tasks}?state__exact=leased",
        ),
        Card(
            "Blocking findings",
            str(found.blocking_findings),
            f"of {found.open_findings} open",
            reverse("admin:quality_finding_changelist") + "?state__exact=open&blocking__exact=1",
            is_bad=found.blocking_findings > 0,
        ),
        Card(
            "Failed runs",
            str(found.failed_runs),
            f"in a day; {found.living_runs} running or waiting",
            reverse("admin:core_jobrun_changelist") + "?state__exact=failed",
            is_bad=found.failed_runs > 0,
        ),
    ]


def _pace(boards: list[ProjectBoard]) -> dict[str, Any]:
    today = timezone.localdate()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS_LOOKED_BACK))]
    submitted = [sum(day) for day in zip(*(one.submitted_by_day for one in boards), strict=True)]
    accepted = [sum(day) for day in zip(*(one.accepted_by_day for one in boards), strict=True)]
    return {
        "labels": [f"{day:%a %-d}" for day in days],
        "datasets": [
            {
                "label": "Handed in",
                "data": submitted or [0] * DAYS_LOOKED_BACK,
                "backgroundColor": "var(--color-primary-300)",
            },
            {
                "label": "Accepted",
                "data": accepted or [0] * DAYS_LOOKED_BACK,
                "backgroundColor": "var(--color-primary-700)",
            },
        ],
    }
