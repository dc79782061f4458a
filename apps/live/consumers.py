"""The one socket: a browser joins rooms and hears events; it changes nothing here."""

import json
import time
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from apps.accounts.models import User
from apps.live.rooms import Room, parse_room
from apps.live.rules import may_hear

MOST_ROOMS = 50
LONGEST_REQUEST = 400
# A right that was taken back is noticed with the next event after this.
RIGHTS_HOLD_S = 30.0
SIGN_IN_FIRST = 4401
NOT_UNDERSTOOD = 4400


class LiveConsumer(AsyncWebsocketConsumer):
    """One browser's socket.

    It sends `{"join": room}` or `{"leave": room}` and hears `{"joined": room}`, `{"left": room}`,
    `{"refused": room}` (one answer for what is foreign and for what does not exist) and events.
    """

    person: User
    rooms: dict[str, Room]
    sure_until: dict[str, float]

    async def connect(self) -> None:
        """Take in whoever is signed in."""
        person: object = self.scope.get("user")
        if not isinstance(person, User):
            # Accepted first: a browser is told the code of an open socket only.
            await self.accept()
            await self.close(code=SIGN_IN_FIRST)
            return
        self.person, self.rooms, self.sure_until = person, {}, {}
        await self.accept()

    async def disconnect(self, code: int) -> None:
        """Leave every room."""
        for room in getattr(self, "rooms", {}).values():
            await self.channel_layer.group_discard(room.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Carry out a request to join or to leave."""
        request = understood(text_data)
        if request is None:
            await self.close(code=NOT_UNDERSTOOD)
        elif "join" in request:
            await self._join(request["join"])
        elif "leave" in request:
            await self._leave(request["leave"])

    async def room_event(self, message: dict[str, Any]) -> None:
        """Pass an event on, if the person may still hear it."""
        payload = message["payload"]
        room = self.rooms.get(payload["room"])
        if room is None:
            return
        if time.monotonic() > self.sure_until[room.name] and not await self._may_hear(room):
            await self._leave(room.name)
            await self._say(refused=room.name)
            return
        await self.send(text_data=json.dumps(payload))

    async def _join(self, name: object) -> None:
        room = parse_room(name)
        if room is None or len(self.rooms) >= MOST_ROOMS or not await self._may_hear(room):
            await self._say(refused=name)
            return
        self.rooms[room.name] = room
        await self.channel_layer.group_add(room.group, self.channel_name)
        await self._say(joined=room.name)

    async def _leave(self, name: object) -> None:
        room = self.rooms.pop(name, None) if isinstance(name, str) else None
        if room is not None:
            await self.channel_layer.group_discard(room.group, self.channel_name)
        await self._say(left=name)

    async def _may_hear(self, room: Room) -> bool:
        self.sure_until[room.name] = time.monotonic() + RIGHTS_HOLD_S
        return await database_sync_to_async(may_hear)(self.person, room)

    async def _say(self, **members: object) -> None:
        await self.send(text_data=json.dumps(members))


def understood(text: str | None) -> dict[str, Any] | None:
    """Read a request, or nothing if it is none."""
    if text is None or len(text) > LONGEST_REQUEST:
        return None
    try:
        request = json.loads(text)
    except ValueError:
        return None
    if not isinstance(request, dict) or len(request.keys() & {"join", "leave"}) != 1:
        return None
    return request
