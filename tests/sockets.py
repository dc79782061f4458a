"""A browser's socket in tests, against the whole ASGI application (Channels' own needs daphne)."""

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from django.conf import settings
from django.test import Client as Browser

from apps.accounts.models import User
from config.asgi import application

HOST = "testserver"


class LiveSocket(ApplicationCommunicator):
    """One open socket: `await socket.ask({"join": room})`, then `await socket.hear()`."""

    def __init__(self, *, path: str = "/ws/", headers: list[tuple[bytes, bytes]]) -> None:
        scope = {
            "type": "websocket",
            "path": path,
            "query_string": b"",
            "headers": headers,
            "subprotocols": [],
        }
        super().__init__(application, scope)

    async def open(self) -> dict[str, Any]:
        """Ask for the socket; answers with the server's accept or close."""
        await self.send_input({"type": "websocket.connect"})
        return await self.receive_output(5)

    async def say(self, text: str) -> None:
        """Send a text as it is."""
        await self.send_input({"type": "websocket.receive", "text": text})

    async def hear(self) -> dict[str, Any]:
        """Wait for the next message."""
        message = await self.receive_output(5)
        assert message["type"] == "websocket.send", message
        heard: dict[str, Any] = json.loads(message["text"])
        return heard

    async def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send a request and wait for what comes next."""
        await self.say(json.dumps(request))
        return await self.hear()

    async def leave(self) -> None:
        """Hang up."""
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(5)


def socket_of(
    person: User | None = None,
    *,
    token: str | None = None,
    origin: str | None = f"http://{HOST}",
    path: str = "/ws/",
) -> LiveSocket:
    """A socket of a signed-in browser, of a program with a token, or of nobody."""
    headers = [(b"host", HOST.encode())]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    if token is not None:
        headers.append((b"authorization", f"Bearer {token}".encode()))
    if person is not None:
        browser = Browser()
        browser.force_login(person)
        key = browser.cookies[settings.SESSION_COOKIE_NAME].value
        headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={key}".encode()))
    return LiveSocket(path=path, headers=headers)


async def opened(person: User | None = None, **how: Any) -> LiveSocket:
    """An open socket."""
    socket = await database_sync_to_async(socket_of)(person, **how)
    assert (await socket.open())["type"] == "websocket.accept"
    return socket
