"""Names of rooms, written and read."""

import pytest

from apps.live.rooms import parse_room, person_room, project_room, scene_room


@pytest.mark.parametrize(
    ("name", "kind", "owner_id", "group"),
    [
        (project_room(12), "project", 12, "project.12"),
        (scene_room(3, 12), "scene", 3, "scene.3.12"),
        (person_room(7), "person", 7, "person.7"),
    ],
)
def test_a_room_is_read_as_it_is_written(name, kind, owner_id, group):
    room = parse_room(name)

    assert (room.kind, room.owner_id, room.group, room.name) == (kind, owner_id, group, name)


@pytest.mark.parametrize(
    "name",
    [
        *("", "project", "project:", "project:0", "project:-1", "project:1 ", "project:1:2"),
        *("scene:1", "scene:1:2:3", "scene::2", "person:1\n", "task:1", "project:" + "9" * 30),
        *(None, 7, ["project:1"], {"project": 1}),
    ],
)
def test_what_is_no_room_is_none(name):
    assert parse_room(name) is None
