"""Makes every picture of the documentation, from a fresh demo and a real browser.

Run it as `.venv/bin/python docs/screenshots.py`. Pictures show the generated street only.
"""

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

PROJECT = Path(__file__).resolve().parent.parent
PICTURES = PROJECT / "docs" / "pictures"
PASSWORD = "concord-demo"  # noqa: S105 - the demo's own, printed on every start
SIZE = {"width": 1440, "height": 900}
READY_WITHIN_S = 600
COLOURS = 256
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--enable-unsafe-swiftshader"]
STREET_DRAWN_MS = 6000


@dataclass(frozen=True)
class Demo:
    """A portal with the demo in it.

    Attributes:
        url: Where it answers.
        folder: Its data.
    """

    url: str
    folder: Path


@contextmanager
def running_demo() -> Iterator[Demo]:
    """Start the portal on a fresh demo, and stop it at the end."""
    with tempfile.TemporaryDirectory(prefix="concord-pictures-") as name:
        folder = Path(name)
        port = _free_port()
        environ = {**os.environ, "CONCORD_DATA_DIR": name, "LOG_LEVEL": "WARNING"}
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "manage.py", "up", "--seed-demo", "--port", str(port)],
            cwd=PROJECT,
            env=environ,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(f"{url}/healthz", process)
            yield Demo(url, folder)
        finally:
            process.terminate()
            process.wait(60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline_s = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline_s:
        if process.poll() is not None:
            raise SystemExit("the portal did not start")
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own server
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise SystemExit(f"no answer from {address}")


def person(browser: Browser, demo: Demo, role: str) -> Page:
    """A window in which a person of a role is signed in."""
    page = browser.new_context(base_url=demo.url, viewport=SIZE).new_page()
    if role:
        page.goto("/accounts/login/")
        page.get_by_label("Email").fill(f"{role}@concord.test")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/")
    return page


def keep(page: Page, name: str) -> None:
    """Write a picture of the window, in few colours so that the repository stays small."""
    page.wait_for_timeout(600)
    shot = Image.open(io.BytesIO(page.screenshot()))
    small = shot.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(PICTURES / f"{name}.png", optimize=True)
    print(f"  {name}.png")


def sign_in(page: Page, _: Demo) -> None:
    """The door."""
    page.goto("/accounts/login/")
    keep(page, "sign-in")


def customer(page: Page, demo: Demo) -> None:
    """A home, a step of an order, and an import with a broken file."""
    page.goto("/")
    keep(page, "customer")
    page.goto("/orders/new/")
    page.get_by_label("Name of the project").fill("Harbour roads")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    keep(page, "order-quality")
    page.goto("/projects/night-drive/upload/")
    page.set_input_files("#folder", _broken_street(demo.folder))
    page.get_by_role("button", name="Upload", exact=True).click()
    page.wait_for_url("**/imports/*/", timeout=120_000)
    page.locator("#live h2 .chip", has_text="Imported").or_(
        page.locator("#live h2 .chip", has_text="Failed")
    ).wait_for(timeout=120_000)
    keep(page, "import")


def _broken_street(folder: Path) -> Path:
    """A copy of a generated street, one of its point files cut off."""
    street = next((folder / "demo").glob("street-*"))
    copy = folder / "harbour-road"
    shutil.copytree(street, copy)
    points = sorted(path for path in copy.rglob("*.bin"))[0]
    points.write_bytes(points.read_bytes()[:20_003])
    return copy


def manager(page: Page, _: Demo) -> None:
    """The board and the tasks."""
    page.goto("/")
    keep(page, "manager")
    page.goto("/tasks/")
    page.locator("input[data-row]").first.check()
    keep(page, "tasks")


def annotator(page: Page, _: Demo) -> None:
    """A home, and the workspace with a task in it."""
    page.goto("/")
    keep(page, "annotator")
    page.get_by_role("button", name="Take").or_(
        page.get_by_role("button", name="Next task")
    ).or_(page.get_by_role("link", name="Continue")).first.click()
    page.wait_for_url("**/work/")
    page.locator("canvas").first.wait_for(timeout=60_000)
    page.wait_for_timeout(STREET_DRAWN_MS)
    page.keyboard.press("n")
    page.wait_for_timeout(STREET_DRAWN_MS)
    keep(page, "workspace")


def reviewer(page: Page, _: Demo) -> None:
    """The queue."""
    page.goto("/")
    keep(page, "reviewer")


def admin(page: Page, _: Demo) -> None:
    """Whether the portal is well."""
    page.goto("/home/admin/")
    keep(page, "admin")


WALKS: tuple[tuple[str, Callable[[Page, Demo], None]], ...] = (
    ("", sign_in),
    ("manager", manager),
    ("reviewer", reviewer),
    ("annotator", annotator),
    ("customer", customer),
    ("admin", admin),
)


def main() -> None:
    """Make all pictures."""
    wanted = set(sys.argv[1:])
    with running_demo() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=ARGUMENTS
        )
        for role, walk in WALKS:
            if not wanted or walk.__name__ in wanted:
                walk(person(browser, demo, role), demo)
        browser.close()


if __name__ == "__main__":
    main()
