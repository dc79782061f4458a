"""Take the pictures of the documentation from the running demo: `python docs/screenshots.py`.

Starts the portal on a folder of its own, seeds the demo (made-up streets only), signs in as each role and
writes docs/pictures/*.png. With --address it uses a demo that runs already.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PROJECT = Path(__file__).resolve().parent.parent
PICTURES = PROJECT / "docs" / "pictures"
PASSWORD = "concord-demo"  # noqa: S105 - the demo's, printed at every start
SWITCHES = (
    *("--no-sandbox", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--enable-unsafe-swiftshader", "--hide-scrollbars"),
)
SEEDED_WITHIN_S = 600


@contextmanager
def running_demo() -> Iterator[str]:
    """A freshly seeded portal; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="concord-pictures-") as folder:
        environ = {**os.environ, "CONCORD_DATA_DIR": folder, "PORT": str(port)}
        command = [sys.executable, str(PROJECT / "manage.py"), "up", "--seed-demo"]
        server = subprocess.Popen(command, env=environ, cwd=PROJECT)  # noqa: S603 - our own
        try:
            yield _answering(f"http://127.0.0.1:{port}", server)
        finally:
            server.terminate()
            server.wait(30)


def _answering(address: str, server: "subprocess.Popen[bytes]") -> str:
    deadline_s = time.monotonic() + SEEDED_WITHIN_S
    while time.monotonic() < deadline_s and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):  # noqa: S310 - ours
                return address
        except (urllib.error.URLError, OSError):
            time.sleep(1)
    raise SystemExit("the demo did not start; see above")


@contextmanager
def signed_in(browser: Browser, address: str, role: str) -> Iterator[Page]:
    """A window in which somebody of a role is signed in."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, reduced_motion="reduce", color_scheme="light"
    )
    page = context.new_page()
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", f"{role}@concord.test")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    page.goto(f"{address}/")
    yield page
    context.close()


def keep(page: Page, name: str) -> None:
    """Write one picture."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)
    page.screenshot(path=PICTURES / f"{name}.png")
    print(f"  {name}.png")


def of_nobody(browser: Browser, address: str) -> None:
    """The door."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{address}/accounts/login/")
    keep(page, "sign-in")
    page.close()


def of_customer(page: Page, address: str) -> None:
    """Their projects, an order, an import's report."""
    keep(page, "customer")
    page.goto(f"{address}/projects/city-streets/recordings/")
    page.locator("main a[href^='/imports/']").first.click()
    keep(page, "import")
    page.goto(f"{address}/orders/new/")
    for _ in range(8):
        if page.locator("[name=max_error_rate], [name$=max_error_rate]").count():
            break
        _fill_step(page)
        page.locator("main form button[type=submit]").last.click()
        page.wait_for_load_state("networkidle")
    keep(page, "order-quality")


def _fill_step(page: Page) -> None:
    """Answer what a step of the order asks for and has no answer to."""
    for field in page.locator("main input[required]:not([type=radio]):not([type=checkbox])").all():
        if field.is_visible() and not field.input_value():
            field.fill("Ring road, spring")


def of_manager(page: Page, address: str) -> None:
    """The board, and the tasks to hand out."""
    keep(page, "manager")
    page.goto(f"{address}/tasks/")
    keep(page, "tasks")


def of_annotator(page: Page, address: str) -> None:
    """Their home, and the workspace with an object in hand."""
    keep(page, "annotator")
    page.get_by_role("button", name="Next task").or_(
        page.get_by_role("link", name="Next task")
    ).first.click()
    page.wait_for_url("**/work/**")
    page.wait_for_timeout(6000)
    page.keyboard.press("n")
    page.wait_for_timeout(4000)
    keep(page, "workspace")


def of_reviewer(page: Page, address: str) -> None:
    """The queue, ordered by what needs judgement."""
    keep(page, "reviewer")


def of_admin(page: Page, address: str) -> None:
    """The administration."""
    page.goto(f"{address}/admin/")
    keep(page, "admin")


SIGHTS: dict[str, Callable[[Page, str], None]] = {
    "customer": of_customer,
    "manager": of_manager,
    "reviewer": of_reviewer,
    "admin": of_admin,
    "annotator": of_annotator,
}


def take_pictures(address: str) -> None:
    """Visit everything."""
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=list(SWITCHES)
        )
        of_nobody(browser, address)
        for role, sight in SIGHTS.items():
            with signed_in(browser, address, role) as page:
                sight(page, address)
        browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", help="of a demo that runs already")
    given = parser.parse_args().address
    if given:
        take_pictures(given)
    else:
        with running_demo() as started:
            take_pictures(started)
