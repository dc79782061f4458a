"""What an export format is: a function from a scene to files, and an honest list of what it loses."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from apps.deliveries.snapshot import SceneSnapshot


@dataclass(frozen=True, slots=True)
class OutFile:
    """One file of an export, by its path within the format's folder."""

    path: str
    content: bytes


@dataclass(frozen=True, slots=True, order=True)
class Loss:
    """Something that a format could not carry.

    Attributes:
        what: The thing, such as `attribute occlusion`.
        why: One sentence.
        count: How often it happened.
    """

    what: str
    why: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Exported:
    """A scene in one format."""

    files: tuple[OutFile, ...]
    losses: tuple[Loss, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format by its key; `export` knows nothing of requests, jobs or the database."""

    key: str
    label: str
    description: str
    export: Callable[[SceneSnapshot], Exported]


class Losses:
    """Counts losses while an export goes along."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], int] = {}

    def add(self, what: str, *, why: str, count: int = 1) -> None:
        """Write down that something was left behind."""
        if count:
            key = (what, why)
            self._counts[key] = self._counts.get(key, 0) + count

    def __iter__(self) -> Iterator[Loss]:
        """The losses, in order of name."""
        for (what, why), count in sorted(self._counts.items()):
            yield Loss(what, why, count)


def slug_of(snapshot: SceneSnapshot) -> str:
    """A scene's name as a file may be called; the id keeps two scenes of one name apart."""
    plain = "".join(c if c.isalnum() or c in "-_." else "-" for c in snapshot.name).strip("-.")
    return f"{plain or 'scene'}-{snapshot.scene_id}"
