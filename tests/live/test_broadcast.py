"""A push follows its commit, and an outage of the layer breaks no save."""

import logging
from contextlib import suppress

import pytest
from channels.layers import InMemoryChannelLayer, channel_layers
from django.db import transaction

from apps.live.broadcast import broadcast
from apps.live.events import ProjectChanged
from apps.live.rooms import project_room

EVENT = ProjectChanged(project_id=5)


class RecordingLayer(InMemoryChannelLayer):
    """The in-memory layer, which also remembers what was said."""

    def __init__(self):
        super().__init__()
        self.said = []

    async def group_send(self, group, message):
        self.said.append((group, message))
        await super().group_send(group, message)


class BrokenLayer(InMemoryChannelLayer):
    """A layer whose server is away."""

    async def group_send(self, group, message):
        raise ConnectionError("no server")


@pytest.fixture
def speak_through():
    """Puts a layer in the place of the set-up's own, for one test."""

    def use(layer):
        channel_layers.backends["default"] = layer
        return layer

    yield use
    channel_layers.backends.pop("default", None)


@pytest.fixture
def layer(speak_through):
    return speak_through(RecordingLayer())


def test_a_committed_change_is_heard_once(layer, transactional_db):
    with transaction.atomic():
        broadcast(project_room(5), EVENT)
        assert layer.said == []

    assert layer.said == [
        (
            "project.5",
            {
                "type": "room.event",
                "payload": {"event": "project.changed", "project_id": 5, "room": "project:5"},
            },
        )
    ]


def test_a_rolled_back_change_is_never_heard(layer, transactional_db):
    with suppress(ZeroDivisionError), transaction.atomic():
        broadcast(project_room(5), EVENT)
        raise ZeroDivisionError

    assert layer.said == []


def test_an_outage_is_logged_and_breaks_nothing(
    speak_through, transactional_db, make_person, caplog
):
    speak_through(BrokenLayer())

    with caplog.at_level(logging.ERROR), transaction.atomic():
        ann = make_person("ann")
        broadcast(project_room(5), EVENT)

    ann.refresh_from_db()
    assert ann.email == "ann@example.org"
    assert [record.message for record in caplog.records] == ["push lost"]
