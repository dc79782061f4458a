"""What others do changes a page that somebody looks at, without a reload."""

from playwright.sync_api import expect

from tests.browser.pages import Home, TaskList
from tests.browser.portal import LivePortal, OpenPage


def test_a_manager_sees_a_task_being_taken(open_page: OpenPage) -> None:
    manager = open_page("manager")
    expect(manager.locator("body")).to_have_attribute("data-live-state", "on")
    manager.evaluate("window.isTheSamePage = true")
    home = Home(manager)
    in_work = home.figure("In work now")

    workspace = Home(open_page("annotator")).next_task()

    stat = manager.locator(".stat", has=manager.get_by_text("In work now", exact=True))
    expect(stat.locator("dd")).to_have_text(str(in_work + 1))
    expect(manager.locator(".rows", has_text="Annotator")).to_contain_text("At work")
    assert manager.evaluate("window.isTheSamePage")
    assert workspace.mode == "label"


def test_an_annotator_hears_of_a_task_that_is_kept_for_them(open_page: OpenPage) -> None:
    annotator = open_page("annotator")
    expect(annotator.locator("body")).to_have_attribute("data-live-state", "on")

    TaskList(open_page("manager")).open().assign("crossing 04", to="Annotator")

    expect(annotator.locator("#live")).to_contain_text("crossing 04")
    expect(annotator.locator("#live")).to_contain_text("Kept for you")


def test_a_chosen_row_stays_chosen_while_the_list_changes(
    open_page: OpenPage, live_portal: LivePortal
) -> None:
    page = open_page("manager", "/tasks/")
    expect(page.locator("body")).to_have_attribute("data-live-state", "on")
    box = page.get_by_role("checkbox", name="Choose Label crossing 05")
    box.check()

    TaskList(open_page("manager")).open().assign("crossing 03", to="Annotator")

    expect(page.locator("tbody tr", has_text="crossing 03")).to_contain_text("Annotator")
    expect(box).to_be_checked()
    expect(page.locator("[data-chosen-count]")).to_have_text("1")
