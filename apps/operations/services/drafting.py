"""Edits that cannot be saved are kept for whoever made them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.accounts.models import User
from apps.annotation.ops import NewChangeSet, op_json
from apps.operations.models import Draft, Task

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveRequest:
    """What a browser sends.

    Attributes:
        base_version: The scene's version that the edits were made on.
        lease_token: Under which they were made.
        session: The browser tab.
        change_sets: The gestures, in order.
        idempotency_key: Names the request; the gestures' own ids do where it is left out.
    """

    base_version: int
    lease_token: int
    session: UUID | None
    change_sets: Sequence[NewChangeSet]
    idempotency_key: str = ""


def keep_draft(
    task: Task,
    by: User,
    request: SaveRequest,
    new: Sequence[NewChangeSet],
    *,
    reason: str,
) -> Draft:
    """Keep refused edits once, however often they are sent; part of a larger transaction."""
    ids = {str(one.id) for one in new}
    for earlier in Draft.objects.filter(task=task, author=by).order_by("pk"):
        if ids <= {one["id"] for one in earlier.change_sets}:
            return earlier
    name = request.idempotency_key or " ".join(sorted(ids))
    draft, _ = Draft.objects.get_or_create(
        task=task,
        idempotency_key=hashlib.sha256(f"{by.pk} {name}".encode()).hexdigest(),
        defaults={
            "author": by,
            "base_version": request.base_version,
            "lease_token": request.lease_token,
            "change_sets": [_change_set_as_sent(one) for one in new],
            "reason": reason[:LONGEST_REASON],
        },
    )
    return draft


def _change_set_as_sent(one: NewChangeSet) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "label": one.label,
        "made_at": one.made_at.isoformat(),
        "ops": [op_json(op) for op in one.ops],
    }
