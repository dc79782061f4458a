"""The one way in which the server tells browsers that something changed."""

import logging
from functools import partial
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from apps.live.events import Event
from apps.live.rooms import group_of

logger = logging.getLogger(__name__)


def broadcast(room: str, event: Event) -> None:
    """Push an event to a room when the transaction commits; a rolled-back change is never heard.

    An outage of the channel layer is logged and breaks nothing: browsers fetch again when they
    reconnect, so a missed push costs a refresh and not a lie.
    """
    message = {"type": "room.event", "payload": {**event.payload(), "room": room}}
    transaction.on_commit(partial(_push, group_of(room), message), robust=True)


def _push(group: str, message: dict[str, Any]) -> None:
    layer = get_channel_layer()
    if layer is None:
        logger.warning("no channel layer to push to", extra={"group": group})
        return
    try:
        async_to_sync(layer.group_send)(group, message)
    except Exception:
        logger.exception("push lost", extra={"group": group, "event": message["payload"]["event"]})
