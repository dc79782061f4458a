"""Pages are read by everybody: axe finds nothing serious, and a phone shows them without sideways scrolling."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.portal import PHONE, LivePortal, OpenPage
from tests.shared_data import PROJECT

AXE = PROJECT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = {
    "": ["/accounts/login/", "/accounts/password/reset/"],
    "customer": [
        "/",
        "/projects/",
        "/orders/new/what/",
        "/projects/{slug}/",
        "/projects/{slug}/scenes/",
        "/projects/{slug}/upload/",
        "/projects/{slug}/recordings/",
        "/projects/{slug}/guideline/",
        "/projects/{slug}/deliveries/",
        "/account/",
        "/account/tokens/",
        "/accounts/2fa/",
        "/accounts/email/",
        "/accounts/password/change/",
        "/nowhere/",
    ],
    "manager": [
        "/",
        "/tasks/",
        "/people/",
        "/style/",
        "/projects/{slug}/",
        "/projects/{slug}/people/",
        "/projects/{slug}/findings/",
        "/scenes/1/",
        "/scenes/1/journal/",
        "/tasks/1/",
    ],
    "annotator": ["/", "/history/"],
    "reviewer": ["/"],
    "admin": ["/home/admin/"],
}
SERIOUS = {"serious", "critical"}


def serious_issues(page: Page) -> list[str]:
    """What axe finds wrong, one line for each rule with the first place."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
    )
    return [
        f"{page.url} {issue['id']}: {issue['nodes'][0]['html'][:160]} "
        f"{issue['nodes'][0].get('failureSummary', '')[:200]}"
        for issue in found["violations"]
        if issue["impact"] in SERIOUS
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("role", list(PAGES))
def test_no_page_has_a_serious_issue(
    open_page: OpenPage, live_portal: LivePortal, role: str, scheme: str
) -> None:
    page = open_page(role, "/", color_scheme=scheme, reduced_motion="reduce")
    issues = []
    for path in PAGES[role]:
        page.goto(path.format(slug=live_portal.slug))
        issues += serious_issues(page)

    assert issues == []


@pytest.mark.parametrize("role", list(PAGES))
def test_no_page_scrolls_sideways_on_a_phone(
    open_page: OpenPage, live_portal: LivePortal, role: str
) -> None:
    page = open_page(role, "/", viewport=PHONE)
    wide = []
    for path in PAGES[role]:
        page.goto(path.format(slug=live_portal.slug))
        beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if beyond > 0:
            wide.append(f"{path}: {beyond} px too wide")

    assert wide == []


def test_the_menu_of_a_phone_opens_and_closes_by_keys(open_page: OpenPage) -> None:
    page = open_page("manager", viewport=PHONE)
    button = page.get_by_role("button", name="Menu")
    assert button.get_attribute("aria-expanded") == "false"

    button.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    assert page.get_by_role("link", name="People", exact=True).is_visible()
    page.keyboard.press("Escape")

    assert button.get_attribute("aria-expanded") == "false"
