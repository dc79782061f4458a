"""A development fixture server: one recording, one task, edits kept in memory. Not part of the product.

    .venv/bin/python frontend/dev/serve.py --recording nuscenes --port 8130

Needs the shared recordings (CONCORD_SHARED_DATA, or `shared/data` beside the project folder).
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from recordings import READERS
from wire import Assets, manifest, objects

ROOT = Path(__file__).resolve().parents[1]
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Workspace</title>
<meta name="viewport" content="width=device-width">{head}</head>
<body><div id="workspace" data-task="88" data-csrf="dev" data-user-id="7" data-mode="{mode}"></div></body></html>"""
KINDS = {".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".map": "application/json"}


class World:
    """The state that edits change: one task on one scene."""

    def __init__(self, name: str, mode: str, *, bare: bool, findings: Path | None) -> None:
        """Read the recording and start at version 1."""
        recording = READERS[name]()
        self.assets = Assets()
        self.manifest = manifest(recording, self.assets)
        self.objects = {} if bare else {o["id"]: o for o in objects(recording)}
        self.findings = json.loads(findings.read_text()) if findings else []
        self.mode, self.version, self.log = mode, 1, []
        self.ids = itertools.count(1000)
        self.token = 1

    def doc(self) -> dict[str, Any]:
        """The document as the page loads it."""
        scene = self.manifest["scene"]
        task = {
            "id": 88, "kind": "review" if self.mode == "review" else "label", "state": "active",
            "scene_id": 1, "project_id": 1, "project_name": "Development", "scene_name": scene["name"],
            "author_id": 7, "assignee_id": 7, "priority": 0, "due_on": None,
        }  # fmt: skip
        return {
            "task": task, "mode": self.mode, "scene_id": 1, "version": self.version,
            "lease": {"token": self.token, "expires_at": "2099-01-01T00:00:00Z", "holder_id": 7},
            "objects": list(self.objects.values()), "findings": self.findings, "residuals": [],
        }  # fmt: skip

    def save(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Apply change sets in order; everything is accepted."""
        accepted = []
        for change in body["changesets"]:
            for op in change["ops"]:
                self._apply(op)
            self.version += 1
            accepted.append({"id": change["id"], "version": self.version})
            self.log.append({**change, "version": self.version, "author_id": 7})
        none = {"opened": [], "updated": [], "closed": []}
        return 200, {
            "version": self.version, "accepted": accepted, "since": [],
            "findings": none, "residuals": [],
        }  # fmt: skip

    def _apply(self, op: dict[str, Any]) -> None:
        kind, obj = op["k"], op["obj"]
        if kind == "obj.add":
            self.objects[obj] = {"id": obj, **op["next"], "streams": {}}
        elif kind == "obj.set":
            self.objects[obj].update(op["next"])
        elif kind == "obj.del":
            self.objects.pop(obj, None)
        else:
            keys = self.objects[obj]["streams"].setdefault(op["stream"], [])
            keys[:] = [k for k in keys if k["at_ns"] != op["at_ns"]]
            if kind == "key.put":
                keys.append({"at_ns": op["at_ns"], **op["next"], "author_id": 7})
                keys.sort(key=lambda k: k["at_ns"])

    def patch_finding(self, number: int, body: dict[str, Any]) -> dict[str, Any]:
        """Waive, reopen or resolve."""
        states = {"waive": "waived", "reopen": "open", "resolve": "closed"}
        found = next(f for f in self.findings if f["id"] == number)
        found.update(state=states[body["action"]], waiver_reason=body.get("reason", ""))
        return found

    def comment(self, body: dict[str, Any]) -> dict[str, Any]:
        """A person's finding."""
        made = {
            "id": next(self.ids), "check": "person.comment", "state": "open", "source": "person",
            "measured": None, "threshold": None, "unit": "", "clause": "", "fixes": [],
            "waiver_reason": "", "author_name": "Dev", "created_at": "2026-01-01T00:00:00Z",
            "object_id": None, "sensor_key": None, "at_ns": None, **body,
        }  # fmt: skip
        self.findings.append(made)
        return made


class Answer(BaseHTTPRequestHandler):
    """Routes of the wire contract that the workspace uses."""

    world: World
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Stay quiet."""

    def _send(self, status: int, content: bytes, kind: str, extra: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in (extra or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _json(self, payload: object, status: int = 200) -> None:
        self._send(status, json.dumps(payload).encode(), "application/json")

    def _static(self, path: str) -> None:
        file = (ROOT / "dist" / path).resolve()
        if not file.is_relative_to(ROOT / "dist") or not file.is_file():
            return self._json({"detail": "no such file; build the front end first"}, 404)
        self._send(200, file.read_bytes(), KINDS.get(file.suffix, "application/octet-stream"))

    def _page(self) -> None:
        built = json.loads((ROOT / "dist" / "manifest.json").read_text())["src/main.tsx"]
        head = "".join(f'<link rel="stylesheet" href="/static/{c}">' for c in built.get("css", []))
        head += f'<script type="module" src="/static/{built["file"]}"></script>'
        self._send(200, PAGE.format(head=head, mode=self.world.mode).encode(), "text/html")

    def do_GET(self) -> None:  # noqa: N802
        """Read."""
        path = self.path.split("?")[0]
        if path.startswith("/assets/"):
            content, kind, zipped = self.world.assets.by_name[path.removeprefix("/assets/")]
            extra = {"Cache-Control": "public, max-age=31536000, immutable"}
            return self._send(200, content, kind, {**extra, "Content-Encoding": "gzip"} if zipped else extra)
        if path.startswith("/static/"):
            return self._static(path.removeprefix("/static/"))
        if re.fullmatch(r"/api/v1/scenes/\d+/manifest/", path):
            return self._json(self.world.manifest)
        if re.fullmatch(r"/api/v1/tasks/\d+/doc/", path):
            return self._json(self.world.doc())
        if re.fullmatch(r"/api/v1/tasks/\d+/ops/", path):
            return self._json({"version": self.world.version, "changesets": self.world.log})
        if re.fullmatch(r"/api/v1/tasks/\d+/drafts/", path):
            return self._json({"results": []})
        if path == "/":
            return self._page()
        self._json({"detail": "no such page"}, 404)

    def _body(self) -> dict[str, Any]:
        return json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")

    def do_POST(self) -> None:  # noqa: N802
        """Write."""
        body, last = self._body(), self.path.rstrip("/").rsplit("/", 1)[-1]
        if last == "ops":
            status, answer = self.world.save(body)
            return self._json(answer, status)
        if last == "findings":
            return self._json(self.world.comment(body), 201)
        if last in ("lease", "claim"):
            doc = self.world.doc()
            return self._json({"task": doc["task"], "lease": doc["lease"]})
        self._json({"detail": "done", "task": self.world.doc()["task"]})

    def do_PATCH(self) -> None:  # noqa: N802
        """Change a finding."""
        number = int(self.path.rstrip("/").rsplit("/", 1)[-1])
        self._json(self.world.patch_finding(number, self._body()))


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recording", choices=sorted(READERS), default="nuscenes")
    parser.add_argument("--port", type=int, default=8130)
    parser.add_argument("--mode", choices=["label", "review", "view"], default="label")
    parser.add_argument("--bare", action="store_true", help="start without the recording's labels")
    parser.add_argument("--findings", type=Path, help="JSON list of findings to start with")
    options = parser.parse_args()
    Answer.world = World(options.recording, options.mode, bare=options.bare, findings=options.findings)
    ThreadingHTTPServer(("127.0.0.1", options.port), Answer).serve_forever()


if __name__ == "__main__":
    main()
