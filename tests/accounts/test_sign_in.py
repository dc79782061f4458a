"""Signing in: by address and password, with a second factor, and for nobody else."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from cryptography.fernet import InvalidToken
from django.core import mail
from django.urls import reverse

from apps.accounts.adapters import SecondFactorAdapter
from apps.accounts.models import User

PASSWORD = "ann-has-a-long-secret"

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(make_person):
    return make_person("ann", password=PASSWORD)


def sign_in(client, *, login="ann@example.org", password=PASSWORD):
    return client.post(reverse("account_login"), {"login": login, "password": password})


def is_signed_in(client):
    return client.get("/api/v1/me/").status_code == 200


@pytest.mark.parametrize("address", ["ann@example.org", "Ann@Example.ORG"])
def test_a_person_signs_in_by_their_address_in_any_case(client, ann, address):
    answer = sign_in(client, login=address)

    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("login", "password"),
    [("ann@example.org", "wrong-but-long-enough"), ("nobody@example.org", PASSWORD)],
)
def test_a_wrong_password_and_an_unknown_address_are_told_alike(client, ann, login, password):
    answer = sign_in(client, login=login, password=password)

    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors() == [
        "The email address and/or password you specified are not correct."
    ]
    assert not is_signed_in(client)


def test_a_closed_account_stays_closed(client, ann):
    User.objects.filter(pk=ann.pk).update(is_active=False)

    sign_in(client)

    assert not is_signed_in(client)


def test_signing_out_takes_more_than_a_link(client, ann):
    client.force_login(ann)

    client.get(reverse("account_logout"))
    assert is_signed_in(client)

    client.post(reverse("account_logout"))
    assert not is_signed_in(client)


def test_strangers_make_no_account_unless_the_door_is_open(client, settings):
    wanted = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
    client.post(reverse("account_signup"), wanted)
    assert not User.objects.filter(email="new@example.org").exists()

    settings.OPEN_SIGNUP = True
    client.post(reverse("account_signup"), wanted)

    assert User.objects.filter(email="new@example.org").exists()


def test_a_forgotten_password_is_set_anew_by_mail(client, ann):
    client.post(reverse("account_reset_password"), {"email": "ann@example.org"})
    path = re.search(r"https?://testserver(/\S+)", mail.outbox[0].body).group(1)

    form = client.get(path, follow=True)
    answer = client.post(
        form.redirect_chain[-1][0],
        {"password1": "another-long-secret-7", "password2": "another-long-secret-7"},
    )

    assert answer.status_code == 302
    assert sign_in(client, password="another-long-secret-7").status_code == 302
    assert is_signed_in(client)


def code_of(secret):
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_a_second_factor_is_asked_for_once_it_is_set_up(client, ann):
    sign_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert Authenticator.objects.filter(user=ann, type=Authenticator.Type.TOTP).exists()
    assert Authenticator.objects.filter(user=ann, type=Authenticator.Type.RECOVERY_CODES).exists()
    kept = Authenticator.objects.get(user=ann, type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in kept
    client.post(reverse("account_logout"))

    first = sign_in(client)
    assert first["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    refused = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert refused.status_code == 200
    assert not is_signed_in(client)
    recovery = Authenticator.objects.get(user=ann, type=Authenticator.Type.RECOVERY_CODES)
    client.post(reverse("mfa_authenticate"), {"code": recovery.wrap().get_unused_codes()[0]})

    assert is_signed_in(client)


def test_a_seed_outlives_a_change_of_the_sites_secret(settings):
    kept = SecondFactorAdapter().encrypt("seed")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret of the site"

    assert SecondFactorAdapter().decrypt(kept) == "seed"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidToken):
        SecondFactorAdapter().decrypt(kept)


def test_the_admin_asks_where_the_second_factor_is_asked(client, make_person):
    make_person("root", password=PASSWORD, is_staff=True, is_superuser=True)

    answer = client.post("/admin/login/", {"username": "root@example.org", "password": PASSWORD})

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
    assert not is_signed_in(client)


# allauth's own templates print what may be absent.
@pytest.mark.ignore_template_errors
def test_the_pages_of_an_account_render(client, ann):
    sign_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    names = ["account_email", "account_change_password", "mfa_index", "mfa_add_webauthn"]

    statuses = {name: client.get(reverse(name)).status_code for name in names}

    assert statuses == dict.fromkeys(names, 200)
