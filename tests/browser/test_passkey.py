"""A passkey is added and signs in, with Chromium's virtual authenticator."""

import re

import pytest
from playwright.sync_api import expect

PASSWORD = "ann-has-a-long-secret"
MAKE_ANN = f"""
from apps.accounts.models import User
User.objects.create_user("ann@example.org", {PASSWORD!r}, display_name="Ann")
"""


@pytest.fixture
def started(site):
    site.python(MAKE_ANN)
    site.start()
    # A passkey belongs to a name; an address of numbers has none.
    site.url = site.url.replace("127.0.0.1", "localhost")
    return site


def test_a_passkey_is_added_and_signs_in_without_a_password(started, page):
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto(f"{started.url}/accounts/login/")
    page.get_by_label(re.compile("email", re.IGNORECASE)).fill("ann@example.org")
    page.get_by_label(re.compile("^password", re.IGNORECASE)).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto(f"{started.url}/accounts/2fa/webauthn/add/")
    if "reauthenticate" in page.url:
        page.get_by_label(re.compile("^password", re.IGNORECASE)).fill(PASSWORD)
        page.get_by_role("button", name=re.compile("confirm", re.IGNORECASE)).click()
    page.get_by_label("Name").fill("Laptop")
    passwordless = page.get_by_label(re.compile("passwordless", re.IGNORECASE))
    passwordless.check()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text(re.compile("recovery codes", re.IGNORECASE)).first).to_be_visible()

    page.context.clear_cookies()
    page.goto(f"{started.url}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{started.url}/**", wait_until="load")
    expect(page).not_to_have_url(re.compile("login"))
    page.goto(f"{started.url}/accounts/2fa/")

    expect(page).to_have_url(re.compile(r"/accounts/2fa/$"))
    expect(page.get_by_text("You have added 1 security key.")).to_be_visible()
