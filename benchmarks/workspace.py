"""The workspace in headless Chromium: 200,000 points and six cameras a frame, on the real server.

`python -m benchmarks.workspace` prints JSON. It makes up a recording, imports it, opens its task as an annotator and
measures from the browser's own marks: the first useful render with the shell cached, steps to frames that are loaded,
JavaScript a drawn frame while a face is dragged, and what the page weighs. Needs Chromium (CHROMIUM names another).
"""

import gzip
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from benchmarks.timing import report

PROJECT = Path(__file__).resolve().parent.parent
POINTS, FRAMES, CAMERAS = 200_000, 6, 6
READY_WITHIN_S = 180
MOST_FIRST_MS, MOST_STEP_MS, MOST_JS_MS, MOST_SHELL_KB = 1500, 150, 8, 300
MOST_DRAW_CALLS, MOST_POINTS = 60, 260_000
PASSWORD = "a-long-secret-for-a-bench"  # noqa: S105 -- of a database that lives for a minute
CAR_M = (14.0, 3.0)
SWITCHES = [
    *("--no-sandbox", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--enable-unsafe-swiftshader",
]
STAFF = f"""
import django; django.setup()
from apps.accounts.models import User
from apps.operations.models import Task
from apps.operations.services.leasing import claim
from apps.projects.access import Role, grant
from apps.projects.models import Project
from apps.workforce.models import Qualification
from apps.workforce.services import qualify
project = Project.objects.get(slug="bench")
ann = User.objects.create_user("ann@example.org", password={PASSWORD!r}, display_name="Ann")
grant(ann, Role.ANNOTATOR, project=project)
qualify(ann, modalities=("lidar", "camera", "radar", "depth"), kind=Qualification.Kind.LABEL)
print(claim(Task.objects.get(scene__project=project), by=ann).pk)
"""


def sweep(rng: np.random.Generator, frame: int) -> bytes:
    """A road, walls beside it and one car: n x 4 little-endian floats."""
    turn, reach = np.sort(rng.uniform(-np.pi, np.pi, POINTS)), rng.gamma(2, 11, POINTS)
    cloud = np.column_stack(
        [reach * np.cos(turn), reach * np.sin(turn), rng.normal(-1.8, 0.02, POINTS)]
    )
    wall = np.abs(cloud[:, 1]) > 12
    cloud[wall, 1] = np.sign(cloud[wall, 1]) * 12
    cloud[wall, 2] = rng.uniform(-1.8, 6, wall.sum())
    seen = cloud[:4000]
    seen[:, 0] = CAR_M[0] - 0.8 * frame + rng.uniform(-2.2, 2.2, len(seen))
    seen[:, 1] = CAR_M[1] + rng.choice([-0.9, 0.9], len(seen))
    seen[:, 2] = rng.uniform(-1.75, -0.3, len(seen))
    return np.column_stack([cloud, rng.beta(2, 5, POINTS)]).astype("<f4").tobytes()


def looking(yaw_rad: float) -> list[float]:
    """Quaternion of a camera that looks along a yaw of the ego frame."""
    half = yaw_rad / 2
    z, w = np.sin(half), np.cos(half)
    x, y, s, t = -0.5, 0.5, -0.5, 0.5
    return [w * x - z * y, w * y + z * x, w * s + z * t, w * t - z * s]


def sensor(key: str, **values: Any) -> dict[str, Any]:
    """A sensor of the manifest."""
    return {"key": key, "label": key, **values}


def write_recording(folder: Path) -> None:
    """Write it in Concord's own format."""
    rng = np.random.default_rng(5)
    camera = {
        "model": "brown",
        "width_px": 1600,
        "height_px": 900,
        "fx_px": 900,
        "fy_px": 900,
        "cx_px": 799.5,
    }
    camera |= {"cy_px": 449.5, "distortion": [-0.1, 0.02, 0, 0, 0]}
    roof = {"translation_m": [0, 0, 0], "quaternion_xyzw": [0, 0, 0, 1]}
    sensors = [sensor("lidar", modality="lidar", ego_from_sensor=roof)]
    keys = [f"cam-{n}" for n in range(CAMERAS)]
    for n, key in enumerate(keys):
        pose = {"translation_m": [0, 0, -0.3], "quaternion_xyzw": looking(n * 2 * np.pi / CAMERAS)}
        sensors.append(sensor(key, modality="camera", ego_from_sensor=pose, camera=camera))
    frames = []
    for index in range(FRAMES):
        captures = {"lidar": {"path": f"lidar-{index}.bin"}}
        (folder / f"lidar-{index}.bin").write_bytes(sweep(rng, index))
        for key in keys:
            grain = rng.integers(0, 255, (90, 160, 3), np.uint8)
            Image.fromarray(grain).resize((1600, 900)).save(
                folder / f"{key}-{index}.jpg", quality=85
            )
            captures[key] = {"path": f"{key}-{index}.jpg"}
        frames.append({"at_ns": index * 100_000_000, "captures": captures})
    scene = {"key": "bench", "name": "Bench", "t0_ns": "1700000000000000000", "sensors": sensors}
    scene |= {"ego_poses": [], "frames": frames}
    manifest = {"format": "concord-recording", "version": 1, "name": "Bench", "scenes": [scene]}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


@contextmanager
def portal(folder: Path) -> Iterator[tuple[str, int]]:
    """A portal with the recording and its task taken; gives its address and the task."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {
        **os.environ,
        "CONCORD_DATA_DIR": str(folder / "data"),
        "DATABASE_URL": "",
        "REDIS_URL": "",
    }
    environ |= {"LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "config.settings.base"}

    def run(*argv: str) -> str:
        """Its output; raises when it fails."""
        done = subprocess.run(
            [sys.executable, *argv],
            cwd=PROJECT,
            env=environ,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout

    run("manage.py", "migrate", "-v", "0")
    recording = str(folder / "recording")
    run("manage.py", "import_recording", recording, "--project", "bench", "--create-project")
    task = int(run("-c", STAFF).split()[-1])
    process = subprocess.Popen(
        [sys.executable, "manage.py", "up", "--port", str(port)],
        cwd=PROJECT,
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}", task
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int) -> None:
    """Until it answers."""
    deadline_s = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline_s:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=2) as line:
                line.sendall(b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
                if b" 200 " in line.recv(64):
                    return
        except OSError:
            pass
        time.sleep(0.2)
    raise SystemExit("the portal did not start")


def until(page: Page, condition: str) -> None:
    """Ask the page again and again; its policy forbids the eval of Playwright's own waiting."""
    deadline_s = time.monotonic() + 60
    while not page.evaluate(condition):
        if time.monotonic() > deadline_s:
            raise SystemExit(f"not so within a minute: {condition}")
        time.sleep(0.05)


def opened(page: Page, url: str, task: int) -> float:
    """Open the workspace; milliseconds to the first useful render."""
    page.goto(f"{url}/tasks/{task}/work/")
    until(page, "performance.getEntriesByName('concord:first-useful-render').length > 0")
    return float(
        page.evaluate("performance.getEntriesByName('concord:first-useful-render')[0].startTime")
    )


def steps(page: Page) -> list[float]:
    """Walk through the frames that are loaded; milliseconds from the key press to the drawn frame."""
    page.wait_for_timeout(6000)
    page.mouse.move(400, 400)
    return [
        float(page.evaluate(STEP, key))
        for key in ("," if n // (FRAMES - 1) % 2 else "." for n in range(20))
    ]


STEP = """async (key) => {
  const from = performance.now(), frame = window.__concord.frame;
  const shown = () => performance.getEntriesByName('concord:frame-shown').at(-1)?.startTime ?? 0;
  window.dispatchEvent(new KeyboardEvent('keydown', {key, code: key === '.' ? 'Period' : 'Comma'}));
  while (shown() < from) await new Promise(requestAnimationFrame);
  return window.__concord.frame === frame ? 1e9 : shown() - from;
}"""


def dragging(page: Page) -> dict[str, Any]:
    """Make a cuboid with a click and drag one of its faces; what each drawn frame cost."""
    aim = page.evaluate(
        f"window.__concord.project([{CAR_M[0] - 0.8 * page.evaluate('window.__concord.frame')}, {CAR_M[1] - 0.9}, -0.9], 'main')"
    )
    page.keyboard.down("Alt")
    page.mouse.click(*aim)
    page.keyboard.up("Alt")
    until(page, "window.__concord.selected && window.__concord.saveState === 'saved'")
    left, top, right, _ = page.evaluate(
        "window.__concord.cuboidOnScreen(window.__concord.selected, 'top')"
    )
    x, spent = (left + right) / 2 + 30, []
    page.mouse.move(x, top)
    page.mouse.down()
    for n in range(60):
        page.mouse.move(x, top - n / 2)
        spent.append(float(page.evaluate("window.__concord.jsMsPerFrame")))
    page.mouse.up()
    page.wait_for_timeout(1000)
    counts = page.evaluate("[window.__concord.drawCalls, window.__concord.pointsDrawn]")
    return {
        "js_ms_median": round(statistics.median(spent), 2),
        "js_ms_p95": round(statistics.quantiles(spent, n=20)[-1], 2),
        "draw_calls": counts[0],
        "points_drawn": counts[1],
    }


def weight_kb() -> dict[str, float]:
    """Gzipped kilobytes of the shell, and of all that a session loads."""
    built = json.loads((PROJECT / "frontend/dist/manifest.json").read_text(encoding="utf-8"))
    entry = built["src/main.tsx"]

    def size(names: list[str]) -> float:
        files = [PROJECT / "frontend/dist" / name for name in names]
        return round(sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) / 1024, 1)

    shell = [entry["file"], *entry.get("css", [])]
    lazy = [built[name]["file"] for name in entry.get("dynamicImports", [])]
    return {"shell_kb": size(shell), "with_renderer_kb": size([*shell, *lazy])}


def main() -> int:
    """Print the figures."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with (
        tempfile.TemporaryDirectory(prefix="concord-bench-") as name,
        sync_playwright() as playwright,
    ):
        folder = Path(name)
        (folder / "recording").mkdir()
        write_recording(folder / "recording")
        with portal(folder) as (url, task):
            browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
            page = browser.new_page(viewport={"width": 1920, "height": 1080})
            page.goto(f"{url}/accounts/login/")
            page.fill("input[name=login]", "ann@example.org")
            page.fill("input[name=password]", PASSWORD)
            page.press("input[name=password]", "Enter")
            page.wait_for_load_state("networkidle")
            cold_ms, warm_ms = opened(page, url, task), [opened(page, url, task) for _ in range(3)]
            stepped = steps(page)
            dragged = dragging(page)
            browser.close()
    weighed = weight_kb()
    step_ms = round(statistics.quantiles(stepped, n=20)[-1], 1)
    ok = (
        min(warm_ms) <= MOST_FIRST_MS
        and step_ms <= MOST_STEP_MS
        and dragged["js_ms_median"] <= MOST_JS_MS
        and dragged["draw_calls"] <= MOST_DRAW_CALLS
        and dragged["points_drawn"] <= MOST_POINTS
        and weighed["with_renderer_kb"] <= MOST_SHELL_KB
    )
    report(
        "workspace",
        points=POINTS,
        cameras=CAMERAS,
        first_render_cold_ms=round(cold_ms),
        first_render_ms=[round(each) for each in warm_ms],
        step_p50_ms=round(statistics.median(stepped), 1),
        step_p95_ms=step_ms,
        dragging=dragged,
        weight=weighed,
        target={
            "first_render_ms": MOST_FIRST_MS,
            "step_ms": MOST_STEP_MS,
            "js_ms": MOST_JS_MS,
            "kb": MOST_SHELL_KB,
        },
        ok=ok,
    )
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
