"""HTTP through the bridge, with a real server, large bodies and slow lines."""

import hashlib
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.site import free_port, wait_until

MB = 1 << 20
THREADS = 4
PROJECT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Echo:
    folder: Path
    port: int
    pid: int

    def ask(self, method, path, body=None, headers=None, *, timeout=60):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        line.request(method, path, body=body, headers=headers or {})
        answer = line.getresponse()
        content = answer.read()
        line.close()
        return answer, content

    def dial(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def peak_mb(self):
        status = Path(f"/proc/{self.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024

    def ping_ms(self):
        begun = time.perf_counter()
        answer, content = self.ask("GET", "/ping", timeout=5)
        assert (answer.status, content) == (200, b"pong")
        return 1000 * (time.perf_counter() - begun)


@pytest.fixture
def echo(tmp_path):
    port = free_port()
    argv = [sys.executable, "-m", "uvicorn", "tests.config.echo_site:application"]
    options = ["--port", str(port), "--lifespan", "off", "--log-level", "warning"]
    environ = {**os.environ, "ECHO_FOLDER": str(tmp_path)}
    environ.pop("DJANGO_SETTINGS_MODULE", None)
    server = subprocess.Popen([*argv, *options], cwd=PROJECT, env=environ)
    echo = Echo(tmp_path, port, server.pid)

    def answers():
        try:
            return echo.ping_ms()
        except OSError:
            return 0

    wait_until(answers, what="the echo")
    yield echo
    server.terminate()
    server.wait(30)


def pieces(count):
    for number in range(count):
        yield bytes([number % 251]) * MB


def digest_of(count):
    digest = hashlib.sha256()
    for piece in pieces(count):
        digest.update(piece)
    return digest.hexdigest()


def test_a_large_body_arrives_whole_and_is_not_held_in_memory(echo):
    before_mb = echo.peak_mb()

    answer, content = echo.ask(
        "POST", "/take", body=pieces(150), headers={"Content-Length": str(150 * MB)}
    )

    assert answer.status == 200
    assert json.loads(content) == {"sha256": digest_of(150), "bytes": 150 * MB}
    assert echo.peak_mb() - before_mb < 40


def test_a_body_without_an_announced_length_arrives_whole(echo):
    _, content = echo.ask("POST", "/take", body=pieces(5))

    assert json.loads(content) == {"sha256": digest_of(5), "bytes": 5 * MB}


def test_a_form_with_a_large_file_arrives_whole(echo):
    head = (
        b'--cut\r\nContent-Disposition: form-data; name="recording"; filename="a.zip"\r\n'
        b"Content-Type: application/zip\r\n\r\n"
    )
    tail = b"\r\n--cut--\r\n"
    length = len(head) + 60 * MB + len(tail)

    _, content = echo.ask(
        "POST",
        "/upload",
        body=iter([head, *pieces(60), tail]),
        headers={
            "Content-Type": "multipart/form-data; boundary=cut",
            "Content-Length": str(length),
        },
    )

    assert json.loads(content) == {"sha256": digest_of(60), "name": "a.zip"}


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_beyond_the_limit_is_refused_in_words(echo, announced):
    headers = {"Content-Length": str(300 * MB)} if announced else {"Transfer-Encoding": "chunked"}
    with echo.dial() as line:
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        line.sendall(f"POST /take HTTP/1.1\r\nHost: 127.0.0.1\r\n{lines}\r\n".encode())
        if not announced:
            chunk = b"100000\r\n" + b"x" * MB + b"\r\n"
            try:
                for _ in range(201):
                    line.sendall(chunk)
            except OSError:
                # The refusal may come, and the line close, before all is sent.
                pass
        said = line.recv(1 << 16)

    assert said.startswith(b"HTTP/1.1 413")
    assert b"at most 200 MB; send the file in chunks" in said
    assert not (echo.folder / "taken").exists()


def test_a_body_that_breaks_off_never_reaches_the_site(echo):
    with echo.dial() as line:
        line.sendall(b"POST /take HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000000\r\n\r\n")
        line.sendall(b"x" * 2_000_000)
    echo.ask("POST", "/take", body=b"whole")

    assert (echo.folder / "taken").read_text() == "5\n"


def test_slow_uploads_hold_no_thread(echo):
    slow = [echo.dial() for _ in range(3 * THREADS)]
    for line in slow:
        line.sendall(b"POST /take HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\nab")

    assert echo.ping_ms() < 2000

    for line in slow:
        line.sendall(b"cdefghij")
        assert line.recv(4096).startswith(b"HTTP/1.1 200")
        line.close()


def test_slow_downloads_hold_no_thread_and_arrive_whole(echo):
    with (echo.folder / "large").open("wb") as file:
        for piece in pieces(64):
            file.write(piece)
    slow = [echo.dial() for _ in range(3 * THREADS)]
    for line in slow:
        line.sendall(b"GET /give HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert line.recv(100)

    assert echo.ping_ms() < 2000
    answer, content = echo.ask("GET", "/give")

    assert answer.getheader("Content-Length") == str(64 * MB)
    assert hashlib.sha256(content).hexdigest() == digest_of(64)
    for line in slow:
        line.close()


def test_an_answer_that_nobody_reads_any_more_is_stopped(echo):
    with echo.dial() as line:
        line.sendall(b"GET /trickle HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert line.recv(2000)

    wait_until((echo.folder / "stopped").exists, within_s=10, what="the end of the answer")


def test_a_header_with_underscores_cannot_pose_as_the_proxys(echo):
    _, content = echo.ask("GET", "/headers", headers={"X_Forwarded_Proto": "https"})

    assert json.loads(content) == {"proto": ""}
