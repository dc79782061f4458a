"""Who may open a socket: a signed-in browser on one of our own pages, or a program with a token."""

from typing import Any
from urllib.parse import urlsplit

from channels.auth import AuthMiddlewareStack
from channels.db import database_sync_to_async
from django.conf import settings
from django.http.request import split_domain_port, validate_host

from apps.accounts.selectors import live_token
from apps.accounts.services import note_use

FOREIGN_ORIGIN = 4403


class SocketDoor:
    """Lets in by token, or by session from our own origin.

    A browser sends its cookies to whatever page asked for the socket, and says in `Origin` which
    page that was; a token is never sent by a browser of its own accord, so it needs no origin.
    """

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.by_session: Any = AuthMiddlewareStack(inner)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass a socket on, with its person; close one that comes from a foreign page."""
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        scheme, _, secret = headers.get(b"authorization", "").partition(" ")
        if scheme.lower() == "bearer" and secret:
            person = await database_sync_to_async(_bearer)(secret.strip())
            await self.inner({**scope, "user": person}, receive, send)
        elif is_own_origin(headers.get(b"origin", ""), host=headers.get(b"host", "")):
            await self.by_session(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": FOREIGN_ORIGIN})


def is_own_origin(origin: str, *, host: str) -> bool:
    """Whether a page of this origin is one of ours: the host asked, or one that settings trust."""
    domain, _port = split_domain_port(host)
    if not validate_host(domain, settings.ALLOWED_HOSTS):
        return False
    return urlsplit(origin).netloc == host or origin in settings.CSRF_TRUSTED_ORIGINS


def _bearer(secret: str) -> Any:
    token = live_token(secret)
    if token is None:
        return None
    note_use(token)
    return token.person
