"""The API of one's own account."""

from datetime import timedelta

from django.utils import timezone

from apps.accounts.models import AccessToken
from apps.accounts.services import issue_token, revoke_token


def test_nobody_is_told_to_sign_in(api, db):
    answer = api().get("/api/v1/me/")

    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "not_authenticated"


def test_a_person_sees_and_renames_themselves(api, make_person):
    ann = make_person("ann")

    answer = api(ann).patch("/api/v1/me/", {"display_name": " Ann A. "})

    assert answer.status_code == 200
    assert answer.json() == {
        "id": ann.pk,
        "email": "ann@example.org",
        "display_name": "Ann A.",
        "name": "Ann A.",
        "is_staff": False,
    }


def test_a_token_is_told_once_and_signs_in(api, make_person):
    ann = make_person("ann")

    issued = api(ann).post("/api/v1/access-tokens/", {"name": "laptop"}).json()
    listed = api(ann).get("/api/v1/access-tokens/").json()
    seen = api().get("/api/v1/me/", headers={"Authorization": f"Bearer {issued['secret']}"})

    assert issued["secret"].startswith(issued["shown_prefix"])
    assert "secret" not in listed["results"][0]
    assert seen.json()["email"] == "ann@example.org"
    assert issued["secret"] not in AccessToken.objects.values_list("token_sha256", flat=True)


def test_an_expired_or_revoked_token_opens_nothing(api, make_person):
    ann = make_person("ann")
    expired, first = issue_token(ann, name="old")
    AccessToken.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    revoked, second = issue_token(ann, name="gone")
    revoke_token(revoked)

    for secret in (first, second, "cpat_never-was"):
        answer = api().get("/api/v1/me/", headers={"Authorization": f"Bearer {secret}"})

        assert answer.status_code == 401
        assert answer.json()["code"] == "authentication_failed"


def test_a_stranger_neither_sees_nor_revokes_my_token(api, make_person):
    token, _ = issue_token(make_person("ann"), name="laptop")
    bob = api(make_person("bob"))

    assert bob.get(f"/api/v1/access-tokens/{token.pk}/").status_code == 404
    assert bob.delete(f"/api/v1/access-tokens/{token.pk}/").status_code == 404
    assert bob.get("/api/v1/access-tokens/").json()["results"] == []


def test_a_second_token_of_one_name_is_a_conflict(api, make_person):
    ann = api(make_person("ann"))
    ann.post("/api/v1/access-tokens/", {"name": "laptop"})

    answer = ann.post("/api/v1/access-tokens/", {"name": "laptop"})

    assert answer.status_code == 409
    assert answer.json()["fields"] == {"name": "is taken"}


def test_a_token_that_would_be_expired_is_refused(api, make_person):
    past = (timezone.now() - timedelta(seconds=1)).isoformat()

    answer = api(make_person("ann")).post(
        "/api/v1/access-tokens/", {"name": "late", "expires_at": past}
    )

    assert answer.status_code == 422
    assert answer.json()["fields"] == {"expires_at": "must lie in the future"}


def test_use_is_noted_at_most_once_a_minute(api, make_person, django_assert_num_queries):
    token, secret = issue_token(make_person("ann"), name="laptop")
    headers = {"Authorization": f"Bearer {secret}"}
    api().get("/api/v1/me/", headers=headers)
    first = AccessToken.objects.get(pk=token.pk).last_used_at

    with django_assert_num_queries(1):
        api().get("/api/v1/me/", headers=headers)

    assert first is not None
    assert AccessToken.objects.get(pk=token.pk).last_used_at == first


def test_a_missing_name_is_named(api, make_person):
    answer = api(make_person("ann")).post("/api/v1/access-tokens/", {})

    assert answer.status_code == 400
    assert answer.json()["fields"] == {"name": "This field is required."}
    assert answer.json()["detail"] == "name: This field is required."
