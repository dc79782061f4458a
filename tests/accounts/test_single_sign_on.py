"""The organisation's own sign-on, by settings alone."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from apps.accounts.models import User
from config.environment import identity_providers
from tests.accounts.identity_provider import CLIENT_ID, CLIENT_SECRET, identity_provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(monkeypatch, settings):
    with identity_provider() as provider:
        monkeypatch.setenv("OIDC_ISSUER", provider.url)
        monkeypatch.setenv("OIDC_CLIENT_ID", CLIENT_ID)
        monkeypatch.setenv("OIDC_CLIENT_SECRET", CLIENT_SECRET)
        monkeypatch.setenv("OIDC_NAME", "Acme sign-on")
        settings.OIDC_ISSUER = provider.url
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": identity_providers()}
        }
        yield provider


def come_in(client, provider):
    begun = client.post(reverse("openid_connect_login", args=["sso"]))
    asked = provider.remember(begun["Location"])
    back = reverse("openid_connect_callback", args=["sso"])
    return asked, client.get(back, {"code": "c", "state": asked["state"]})


def test_whoever_it_vouches_for_comes_in_with_a_name(client, provider):
    provider.claims = {
        "sub": "7",
        "email": "ann@acme.example",
        "email_verified": True,
        "name": "Ann Acme",
    }

    asked, answer = come_in(client, provider)

    assert asked["client_id"] == CLIENT_ID
    assert asked["code_challenge_method"] == "S256"
    assert provider.asked[0]["code_verifier"]
    assert answer.status_code == 302
    ann = User.objects.get(email="ann@acme.example")
    assert ann.display_name == "Ann Acme"
    assert client.get("/api/v1/me/").json()["id"] == ann.pk


def test_a_person_whom_the_staff_made_is_the_same_person(client, provider, make_person):
    ann = make_person("ann")
    provider.claims = {"sub": "7", "email": "ann@example.org", "email_verified": True}

    come_in(client, provider)

    assert client.get("/api/v1/me/").json()["id"] == ann.pk


def test_an_address_that_it_does_not_vouch_for_opens_nobodys_account(
    client, provider, make_person
):
    make_person("ann")
    provider.claims = {"sub": "8", "email": "ann@example.org", "email_verified": False}

    come_in(client, provider)

    assert client.get("/api/v1/me/").status_code == 401


# allauth's own templates print what may be absent.
@pytest.mark.ignore_template_errors
def test_the_sign_in_page_offers_it_by_its_name(client, provider):
    page = client.get(reverse("account_login")).content.decode()

    assert "Acme sign-on" in page


def test_without_an_issuer_there_is_none(monkeypatch):
    monkeypatch.delenv("OIDC_ISSUER", raising=False)

    assert identity_providers() == []


def test_an_issuer_without_a_client_is_told_in_words(monkeypatch):
    monkeypatch.setenv("OIDC_ISSUER", "https://id.example")
    monkeypatch.delenv("OIDC_CLIENT_ID", raising=False)
    monkeypatch.setenv("OIDC_CLIENT_SECRET", "x")

    with pytest.raises(ImproperlyConfigured, match="OIDC_CLIENT_ID is not"):
        identity_providers()
