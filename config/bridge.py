"""HTTP of an ASGI server carried to Django's WSGI code, in a pool of threads.

Threads are few, people's lines are slow. So a thread is held only while Django computes: a request's
body is taken in before (to memory, then to a file), and an answer's bytes are sent after. A body
that breaks off never reaches Django. See docs/decisions/0002-http-over-wsgi.md.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import IO, Any

from a2wsgi.wsgi import build_environ

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

IN_MEMORY_BYTES = 1 << 20
CHUNK_BYTES = 1 << 18
END = object()


class BodyTooLarge(Exception):
    """A request's body is larger than is taken."""


class ClientGone(Exception):
    """The line broke before the request was complete."""


class FileAnswer:
    """What Django hands over for a file (`wsgi.file_wrapper`): read in pieces, then closed."""

    def __init__(self, file: IO[bytes], block_bytes: int = CHUNK_BYTES) -> None:
        self.file = file
        self.block_bytes = max(block_bytes, CHUNK_BYTES)

    def __iter__(self) -> Iterator[bytes]:
        """Read the file piece by piece."""
        while piece := self.file.read(self.block_bytes):
            yield piece

    def close(self) -> None:
        """Close the file, and with it Django's answer."""
        self.file.close()


@dataclass(slots=True)
class Answer:
    """What Django said: the head, and a body that is whole or still to be read.

    Attributes:
        rest: Pieces still to be made; empty if the body is whole.
        close: Ends the answer, once `rest` is read or given up.
    """

    status: int
    headers: Headers
    body: bytes = b""
    rest: Iterator[bytes] | None = None
    close: Callable[[], None] = lambda: None


class WsgiBridge:
    """An ASGI application that answers HTTP from a WSGI application."""

    def __init__(self, app: WsgiApp, *, threads: int, longest_body_bytes: int) -> None:
        self.app = app
        self.longest_body_bytes = longest_body_bytes
        self.computing = ThreadPoolExecutor(threads, thread_name_prefix="http")
        # Files have threads of their own: a download waits for no slow page.
        self.reading = ThreadPoolExecutor(threads, thread_name_prefix="file")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take in the request, let Django answer it, send the answer."""
        loop = asyncio.get_running_loop()
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as body:
            try:
                length = await self._take_in(scope, receive, body)
            except ClientGone:
                return
            except BodyTooLarge:
                await self._refuse(send)
                return
            answer = await loop.run_in_executor(
                self.computing, partial(self._ask, scope, body, length=length)
            )
        try:
            await self._tell(answer, receive, send)
        finally:
            await loop.run_in_executor(self.reading, answer.close)

    async def _take_in(self, scope: Scope, receive: Receive, body: IO[bytes]) -> int:
        """Read the whole body and tell its length in bytes.

        Raises:
            ClientGone: If it breaks off.
            BodyTooLarge: If it passes the limit, or says that it will.
        """
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > self.longest_body_bytes:
            raise BodyTooLarge
        received = 0
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            piece: bytes = message.get("body", b"")
            received += len(piece)
            if received > self.longest_body_bytes:
                raise BodyTooLarge
            if received > IN_MEMORY_BYTES:
                await asyncio.get_running_loop().run_in_executor(self.reading, body.write, piece)
            else:
                body.write(piece)
            more = message.get("more_body", False)
        body.seek(0)
        return received

    def _ask(self, scope: Scope, body: IO[bytes], *, length: int) -> Answer:
        """Let Django answer; runs in a thread."""
        # A proxy sets X-Forwarded-Proto; a header X_Forwarded_Proto would land in the same place.
        plain = [(name, value) for name, value in scope["headers"] if b"_" not in name]
        http_scope: Any = {**scope, "headers": plain}
        any_body: Any = body
        environ: dict[str, Any] = {**build_environ(http_scope, any_body)}
        environ["wsgi.file_wrapper"] = FileAnswer
        # A chunked body announces no length; WSGI knows no body without one.
        environ["CONTENT_LENGTH"] = str(length)
        head: list[tuple[int, Headers]] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], _error: Any = None
        ) -> None:
            encoded = [
                (n.encode("latin-1").lower(), v.strip().encode("latin-1")) for n, v in headers
            ]
            head.append((int(status.split(" ", 1)[0]), encoded))

        made = self.app(environ, start_response)
        status, headers = head[-1]
        close = getattr(made, "close", lambda: None)
        if isinstance(made, FileAnswer) or getattr(made, "streaming", False):
            return Answer(status, headers, rest=iter(made), close=close)
        whole = b"".join(made)
        close()
        return Answer(status, headers, body=whole)

    async def _tell(self, answer: Answer, receive: Receive, send: Send) -> None:
        """Send an answer; stop making one that nobody waits for."""
        await send(
            {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
        )
        if answer.rest is not None:
            gone = asyncio.ensure_future(_gone(receive))
            try:
                while not gone.done():
                    loop = asyncio.get_running_loop()
                    piece = await loop.run_in_executor(self.reading, next, answer.rest, END)
                    if not isinstance(piece, bytes):
                        break
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            finally:
                gone.cancel()
        await send({"type": "http.response.body", "body": answer.body})

    async def _refuse(self, send: Send) -> None:
        limit_mb = self.longest_body_bytes >> 20
        said = (
            '{"type": "urn:concord:problem:too_large", "title": "Too large", "status": 413, '
            f'"detail": "One request carries at most {limit_mb} MB; send the file in chunks.", '
            '"code": "too_large", "fields": {}}'
        ).encode()
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(said)).encode()),
            (b"connection", b"close"),
        ]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": said})


async def _gone(receive: Receive) -> None:
    """Wait until the client hangs up."""
    while (await receive())["type"] != "http.disconnect":
        continue
