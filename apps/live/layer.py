"""A channel layer for one machine with no Redis.

Inside a web process it is the in-memory layer. Every web process also listens on a unix socket of
its own in one folder; whoever has something to say (another web process, a worker, a thread that
is not the event loop's) writes one frame to each socket there.
"""

import asyncio
import contextlib
import hashlib
import logging
import os
import socket
import struct
import tempfile
import threading
from pathlib import Path
from typing import Any

import msgpack
from channels.layers import InMemoryChannelLayer

logger = logging.getLogger(__name__)

# The kernel's limit for a socket's path is 108 bytes, its end mark included.
LONGEST_PATH = 100
LONGEST_FRAME = 1 << 20
SEND_TIMEOUT_S = 0.5
HEADER = struct.Struct("!I")


def socket_folder(wanted: Path) -> Path:
    """Make the folder of sockets, private to this user; a shorter one where the path is too long.

    Raises:
        PermissionError: If the folder belongs to somebody else.
    """
    folder = wanted
    if len(os.fsencode(wanted / "0000000.sock")) > LONGEST_PATH:
        digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:16]
        folder = Path(tempfile.gettempdir()) / f"concord-{os.getuid()}-{digest}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to another user; move CONCORD_DATA_DIR")
    return folder


class UnixSocketChannelLayer(InMemoryChannelLayer):
    """The in-memory layer, opened to the other processes of this machine."""

    def __init__(self, folder: str, **options: Any) -> None:
        super().__init__(**options)
        self.folder = socket_folder(Path(folder))
        # A channel's name says which process owns it. The in-memory layer forgets a channel whose
        # queue ran empty, so what it knows cannot tell.
        self.mark = f"p{os.getpid()}x{os.urandom(4).hex()}"
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: asyncio.Server | None = None
        self._peers = _Peers(self.folder)

    async def new_channel(self, prefix: str = "specific.") -> str:
        """Name a channel of this process."""
        return f"{prefix}.{self.mark}!{os.urandom(8).hex()}"

    async def group_add(self, group: str, channel: str) -> None:
        """Let a channel hear a group."""
        await self._listen()
        await super().group_add(group, channel)

    async def receive(self, channel: str) -> dict[str, Any]:
        """Wait for the next message of a channel."""
        await self._listen()
        return await super().receive(channel)

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        """Tell a group, in every process."""
        self.require_valid_group_name(group)
        own = self._is_own_loop()
        if own:
            await super().group_send(group, message)
        self._peers.tell(["group", group, message], own=not own)

    async def send(self, channel: str, message: dict[str, Any]) -> None:
        """Tell one channel, wherever it is."""
        if self._is_ours(channel) and self._is_own_loop():
            await super().send(channel, message)
        else:
            self._peers.tell(["channel", channel, message], own=self._is_ours(channel))

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            self._server = self._loop = None
        self._peers.close()

    def _is_ours(self, channel: str) -> bool:
        return f".{self.mark}!" in channel

    def _is_own_loop(self) -> bool:
        """Whether this is the loop that the channels' queues belong to: they are not thread-safe."""
        return self._loop is not None and asyncio.get_running_loop() is self._loop

    async def _listen(self) -> None:
        if self._server is not None:
            return
        path = self._peers.own_path
        path.unlink(missing_ok=True)
        self._loop = asyncio.get_running_loop()
        self._server = await asyncio.start_unix_server(self._hear, path)
        path.chmod(0o600)

    async def _hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                (length,) = HEADER.unpack(await reader.readexactly(HEADER.size))
                if length > LONGEST_FRAME:
                    logger.warning("push too long", extra={"bytes": length})
                    return
                kind, name, message = msgpack.unpackb(await reader.readexactly(length))
                if kind == "group":
                    await super().group_send(name, message)
                elif self._is_ours(name):
                    await super().send(name, message)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


class _Peers:
    """Open sockets to the web processes of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._pid = os.getpid()
        self._open: dict[Path, socket.socket] = {}

    @property
    def own_path(self) -> Path:
        return self.folder / f"{os.getpid()}.sock"

    def tell(self, frame: list[Any], *, own: bool) -> None:
        """Write a frame to every web process, this one included if `own`."""
        body = msgpack.packb(frame)
        with self._lock:
            self._forget_parents_sockets()
            alive = set(self.folder.glob("*.sock"))
            if not own:
                alive.discard(self.own_path)
            for path in self._open.keys() - alive - {self.own_path}:
                self._open.pop(path).close()
            for path in alive:
                self._write(path, HEADER.pack(len(body)) + body)

    def close(self) -> None:
        """Close what is open, and take the own socket away."""
        with self._lock:
            for peer in self._open.values():
                peer.close()
            self._open.clear()
        self.own_path.unlink(missing_ok=True)

    def _forget_parents_sockets(self) -> None:
        # A forked worker must not share its parent's connections: frames would interleave.
        if self._pid != os.getpid():
            self._pid = os.getpid()
            self._open = {}

    def _write(self, path: Path, frame: bytes) -> None:
        """Write to one process; a connection that went stale is opened once more."""
        for _attempt in range(2):
            try:
                self._connected(path).sendall(frame)
            except (ConnectionRefusedError, FileNotFoundError):
                # Left behind by a killed web process.
                path.unlink(missing_ok=True)
                return
            except OSError:
                with contextlib.suppress(KeyError):
                    self._open.pop(path).close()
            else:
                return
        logger.warning("push not taken", extra={"socket": path.name})

    def _connected(self, path: Path) -> socket.socket:
        if path not in self._open:
            peer = socket.socket(socket.AF_UNIX)
            peer.settimeout(SEND_TIMEOUT_S)
            try:
                peer.connect(os.fspath(path))
            except OSError:
                peer.close()
                raise
            self._open[path] = peer
        return self._open[path]
