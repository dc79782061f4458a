"""A calibration cannot be changed, not even past the services: results were computed under it."""

from django.db import migrations

SQLITE = """
CREATE TRIGGER scenes_calibration_stays BEFORE UPDATE ON scenes_calibration
BEGIN
  SELECT RAISE(ABORT, 'a calibration is immutable: write a new version');
END
"""
POSTGRES = """
CREATE FUNCTION scenes_calibration_stays() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION 'a calibration is immutable: write a new version'
    USING ERRCODE = 'integrity_constraint_violation';
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER scenes_calibration_stays BEFORE UPDATE ON scenes_calibration
  FOR EACH ROW EXECUTE FUNCTION scenes_calibration_stays();
"""


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(SQLITE)
    elif schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES, params=None)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER scenes_calibration_stays")
    elif schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER scenes_calibration_stays ON scenes_calibration")
        schema_editor.execute("DROP FUNCTION scenes_calibration_stays()")


class Migration(migrations.Migration):

    dependencies = [("scenes", "0002_labels_that_came_along")]

    operations = [migrations.RunPython(guard, unguard)]
