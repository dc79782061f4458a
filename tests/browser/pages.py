"""The portal's pages, as a person handles them; tests say what happens, not which element it is."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

SLOW_MS = 60_000


class Intake:
    """The five steps of an order."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def order(self, name: str, *, sensors: Sequence[str] = ("lidar", "camera")) -> str:
        """Walk all steps and send; answers with the project's slug."""
        page = self.page
        page.goto("/orders/new/")
        page.get_by_label("Name of the project").fill(name)
        for sensor in ("lidar", "camera", "radar"):
            page.locator(f"input[name=modalities][value={sensor}]").set_checked(sensor in sensors)
        self._on("Which classes, by which rules?")
        self._on("How good must the labels be?")
        page.get_by_label("At most 2 %").check()
        self._on("When do you need it?")
        due_on = datetime.now(UTC).date() + timedelta(days=20)
        page.get_by_label("Needed by").fill(due_on.isoformat())
        self._on("Is this right?")
        page.get_by_role("button", name="Send the order").click()
        page.wait_for_url("**/upload/")
        return page.url.rstrip("/").split("/")[-2]

    def _on(self, heading: str) -> None:
        self.page.get_by_role("button", name="Continue").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)


class UploadPage:
    """Where a recording is sent."""

    def __init__(self, page: Page, slug: str) -> None:
        self.page = page
        self.path = f"/projects/{slug}/upload/"

    def open(self) -> "UploadPage":
        """Go there."""
        self.page.goto(self.path)
        expect(self.page.locator("[data-upload]")).to_have_attribute("data-stage", "choose")
        return self

    def choose(self, folder: Path, *, with_labels: bool = False) -> "UploadPage":
        """Choose a folder."""
        self.page.set_input_files("#folder", folder)
        expect(self.page.locator("[data-upload]")).to_have_attribute("data-stage", "ready")
        self.page.get_by_label("Take over the labels in it").set_checked(with_labels)
        return self

    def send(self) -> "ImportPage":
        """Send it all, and land on the import's page."""
        self.page.get_by_role("button", name="Upload", exact=True).click()
        self.page.wait_for_url(re.compile(r"/imports/\d+/"), timeout=SLOW_MS)
        return ImportPage(self.page)


class ImportPage:
    """An import's progress and report."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def wait_for(self, state: str) -> None:
        """Watch until it ends, without reloading."""
        chip = self.page.locator("#live h2 .chip")
        expect(chip).to_have_text(state, timeout=SLOW_MS)

    def show(self, kind: str) -> None:
        """Narrow the report: `Failed`, `Remarks`, `Not needed`."""
        self.page.get_by_label("Show").get_by_role("link", name=re.compile(kind)).click()

    def rows(self) -> list[str]:
        """The report's lines."""
        return self.page.locator("#live tbody tr").all_inner_texts()


class TaskList:
    """What a manager assigns from."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, query: str = "") -> "TaskList":
        """Go there."""
        self.page.goto(f"/tasks/{query}")
        return self

    def assign(self, scene: str, *, to: str) -> None:
        """Keep a scene's task for a person."""
        self.page.get_by_role(
            "checkbox", name=re.compile(rf"^Choose .*{re.escape(scene)}$")
        ).check()
        # Beside the name stands how much the person has in work.
        option = self.page.locator("#to option", has_text=re.compile(rf"^\s*{to}\b"))
        self.page.locator("#to").select_option(value=option.get_attribute("value"))
        self.page.get_by_role("button", name="Assign", exact=True).click()
        expect(self.page.locator("#messages")).to_contain_text(f"kept for {to}")

    def row(self, scene: str) -> str:
        """What the list says of a scene."""
        return self.page.locator("tbody tr", has_text=scene).inner_text()


class Home:
    """The first page of a role."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def figure(self, name: str) -> int:
        """A number of the first line."""
        stat = self.page.locator(".stat", has=self.page.get_by_text(name, exact=True))
        return int(stat.locator("dd").inner_text().split()[0])

    def next_task(self) -> "Workspace":
        """Take what waits first."""
        self.page.get_by_role("button", name=re.compile("^Next (task|review)$")).click()
        self.page.wait_for_url("**/work/")
        return Workspace(self.page)


class Workspace:
    """The workspace's shell; what is in it is the workspace's own tests' to handle."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def task_id(self) -> int:
        """The task that is open."""
        return int(self.page.locator("#workspace").get_attribute("data-task") or 0)

    @property
    def mode(self) -> str:
        """What one may do here: label, review or view."""
        return self.page.locator("#workspace").get_attribute("data-mode") or ""
