"""What a run of the checks brings: findings before they are stored, and measured residuals."""

import hashlib
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from numerics.checks.draft import Draft, Severity, sentence

Residual = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cause:
    """What a finding is about; there is one living finding a cause.

    Attributes:
        check: The check's id.
        object_id: The object.
        other_id: The other object, where it takes two.
        sensor_key: The sensor that it was seen in.
        at_ns: When; None where it is about the track as a whole.
    """

    check: str
    object_id: UUID
    other_id: UUID | None = None
    sensor_key: str | None = None
    at_ns: int | None = None

    @property
    def stable_key(self) -> str:
        """A name that is the same each time the cause is found."""
        pair = sorted(str(one) for one in (self.object_id, self.other_id) if one is not None)
        parts = [
            self.check,
            *pair,
            self.sensor_key or "",
            "" if self.at_ns is None else self.at_ns,
        ]
        return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Raised:
    """A finding before it is stored.

    Attributes:
        cause: What it is about.
        draft: What the check said.
        at_ns: Where to look at it, also where it is about the whole track.
        fixes: The wire's fixes.
    """

    cause: Cause
    draft: Draft
    at_ns: int
    fixes: list[dict[str, Any]] = field(default_factory=list)

    @property
    def message(self) -> str:
        """The draft's sentence, as one."""
        said = sentence(self.draft.words, self.draft.parts)
        return f"{said[:1].upper()}{said[1:]}."


@dataclass(slots=True)
class Outcome:
    """Everything that a run found.

    Attributes:
        raised: Findings.
        residuals: Columns of `Residual` rows by object, sensor and time.
        blind: Check and frame where the check could not look, so that nothing is known.
        unknown: Stable keys of causes of which nothing is known for the same reason.
    """

    raised: list[Raised] = field(default_factory=list)
    residuals: dict[tuple[UUID, str, int], Residual] = field(default_factory=dict)
    blind: set[tuple[str, int]] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)

    def measure(
        self, object_id: UUID, sensor_key: str, at_ns: int, **numbers: float | None
    ) -> None:
        """Note what was measured of an observation; several checks add to one row."""
        self.residuals.setdefault((object_id, sensor_key, at_ns), {}).update(numbers)


Was = dict[str, Severity]
"""Severity of the living finding of each cause, by its stable key."""
