"""The events' types for the browser."""

from io import StringIO

import pytest
from django.core.management import call_command

from apps.live import events
from apps.live.events import EVENTS, Event, PresenceChanged, SceneChanged
from apps.live.typescript import interface_of, typescript_of


def test_the_file_in_the_front_end_is_fresh():
    call_command("event_types", "--check", stdout=StringIO())


def test_every_event_is_of_the_closed_set_and_has_its_own_name():
    written = {
        thing
        for thing in vars(events).values()
        if isinstance(thing, type) and issubclass(thing, Event) and thing is not Event
    }

    assert written == set(EVENTS)
    assert len({event.name for event in EVENTS}) == len(EVENTS)


def test_an_interface_has_the_fields_and_the_name():
    assert interface_of(SceneChanged) == (
        "/** A scene's labels were saved under a new version. */\n"
        "export interface SceneChanged {\n"
        '  readonly event: "scene.changed";\n'
        "  readonly room: string;\n"
        "  readonly scene_id: number;\n"
        "  readonly version: number;\n"
        "  readonly author_id: number | null;\n"
        "}"
    )


def test_a_tuple_is_a_readonly_array():
    assert "readonly people: readonly number[];" in interface_of(PresenceChanged)


def test_content_may_not_travel_in_an_event():
    with pytest.raises(TypeError, match="no <class 'dict'>"):
        typescript_of(dict)
