"""Triggers: whatever writes to the database, a published version and its clauses stay as they are."""

from django.db import migrations

REFUSED = "a published guideline version never changes"
FIXED = "project_id, number, title, document, change_note"

SQLITE = [
    f"""
    CREATE TRIGGER guideline_version_is_fixed
    BEFORE UPDATE OF {FIXED} ON guidelines_guidelineversion WHEN OLD.state <> 'draft'
    BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END
    """,
    f"""
    CREATE TRIGGER guideline_version_never_goes_back
    BEFORE UPDATE OF state ON guidelines_guidelineversion
    WHEN (OLD.state = 'published' AND NEW.state = 'draft')
      OR (OLD.state = 'retired' AND NEW.state <> 'retired')
    BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END
    """,
    f"""
    CREATE TRIGGER guideline_clause_is_fixed
    BEFORE UPDATE ON guidelines_clause
    WHEN (SELECT state FROM guidelines_guidelineversion WHERE id = OLD.version_id) <> 'draft'
    BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END
    """,
    f"""
    CREATE TRIGGER guideline_clause_is_not_added
    BEFORE INSERT ON guidelines_clause
    WHEN (SELECT state FROM guidelines_guidelineversion WHERE id = NEW.version_id) <> 'draft'
    BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END
    """,
]

POSTGRESQL = [
    f"""
    CREATE FUNCTION guideline_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    """
    CREATE FUNCTION guideline_clause_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (SELECT state FROM guidelines_guidelineversion WHERE id = NEW.version_id) <> 'draft' THEN
            RAISE EXCEPTION 'a published guideline version never changes'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    f"""
    CREATE TRIGGER guideline_version_is_fixed
    BEFORE UPDATE OF {FIXED} ON guidelines_guidelineversion
    FOR EACH ROW WHEN (OLD.state <> 'draft') EXECUTE FUNCTION guideline_is_fixed()
    """,
    """
    CREATE TRIGGER guideline_version_never_goes_back
    BEFORE UPDATE OF state ON guidelines_guidelineversion FOR EACH ROW
    WHEN ((OLD.state = 'published' AND NEW.state = 'draft')
       OR (OLD.state = 'retired' AND NEW.state <> 'retired'))
    EXECUTE FUNCTION guideline_is_fixed()
    """,
    """
    CREATE TRIGGER guideline_clause_is_fixed
    BEFORE INSERT OR UPDATE ON guidelines_clause
    FOR EACH ROW EXECUTE FUNCTION guideline_clause_is_fixed()
    """,
]

UNDO = {
    "sqlite": [
        "DROP TRIGGER guideline_clause_is_not_added",
        "DROP TRIGGER guideline_clause_is_fixed",
        "DROP TRIGGER guideline_version_never_goes_back",
        "DROP TRIGGER guideline_version_is_fixed",
    ],
    "postgresql": [
        "DROP TRIGGER guideline_clause_is_fixed ON guidelines_clause",
        "DROP TRIGGER guideline_version_never_goes_back ON guidelines_guidelineversion",
        "DROP TRIGGER guideline_version_is_fixed ON guidelines_guidelineversion",
        "DROP FUNCTION guideline_clause_is_fixed()",
        "DROP FUNCTION guideline_is_fixed()",
    ],
}


def make(_apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[vendor]:
        schema_editor.execute(statement)


def drop(_apps, schema_editor):
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("guidelines", "0002_initial")]

    # A later migration that rebuilds one of these tables on SQLite drops the triggers: make them
    # again there. tests/guidelines/test_services.py fails when that is forgotten.
    operations = [migrations.RunPython(make, drop)]
