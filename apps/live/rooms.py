"""The rooms in which events are heard, and how their names are written and read.

A scene's room carries its project, so that the right to hear derives from the project alone. A name
that pairs a scene with a project that is not its own is a room in which nothing is ever said.
"""

import re
from dataclasses import dataclass
from typing import Literal

RoomKind = Literal["project", "scene", "person"]

_NAME = re.compile(r"(project|person):([1-9]\d{0,17})|scene:([1-9]\d{0,17}):([1-9]\d{0,17})")


@dataclass(frozen=True, slots=True)
class Room:
    """A room's name, understood.

    Attributes:
        kind: What the room is about.
        name: The name as browsers write it.
        owner_id: The project, or the person, on whom the right to hear hangs.
    """

    kind: RoomKind
    name: str
    owner_id: int

    @property
    def group(self) -> str:
        """The name as channel layers allow it."""
        return group_of(self.name)


def project_room(project_id: int) -> str:
    """Where everyone who may view a project hears of it."""
    return f"project:{project_id}"


def scene_room(project_id: int, scene_id: int) -> str:
    """Where those who have a scene open hear of its labels and findings."""
    return f"scene:{project_id}:{scene_id}"


def person_room(person_id: int) -> str:
    """Where one person hears what concerns them alone."""
    return f"person:{person_id}"


def group_of(room: str) -> str:
    """Write a room's name with the letters that channel layers allow."""
    return room.replace(":", ".")


def parse_room(name: object) -> Room | None:
    """Understand a name that a browser sent, or nothing if it is no room's."""
    if not isinstance(name, str):
        return None
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    kind, owner, project, _scene = match.groups()
    if kind is None:
        return Room("scene", name, int(project))
    return Room("person" if kind == "person" else "project", name, int(owner))
