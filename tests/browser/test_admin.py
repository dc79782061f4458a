"""The admin and the API's documentation in a real browser, under the site's own policy."""

import re

import pytest
from playwright.sync_api import expect

PASSWORD = "root-has-a-long-secret"
MAKE_ROOT = f"""
from apps.accounts.models import User
User.objects.create_superuser("root@example.org", {PASSWORD!r}, display_name="Root")
"""


def sign_in(page, address, password):
    page.get_by_label(re.compile("email", re.IGNORECASE)).fill(address)
    page.get_by_label(re.compile("^password", re.IGNORECASE)).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.fixture
def started(site):
    site.python(MAKE_ROOT)
    site.start()
    return site


def test_the_staff_work_in_the_admin_and_read_the_apis_documentation(started, page):
    foreign = []
    page.on(
        "request",
        lambda request: (
            foreign.append(request.url)
            if not request.url.startswith((started.url, "data:", "blob:"))
            else None
        ),
    )

    page.goto(f"{started.url}/admin/")
    sign_in(page, "root@example.org", PASSWORD)
    expect(page).to_have_url(f"{started.url}/admin/")
    page.goto(f"{started.url}/admin/accounts/user/")
    expect(page.get_by_role("link", name="root@example.org")).to_be_visible()
    page.goto(f"{started.url}/admin/accounts/user/add/")
    page.get_by_label("Email").fill("ann@example.org")
    page.get_by_label("Password", exact=False).first.fill("ann-has-a-long-secret")
    page.get_by_label("Password confirmation").fill("ann-has-a-long-secret")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page).to_have_url(re.compile(r"/admin/accounts/user/\d+/change/$"))
    expect(page.get_by_label("Email")).to_have_value("ann@example.org")

    page.goto(f"{started.url}/api/v1/docs/")
    expect(page.get_by_text("/api/v1/me/").first).to_be_visible(timeout=20_000)

    assert foreign == []
