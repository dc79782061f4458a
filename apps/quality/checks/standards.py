"""What a guideline says to the checks: limits of each class, and the settings of each check."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import hypot

from apps.core.errors import Conflict
from apps.guidelines.document import GuidelineDocument, LabelClass
from apps.guidelines.models import GuidelineVersion
from apps.guidelines.selectors import document_of
from numerics.checks.limits import ClassLimits, check_ids, limits_of, params_of

COMMENT = "review.comment"
"""What a person's finding is filed under."""

MOST_KEPT = 64


@dataclass(frozen=True, slots=True)
class ClassStandard:
    """What is usual for a class.

    Attributes:
        label: What people call it.
        shapes: What it may be drawn as.
        grounded: Whether it stands on the ground.
        confusable: Classes that it is easily taken for.
        default_size_m: Length, width, height.
        limits: Bounds and thresholds.
    """

    label: str
    shapes: tuple[str, ...]
    grounded: bool
    confusable: tuple[str, ...]
    default_size_m: tuple[float, float, float]
    limits: ClassLimits

    @property
    def is_vehicle(self) -> bool:
        """Whether its heading follows its path."""
        return self.limits.group == "vehicle"

    @property
    def diagonal_m(self) -> float:
        """Diagonal of its usual cuboid."""
        return hypot(*self.default_size_m)


@dataclass(frozen=True, slots=True)
class CheckStandard:
    """How one check is used.

    Attributes:
        enabled: Whether it runs.
        blocks: Severities that stop a submit.
        clause: Number of the guideline's clause that it watches over.
        params: Its settings.
    """

    enabled: bool
    blocks: frozenset[str]
    clause: str
    params: dict[str, float]


@dataclass(frozen=True, slots=True)
class Standards:
    """Everything that the checks ask of a guideline version.

    Attributes:
        classes: By key; `standard_of` also knows classes that the version dropped.
        checks: By id.
        visible_only: Whether drawn boxes cover only what is visible.
        mirrors_included: Whether a vehicle's cuboid holds its mirrors.
        farthest_m: Distance from the ego vehicle beyond which nothing needs a label.
    """

    classes: Mapping[str, ClassStandard]
    checks: Mapping[str, CheckStandard]
    visible_only: bool
    mirrors_included: bool
    farthest_m: float

    def standard_of(self, class_key: str) -> ClassStandard:
        """The class's standard; the fallback's for a class that this version does not know."""
        found = self.classes.get(class_key)
        if found is not None:
            return found
        limits = limits_of([class_key])
        middle = tuple((low + high) / 2 for low, high in limits.spans_m)
        return ClassStandard(class_key, ("cuboid", "box"), False, (), _three(middle), limits)


def standards_of(version: GuidelineVersion) -> Standards:
    """Read a version's standards, or find them in memory.

    Raises:
        Conflict: If the guideline sets a limit or a setting that no check has.
    """
    key = (version.pk, version.updated_at)
    kept = _kept.get(key)
    if kept is None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        kept = _kept[key] = read_standards(document_of(version), name=str(version))
    return kept


def read_standards(document: GuidelineDocument, *, name: str) -> Standards:
    """Read the standards out of a guideline document.

    Raises:
        Conflict: If it sets a limit or a setting that no check has.
    """
    try:
        classes = {one.key: _class_standard(one, document) for one in document.taxonomy.classes}
        checks = {check: _check_standard(check, document) for check in check_ids()}
    except ValueError as error:
        raise Conflict(f"The guideline “{name}” cannot be used for checks: {error}") from error
    policy = document.policy
    return Standards(
        classes,
        checks,
        policy.boxes_cover == "visible",
        policy.mirrors_included,
        policy.farthest_m,
    )


def _class_standard(one: LabelClass, document: GuidelineDocument) -> ClassStandard:
    line = [one.key]
    while (parent := document.class_named(line[-1])) and parent.parent:
        line.append(parent.parent)
    return ClassStandard(
        one.label,
        one.shapes,
        one.grounded,
        one.confusable_with,
        one.default_size_m,
        limits_of(line, one.limits),
    )


def _check_standard(check: str, document: GuidelineDocument) -> CheckStandard:
    setting = document.checks.get(check)
    params = params_of(check, None if setting is None else setting.params)
    if check == "link.missing" and (setting is None or "side_min_px" not in setting.params):
        params["side_min_px"] = document.policy.smallest_box_px
    if setting is None:
        return CheckStandard(True, frozenset(), "", params)
    return CheckStandard(setting.enabled, frozenset(setting.blocks), setting.clause, params)


_kept: dict[tuple[int, datetime], Standards] = {}


def _three(sizes: tuple[float, ...]) -> tuple[float, float, float]:
    length, width, height = sizes
    return length, width, height
