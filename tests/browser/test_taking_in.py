"""A customer orders, uploads a real recording, and reads what became of each file."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.pages import Intake, UploadPage
from tests.browser.portal import LivePortal, OpenPage
from tests.shared_data import shared
from tests.site import wait_until

pytestmark = pytest.mark.shared

PARTS = ("calib", "image_2", "label_2", "velodyne")


@pytest.fixture
def kitti(tmp_path: Path) -> Path:
    """Three frames of KITTI, the point file of the first one cut off."""
    source = shared("lidar_camera", "kitti_object_shared")
    folder = tmp_path / "kitti-frames"
    for part in PARTS:
        shutil.copytree(source / part, folder / part)
    broken = folder / "velodyne" / "000001.bin"
    broken.write_bytes(broken.read_bytes()[:100_003])
    return folder


def test_a_customer_orders_and_uploads_a_recording_with_a_broken_file(
    open_page: OpenPage, kitti: Path
) -> None:
    page = open_page("customer")
    slug = Intake(page).order("KITTI frames")

    report = UploadPage(page, slug).choose(kitti, with_labels=True).send()
    report.wait_for("Imported, with errors")
    report.show("Failed")

    failed = [row for row in report.rows() if "velodyne/000001.bin" in row]
    assert len(failed) == 1
    assert "100,003 bytes" in failed[0]
    assert "Mend:" in failed[0]
    page.goto(f"/projects/{slug}/scenes/")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.locator("tbody tr a").first.click()
    picture = page.locator(".tile img").first
    expect(picture).to_be_visible()
    wait_until(lambda: picture.evaluate("one => one.naturalWidth") > 0, what="the picture")


class Wire:
    """Stands between the page and the server: counts announced files, and can be cut."""

    def __init__(self, page: Page, *, let_through: int) -> None:
        self.let_through = let_through
        self.announced: list[str] = []
        self.is_cut = False
        page.on("request", self._note)
        page.route("**/api/v1/uploads/**", self._pass)

    def _note(self, request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/uploads/"):
            self.announced.append(request.headers["upload-metadata"])

    def _pass(self, route: Route) -> None:
        if route.request.method == "PATCH":
            self.let_through -= 1
        if self.is_cut or self.let_through < 0:
            self.is_cut = True
            route.abort("connectionreset")
        else:
            route.continue_()


def test_a_broken_upload_goes_on_after_the_page_was_reloaded(
    open_page: OpenPage, live_portal: LivePortal, kitti: Path
) -> None:
    page = open_page("customer")
    slug = Intake(page).order("Interrupted")
    wire = Wire(page, let_through=5)
    upload = UploadPage(page, slug).open().choose(kitti)
    page.get_by_role("button", name="Upload", exact=True).click()
    wait_until(lambda: page.title() and wire.is_cut, what="the cut")
    wait_until(lambda: page.locator("[data-upload] progress").evaluate("one => one.value") > 0)
    before = len(wire.announced)

    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("[data-upload-kept]")).to_contain_text("was interrupted")
    wire.is_cut, wire.let_through = False, 10_000
    report = upload.choose(kitti).send()

    report.wait_for("Imported, with errors")
    files = sum(1 for path in kitti.rglob("*") if path.is_file())
    # Five pieces had gone through, of five files: those are not begun again.
    assert len(set(wire.announced[before:])) <= files - 5


def test_an_upload_can_be_paused_and_gone_on_with(open_page: OpenPage, kitti: Path) -> None:
    page = open_page("customer")
    slug = Intake(page).order("Paused")
    UploadPage(page, slug).open().choose(kitti)
    page.route(
        "**/api/v1/uploads/**", lambda route: (page.wait_for_timeout(60), route.continue_())
    )
    page.get_by_role("button", name="Upload", exact=True).click()
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("[data-upload]")).to_have_attribute("data-stage", "paused")

    page.get_by_role("button", name="Go on").click()

    page.wait_for_url("**/imports/*/", timeout=60_000)
