"""The whole line, with a real recording: order, upload, staff, label, return, mend, accept, deliver, download."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import Deliveries, Home, Intake, People, TaskList, UploadPage, Workspace
from tests.browser.portal import OpenPage
from tests.shared_data import shared

pytestmark = pytest.mark.shared

PARTS = ("calib", "image_2", "label_2", "velodyne")
SCENE = "000007"


@pytest.fixture
def kitti(tmp_path: Path) -> Path:
    """Three frames of KITTI with their labels."""
    source = shared("lidar_camera", "kitti_object_shared")
    folder = tmp_path / "kitti-frames"
    for part in PARTS:
        shutil.copytree(source / part, folder / part)
    return folder


@pytest.mark.timeout(600)
def test_five_people_carry_a_recording_from_order_to_delivery(
    open_page: OpenPage, kitti: Path, tmp_path: Path
) -> None:
    customer, manager = open_page("customer"), open_page("manager")
    annotator, reviewer = open_page("annotator"), open_page("reviewer")

    slug = _order_and_upload(customer, kitti)
    _staff(manager, slug)
    drawn = _label(annotator)
    _return(reviewer)
    _mend(annotator, objects=drawn)
    _accept(reviewer)
    Deliveries(manager, slug).pack("openlabel", "kitti")
    archive = Deliveries(customer, slug).download(tmp_path)

    delivered = _objects_of(archive)
    assert delivered == drawn
    customer.goto(f"/projects/{slug}/")
    expect(customer.locator(".stat", has_text="Scenes accepted").locator("dd")).to_contain_text(
        "1"
    )


def _order_and_upload(customer: Page, recording: Path) -> str:
    slug = Intake(customer).order("From order to delivery")
    report = UploadPage(customer, slug).open().choose(recording, with_labels=True).send()
    report.wait_for("Imported")
    return slug


def _staff(manager: Page, slug: str) -> None:
    manager.goto("/")
    order = manager.locator(".rows > li", has_text="From order to delivery")
    order.get_by_role("button", name="Put into production").click()
    expect(manager.locator("h1")).to_contain_text("In production")
    People(manager, slug).give("Annotator", "Annotator")
    People(manager, slug).give("Reviewer", "Reviewer")
    TaskList(manager).open(f"?project={slug}").assign(SCENE, to="Annotator")


def _label(annotator: Page) -> int:
    """Move a box by keys, draw another by one click, and hand in; says how many objects there are."""
    annotator.goto("/")
    kept = annotator.locator(".rows > li", has_text=SCENE)
    expect(kept).to_contain_text("Kept for you")
    kept.get_by_role("button", name="Take").click()
    annotator.wait_for_url("**/work/")
    desk = Workspace(annotator).wait_until_open()
    assert desk.mode == "label"
    before = desk.object_count()
    assert before > 0

    desk.choose_first()
    version = desk.version()
    desk.press("w", "w", "g")
    version = desk.wait_for_version_above(version)
    # What was there is drawn anew, by one click on its points in the middle of the view.
    desk.press("Home")
    desk.press("Shift+Delete")
    version = desk.wait_for_version_above(version)
    assert desk.object_count() == before - 1
    desk.press("c")
    desk.click_middle()
    desk.wait_for_version_above(version)
    drawn = desk.object_count()
    assert drawn == before

    desk.answer_blocking("As the picture shows it")
    desk.decide("Submit")
    return drawn


def _return(reviewer: Page) -> None:
    reviewer.goto("/")
    row = reviewer.locator("#live tbody tr", has_text=SCENE)
    row.get_by_role("button", name="Review").click()
    reviewer.wait_for_url("**/work/")
    desk = Workspace(reviewer).wait_until_open()
    assert desk.mode == "review"
    desk.choose_first()
    desk.comment("The box is too long at the rear.")
    desk.decide("Return", note="See the comment on the nearest object.")


def _mend(annotator: Page, *, objects: int) -> None:
    annotator.goto("/")
    back = annotator.locator(".rows > li", has_text=SCENE)
    expect(back).to_contain_text("Returned, round 2")
    expect(back).to_contain_text("See the comment on the nearest object.")
    expect(back).to_contain_text("The box is too long at the rear.")
    back.get_by_role("button", name="Take").click()
    annotator.wait_for_url("**/work/")
    desk = Workspace(annotator).wait_until_open()
    assert desk.object_count() == objects
    assert any("too long at the rear" in line for line in desk.findings())
    desk.choose_first()
    version = desk.version()
    desk.press("t")
    desk.wait_for_version_above(version)
    desk.answer_blocking("Done as asked")
    desk.decide("Submit")


def _accept(reviewer: Page) -> None:
    workspace = Home(_at_home(reviewer)).next_task()
    desk = workspace.wait_until_open()
    assert desk.mode == "review"
    desk.answer_blocking("Seen, and right")
    desk.decide("Accept")


def _at_home(page: Page) -> Page:
    page.goto("/")
    return page


def _objects_of(archive: Path) -> int:
    """How many objects the OpenLABEL file of a delivery holds."""
    with zipfile.ZipFile(archive) as zipped:
        names = zipped.namelist()
        assert any(name.startswith("kitti/") for name in names)
        labels = [name for name in names if name.startswith("openlabel/") and "loss" not in name]
        document = json.loads(zipped.read(next(name for name in labels if name.endswith(".json"))))
    return len(document["openlabel"]["objects"])
