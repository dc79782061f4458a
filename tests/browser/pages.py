"""The portal's pages, as a person handles them; tests say what happens, not which element it is."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.site import wait_until

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
    """The workspace, handled by keys and by what its panels say."""

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

    def wait_until_open(self) -> "Workspace":
        """Wait for the scene: its panels, and that saving stands ready."""
        expect(self.page.locator(".save-chip")).to_contain_text("saved", timeout=SLOW_MS)
        return self

    def version(self) -> int:
        """The labels' version that the server has."""
        return int(self.page.locator(".save-chip").inner_text().split()[0].lstrip("v"))

    def wait_for_version_above(self, version: int) -> int:
        """Wait until something more is saved."""
        wait_until(
            lambda: _is_saved(self.page) and self.version() > version,
            within_s=30,
            what=f"a version above {version}",
        )
        return self.version()

    def object_count(self) -> int:
        """How many objects the scene has."""
        self.tab("Objects")
        text = self.page.locator(".query-bar span").last.inner_text()
        return int(text.split("/")[-1] or 0)

    def press(self, *keys: str) -> None:
        """Press keys over the main view."""
        for key in keys:
            self.page.keyboard.press(key)

    def choose_first(self) -> None:
        """Choose the object that stands first in the list."""
        self.tab("Objects")
        self.page.locator("tr.object-row").first.click()
        expect(self.page.locator("tr.object-row[aria-selected=true]")).to_have_count(1)

    def click_middle(self) -> None:
        """Click into the middle of the main view."""
        view = self.page.get_by_label(re.compile("^Main view"))
        view.click()

    def tab(self, name: str) -> None:
        """Show a panel."""
        self.page.get_by_role("tab", name=re.compile(rf"^{name}")).click()

    def answer_blocking(self, reason: str) -> int:
        """Dismiss every blocking finding with a reason; says how many there were."""
        self.tab("Findings")
        blocking = self.page.locator("li.finding.open", has=self.page.locator("em.blocking"))
        answered = 0
        while blocking.count():
            blocking.first.get_by_role("button", name=re.compile("^(Dismiss|Resolve)")).click()
            self.page.get_by_label("Reason in your own words").fill(reason)
            self.page.get_by_role("button", name="Save", exact=True).click()
            expect(self.page.get_by_label("Reason in your own words")).to_have_count(0)
            answered += 1
            wait_until(lambda: _is_saved(self.page), within_s=10)
            self.page.wait_for_timeout(300)
        return answered

    def findings(self) -> list[str]:
        """What the findings panel says."""
        self.tab("Findings")
        return self.page.locator("li.finding").all_inner_texts()

    def comment(self, message: str, *, severity: str = "Must be mended") -> None:
        """Anchor a comment at the chosen object."""
        self.tab("Review")
        self.page.get_by_label("Comment").fill(message)
        self.page.get_by_label("Severity").select_option(label=severity)
        self.page.get_by_role("button", name="Comment", exact=True).click()
        expect(self.page.get_by_label("Comment")).to_have_value("")

    def decide(self, what: str, *, note: str = "") -> None:
        """Submit, Accept or Return, and wait until it is done."""
        self.page.locator(".title-bar").get_by_role("button", name=what, exact=True).click()
        dialog = self.page.locator(".decision")
        if note:
            dialog.locator("textarea").fill(note)
        dialog.get_by_role("button", name=what, exact=True).click()
        done = {"Submit": "Submitted", "Accept": "Accepted", "Return": "Returned"}[what]
        expect(dialog.get_by_role("heading")).to_contain_text(done, timeout=SLOW_MS)


def _is_saved(page: Page) -> bool:
    return "saved" in page.locator(".save-chip").inner_text()


class People:
    """Who works in a project."""

    def __init__(self, page: Page, slug: str) -> None:
        self.page = page
        self.slug = slug

    def give(self, person: str, role: str) -> None:
        """Give somebody a role."""
        self.page.goto(f"/projects/{self.slug}/people/")
        self.page.locator("#person").select_option(label=person)
        self.page.locator("#role").select_option(label=role)
        self.page.get_by_role("button", name="Give", exact=True).click()
        expect(self.page.locator("#messages")).to_contain_text(f"{person} is {role.lower()} here")


class Deliveries:
    """What is handed over."""

    def __init__(self, page: Page, slug: str) -> None:
        self.page = page
        self.path = f"/projects/{slug}/deliveries/"

    def pack(self, *formats: str) -> None:
        """Make a delivery of what is accepted, and wait until it is ready."""
        self.page.goto(self.path)
        for box in self.page.locator("input[name=formats]").all():
            box.set_checked(box.get_attribute("value") in formats)
        self.page.get_by_role("button", name=re.compile("^Pack")).click()
        self.page.goto(self.path)
        chip = self.page.locator("#live tbody tr").first.locator(".chip").first
        expect(chip).to_have_text("Ready", timeout=SLOW_MS)

    def download(self, folder: Path) -> Path:
        """Download the newest one."""
        self.page.goto(self.path)
        self.page.get_by_role("link", name=re.compile(r"^Delivery \d+$")).first.click()
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=re.compile("^Download")).click()
        archive = folder / "delivery.zip"
        waiting.value.save_as(archive)
        return archive
