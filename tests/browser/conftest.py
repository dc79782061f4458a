"""A real Chromium for tests that look at pages as people do."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.browser.portal import DESKTOP, SEED, LivePortal, OpenPage, sign_in
from tests.conftest import redis_number
from tests.shared_data import PROJECT
from tests.site import Site

# WebGL2 without a graphics card, and nothing that calls home.
SWITCHES = [
    *("--no-sandbox", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--enable-unsafe-swiftshader", "--mute-audio"),
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything beside this file."""
    for item in items:
        if "browser" in item.path.parent.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a file of tests.

    No longer: while it lives, its driver keeps an event loop running in this thread, and asyncio's
    tests of other files need theirs.
    """
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        message = "no Chromium is installed; set CHROMIUM to its path"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    # The driver's loop makes Django think that the tests themselves are asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, headless=True, args=SWITCHES)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh window; an error in its scripts, or one of its console, fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # A refused request is an answer of the server, which the test looks at itself.
        if message.type == "error" and "Failed to load resource" not in message.text:
            errors.append(message.text)

    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", note)
    yield page
    context.close()
    assert errors == []


@pytest.fixture(scope="session")
def live_portal(
    tmp_path_factory: pytest.TempPathFactory,
    static_folder: Path,
    migrated: Site,
    worker_id: str,
) -> Iterator[LivePortal]:
    """A portal that the tests of a session share; each works on things of its own."""
    if not (PROJECT / "frontend" / "dist" / "manifest.json").exists():
        pytest.fail("the front end is not built; run `make front`")
    site = Site(
        tmp_path_factory.mktemp("portal"),
        static=static_folder,
        redis_number=redis_number(worker_id),
        like=migrated,
    )
    slug = site.python(SEED).strip()
    site.start()
    yield LivePortal(site.url, site, slug)
    site.close()


@pytest.fixture
def open_page(browser: Browser, live_portal: LivePortal) -> Iterator[OpenPage]:
    """Opens a page as a person of a role, or as nobody; fails the test if a page complains."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_as(role: str = "", path: str = "/", **options: Any) -> Page:
        options.setdefault("viewport", DESKTOP)
        context = browser.new_context(base_url=live_portal.url, **options)
        contexts.append(context)
        page = context.new_page()
        if role:
            sign_in(page, email=f"{role}@example.org", password=live_portal.password_of(role))
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda said: complaints.extend(complaint_of(page, said)))
        if path != "/" or not role:
            page.goto(path)
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert complaints == []


def complaint_of(page: Page, said: ConsoleMessage) -> list[str]:
    """What a page complains of; that an address was refused, the test looks at itself."""
    if said.type != "error" or "Failed to load resource" in said.text:
        return []
    return [f"{page.url}: {said.text}"]
