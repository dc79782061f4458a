"""A recording is uploaded over a real line that breaks off, and imported by a worker that is shot."""

import http.client
import json
import os
import signal
from base64 import b64encode
from uuid import uuid4

import pytest

from tests.scenes import recordings
from tests.site import group_of, wait_until

FRAMES = tuple(f"{number:06d}" for number in range(30))
PIECE_BYTES = 100_000
SETUP = """
from apps.accounts.models import User
from apps.accounts.services import issue_token
from apps.operations.services.intake import project_for_import
from apps.projects.access import Role, grant
project = project_for_import("street", client_name="Client")
cara = User.objects.create_user("cara@example.org", "a-long-enough-secret")
grant(cara, Role.CUSTOMER, project=project)
print(project.pk, issue_token(cara, name="uploader")[1])
"""
COUNTS = """
from apps.operations.models import Task
from apps.scenes.models import Capture, RecordingImport, Scene
print(Scene.objects.count(), Capture.objects.count(), Task.objects.count(),
      RecordingImport.objects.get().state)
"""


class Line:
    """Requests of one person over HTTP."""

    def __init__(self, site, token):
        self.site, self.token = site, token

    def ask(self, method, path, body=None, **headers):
        line = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60)
        path = path.removeprefix(self.site.url)
        line.request(method, path, body, {"Authorization": f"Bearer {self.token}", **headers})
        answer = line.getresponse()
        content = answer.read()
        line.close()
        return answer, json.loads(content) if content.startswith(b"{") else content

    def upload(self, project, batch, name, content):
        said = {"project": str(project), "batch": str(batch), "relativePath": name}
        metadata = ",".join(f"{k} {b64encode(v.encode()).decode()}" for k, v in said.items())
        tus = {"Tus-Resumable": "1.0.0"}
        begun, _ = self.ask(
            "POST",
            "/api/v1/uploads/",
            **tus,
            **{"Upload-Length": str(len(content)), "Upload-Metadata": metadata},
        )
        assert begun.status == 201
        self.break_off(begun.headers["Location"], content)
        while True:
            told, _ = self.ask("HEAD", begun.headers["Location"], **tus)
            offset = int(told.headers["Upload-Offset"])
            if offset == len(content):
                return
            sent, _ = self.ask(
                "PATCH",
                begun.headers["Location"],
                content[offset : offset + PIECE_BYTES],
                **tus,
                **{
                    "Upload-Offset": str(offset),
                    "Content-Type": "application/offset+octet-stream",
                },
            )
            assert sent.status == 204

    def break_off(self, address, content):
        """Announce a piece, send half of it, and hang up."""
        line = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60)
        line.putrequest("PATCH", address.removeprefix(self.site.url))
        for name, value in {
            "Authorization": f"Bearer {self.token}",
            "Tus-Resumable": "1.0.0",
            "Upload-Offset": "0",
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(PIECE_BYTES),
        }.items():
            line.putheader(name, value)
        line.endheaders()
        line.send(content[: PIECE_BYTES // 2])
        line.close()


@pytest.mark.timeout(600)
def test_a_broken_line_and_a_shot_worker_lose_nothing(site, tmp_path):
    site.environ["RUN_STALE_S"] = "4"
    folder = recordings.write_kitti(tmp_path / "kitti", FRAMES)
    packed = recordings.zipped(folder, tmp_path / "recording.zip").read_bytes()
    up = site.start()
    project, token = site.python(SETUP).split()
    line = Line(site, token)
    batch = uuid4()
    line.upload(project, batch, "recording.zip", packed)

    body = json.dumps({"project": int(project), "upload_batch": str(batch), "with_labels": True})
    started, told = line.ask(
        "POST", "/api/v1/imports/", body, **{"Content-Type": "application/json"}
    )
    assert started.status == 202
    address = f"/api/v1/imports/{told['id']}/"
    wait_until(
        lambda: line.ask("GET", address)[1]["scene_count"] > 3, within_s=180, what="a start"
    )
    for pid in workers_of(up):
        os.kill(pid, signal.SIGKILL)
    shown = {}

    def ended():
        shown.update(line.ask("GET", address)[1])
        return shown["state"] not in {"queued", "running"}

    wait_until(ended, within_s=300, what="the end of the import")

    assert (shown["state"], shown["scene_count"]) == ("done", 30)
    assert (shown["done"], shown["total"], shown["failed_count"]) == (60, 60, 0)
    assert site.python(COUNTS).split() == ["30", "60", "30", "done"]


def workers_of(up):
    """Processes that carry out long work."""
    found = []
    for pid in group_of(up):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:  # noqa: PTH123 - a file of the kernel
                line = file.read().split(b"\0")
        except OSError:
            continue
        if b"celery" in line and b"long" in line:
            found.append(pid)
    return found
