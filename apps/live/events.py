"""Everything that is ever pushed to a browser: a closed set; ids and counts, no content."""

from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something changed; whoever hears it fetches what they may see through the API."""

    name: ClassVar[str]

    def payload(self) -> dict[str, Any]:
        """The event as JSON members."""
        return {"event": self.name, **asdict(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneChanged(Event):
    """A scene's labels were saved under a new version."""

    name: ClassVar[str] = "scene.changed"
    scene_id: int
    version: int
    author_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsChanged(Event):
    """A scene's findings were computed again."""

    name: ClassVar[str] = "findings.changed"
    scene_id: int
    open_findings: int
    blocking_findings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskChanged(Event):
    """A task was opened, taken, handed in, returned or closed."""

    name: ClassVar[str] = "task.changed"
    task_id: int
    project_id: int
    state: str
    assignee_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProgress(Event):
    """An import moved on, or ended."""

    name: ClassVar[str] = "import.progress"
    import_id: int
    project_id: int
    done: int
    total: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryChanged(Event):
    """A delivery is being made, is ready, or was judged."""

    name: ClassVar[str] = "delivery.changed"
    delivery_id: int
    project_id: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectChanged(Event):
    """Something about a project as a whole changed."""

    name: ClassVar[str] = "project.changed"
    project_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceChanged(Event):
    """Who has a task open changed."""

    name: ClassVar[str] = "presence.changed"
    task_id: int
    scene_id: int
    people: tuple[int, ...]


EVENTS: tuple[type[Event], ...] = (
    SceneChanged,
    FindingsChanged,
    TaskChanged,
    ImportProgress,
    DeliveryChanged,
    ProjectChanged,
    PresenceChanged,
)
