"""What can be amiss with a file of a recording, told so that it can be mended."""

from dataclasses import dataclass

from apps.modalities.base import Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is amiss with one file: which field of it, what, and what mends it.

    Attributes:
        path: The file, relative to the recording.
        field: The part of it, such as `P2`, `line 3` or `scenes.0.name`.
        problem: One sentence.
        mend: One sentence.
        severe: Whether something had to be left out because of it.
    """

    path: str
    field: str
    problem: str
    mend: str
    severe: bool = True


class SceneRefused(Exception):
    """A scene, or a whole recording, cannot be imported; its faults say why."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{f.path}: {f.field}: {f.problem}" for f in faults))
        self.faults = faults


def fault_of(path: str, error: Unreadable) -> Fault:
    """Tell of an unreadable file."""
    return Fault(path=path, field=error.field, problem=error.problem, mend=error.mend)
