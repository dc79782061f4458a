"""What every answer carries, and the pages that are nobody's."""

import logging

import pytest
from django.db import connection
from django.db.utils import OperationalError

from apps.core.logs import EventFormatter
from apps.core.middleware import content_security_policy


@pytest.mark.django_db
def test_every_answer_says_that_only_our_own_code_runs(client):
    answer = client.get("/healthz")

    policy = answer["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "object-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"


def test_only_the_admin_and_the_apis_documentation_are_looser():
    assert "'unsafe-eval'" in content_security_policy("/admin/")
    assert "'unsafe-eval'" not in content_security_policy("/administration/")
    assert "script-src 'self';" in content_security_policy("/projects/")


def test_files_may_come_from_the_object_store(settings):
    settings.S3_ENDPOINT_URL = "https://store.example:9000/path"

    policy = content_security_policy("/")

    assert "connect-src 'self' blob: https://store.example:9000;" in policy
    assert "img-src 'self' data: blob: https://store.example:9000;" in policy
    assert "script-src 'self';" in policy


@pytest.mark.django_db
def test_health_needs_the_database(client, monkeypatch):
    assert client.get("/healthz").json() == {"status": "ok"}

    def no_cursor():
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", no_cursor)
    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json() == {"status": "no database"}


@pytest.mark.parametrize(
    ("url", "forever"),
    [
        ("/static/assets/main-BSlZ4ZsJ.js", True),
        ("/static/assets/scene-view-D2_kQ-1x.css", True),
        ("/static/assets/main.js", False),
        ("/static/admin/css/base.css", False),
        ("/static/portal/mark-abcdefgh.svg", False),
    ],
)
def test_only_what_vite_hashed_is_kept_forever(settings, url, forever):
    assert settings.WHITENOISE_IMMUTABLE_FILE_TEST("", url) is forever


def test_a_log_line_is_the_event_and_its_values():
    record = logging.makeLogRecord(
        {"msg": "run ended", "name": "apps.core.jobs", "levelname": "INFO", "run": 7, "kind": "x"}
    )

    line = EventFormatter().format(record)

    assert line.endswith("INFO apps.core.jobs run ended run=7 kind='x'")
