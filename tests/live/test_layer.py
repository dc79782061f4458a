"""The channel layer over unix sockets: other threads, other processes, the dead."""

import asyncio
import os
import subprocess
import sys
import threading
from pathlib import Path

import msgpack
import pytest
from asgiref.sync import async_to_sync

from apps.live.layer import LONGEST_PATH, UnixSocketChannelLayer, socket_folder

SPEAKER = """
import sys
from asgiref.sync import async_to_sync
from apps.live.layer import UnixSocketChannelLayer
layer = UnixSocketChannelLayer(sys.argv[1])
for number in range(int(sys.argv[2])):
    async_to_sync(layer.group_send)("room.1", {"type": "room.event", "number": number})
"""


@pytest.fixture
async def layer(tmp_path):
    layer = UnixSocketChannelLayer(str(tmp_path / "layer"), capacity=500)
    yield layer
    await layer.close()


async def heard(layer, channel, count):
    return [(await asyncio.wait_for(layer.receive(channel), 10))["number"] for _ in range(count)]


async def test_another_process_is_heard_whole_and_in_order(layer):
    channel = await layer.new_channel()
    await layer.group_add("room.1", channel)

    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SPEAKER, str(layer.folder), "200", cwd=Path.cwd()
    )
    numbers = await heard(layer, channel, 200)
    await process.wait()

    assert numbers == list(range(200))


async def test_a_thread_beside_the_loop_is_heard(layer):
    channel = await layer.new_channel()
    await layer.group_add("room.1", channel)

    thread = threading.Thread(
        target=async_to_sync(layer.group_send),
        args=("room.1", {"type": "room.event", "number": 7}),
    )
    thread.start()
    numbers = await heard(layer, channel, 1)
    thread.join()

    assert numbers == [7]


async def test_the_loop_itself_is_heard_once(layer):
    channel = await layer.new_channel()
    await layer.group_add("room.1", channel)

    await layer.group_send("room.1", {"type": "room.event", "number": 1})
    await layer.group_send("room.1", {"type": "room.event", "number": 2})

    assert await heard(layer, channel, 2) == [1, 2]


async def test_a_channel_of_another_layer_is_reached_by_name(layer):
    channel = await layer.new_channel()
    waiting = asyncio.ensure_future(layer.receive(channel))
    await asyncio.sleep(0.05)

    code = (
        "import sys; from asgiref.sync import async_to_sync;"
        "from apps.live.layer import UnixSocketChannelLayer as L;"
        "async_to_sync(L(sys.argv[1]).send)(sys.argv[2], {'type': 'x', 'number': 4})"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, str(layer.folder), channel
    )

    assert (await asyncio.wait_for(waiting, 10))["number"] == 4
    await process.wait()


async def test_the_socket_of_a_killed_process_is_swept_away(layer):
    code = "import socket, sys; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen()"
    left_behind = layer.folder / "1.sock"
    subprocess.run([sys.executable, "-c", code, str(left_behind)], check=True)

    await layer.group_send("room.1", {"type": "room.event", "number": 1})

    assert not left_behind.exists()


async def test_a_frame_that_claims_to_be_huge_is_not_awaited(layer):
    channel = await layer.new_channel()
    await layer.group_add("room.1", channel)
    reader, writer = await asyncio.open_unix_connection(layer.folder / f"{os.getpid()}.sock")

    writer.write((1 << 31).to_bytes(4, "big") + msgpack.packb("x"))

    assert await asyncio.wait_for(reader.read(), 5) == b""
    writer.close()


def test_a_long_path_gets_a_short_folder(tmp_path):
    deep = tmp_path / ("d" * 120)

    folder = socket_folder(deep)

    assert len(str(folder)) < LONGEST_PATH
    assert folder == socket_folder(deep)
    assert folder.stat().st_mode & 0o077 == 0
    folder.rmdir()
