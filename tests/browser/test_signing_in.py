"""Signing in, and what each role finds."""

import pytest
from playwright.sync_api import expect

from tests.browser.portal import OpenPage


@pytest.mark.parametrize(
    ("role", "heading"),
    [
        ("customer", "Your projects"),
        ("manager", "Production"),
        ("annotator", "Good work, Annotator"),
        ("reviewer", "To judge"),
        ("admin", "Production"),
    ],
)
def test_each_role_lands_on_its_home(open_page: OpenPage, role: str, heading: str) -> None:
    page = open_page(role)

    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def test_a_wrong_password_is_said_and_lets_nobody_in(open_page: OpenPage) -> None:
    page = open_page("", "/accounts/login/")
    page.get_by_label("Email").fill("customer@example.org")
    page.get_by_label("Password").fill("something else")
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_role("alert")).to_contain_text("not correct")
    page.goto("/projects/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_the_chosen_colours_stay(open_page: OpenPage) -> None:
    page = open_page("customer")
    page.locator(".person").click()
    page.get_by_role("button", name="Dark").click()
    page.reload()

    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).colorScheme") == "dark"


def test_signing_out_closes_the_door(open_page: OpenPage) -> None:
    page = open_page("customer")
    page.locator(".person").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/projects/")

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_page_that_is_not_there_says_where_to_go(open_page: OpenPage) -> None:
    page = open_page("customer", "/projects/somebody-elses/")

    expect(page.get_by_role("heading", level=1)).to_have_text("Not found")
    page.get_by_role("link", name="Go to the start page").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your projects")
