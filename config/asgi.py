"""One port: HTTP through Django's WSGI code in a pool of threads, WebSocket through Channels."""

import os
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
_wsgi: Any = get_wsgi_application()

# Only now are the apps loaded, and what imports models may be imported.
from channels.routing import URLRouter  # noqa: E402
from django.conf import settings  # noqa: E402

from apps.live.door import SocketDoor  # noqa: E402
from apps.live.routing import websocket_urlpatterns  # noqa: E402
from config.bridge import Receive, Scope, Send, WsgiBridge  # noqa: E402

http = WsgiBridge(
    _wsgi, threads=settings.HTTP_THREADS, longest_body_bytes=settings.LONGEST_BODY_BYTES
)
sockets = SocketDoor(URLRouter(websocket_urlpatterns))
SOCKET_PATH = "/ws/"
NO_SUCH_SOCKET = 4404


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one connection."""
    if scope["type"] == "http":
        await http(scope, receive, send)
    elif scope["type"] == "websocket" and scope["path"] == SOCKET_PATH:
        await sockets(scope, receive, send)
    elif scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": NO_SUCH_SOCKET})
    else:
        raise NotImplementedError(f"no {scope['type']} here; serve with --lifespan off")
