"""What is written from the source is fresh, and what is made of it is whole."""

from io import StringIO

import pytest
from django.core.management import call_command


def test_the_apis_schema_is_valid_and_complete(tmp_path):
    file = tmp_path / "schema.yml"

    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(file))

    assert "/api/v1/me/" in file.read_text(encoding="utf-8")


@pytest.mark.django_db
def test_every_change_of_a_table_has_its_migration():
    said = StringIO()

    call_command("makemigrations", "--check", "--dry-run", stdout=said)

    assert said.getvalue().strip() == "No changes detected"
