"""Guideline versions: drafted, published, retired; what is published never changes."""

import pytest
from django.db import IntegrityError, transaction

from apps.core.errors import Conflict, Invalid
from apps.guidelines.document import dumped
from apps.guidelines.models import Clause, GuidelineVersion
from apps.guidelines.selectors import clause_html, document_of, required_version, version_in_force
from apps.guidelines.services import (
    change_draft,
    draft_from_template,
    draft_version,
    publish_version,
    retire_version,
)
from apps.guidelines.templates import ClauseText, template_named
from tests.factories.projects import make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_project()


def test_publishing_retires_the_version_before(project):
    first = version_in_force(project)
    second = publish_version(draft_from_template(project, template_key="driving"))

    first.refresh_from_db()
    assert (first.state, second.state, second.number) == ("retired", "published", 2)
    assert version_in_force(project) == second


def test_what_is_published_or_retired_never_changes(project):
    version = version_in_force(project)
    before = (version.document, version.clauses.count())

    for _ in range(2):
        with pytest.raises(Conflict, match="never changes"):
            change_draft(version, title="Other", document=version.document, clauses=[])
        with pytest.raises(Conflict):
            publish_version(version)
        version.refresh_from_db()
        if version.state == GuidelineVersion.State.PUBLISHED:
            retire_version(version)

    version.refresh_from_db()
    assert (version.document, version.clauses.count()) == before


def test_a_draft_is_rewritten_whole(project):
    draft = draft_from_template(project, template_key="driving")
    document = dumped(template_named("driving").document)
    document["checks"] = {}

    change_draft(draft, title="Ours", document=document, clauses=[ClauseText("1", "One rule")])

    draft.refresh_from_db()
    assert (draft.title, [clause.number for clause in draft.clauses.all()]) == ("Ours", ["1"])
    assert document_of(draft).checks == {}


def test_a_check_that_names_no_clause_is_refused(project):
    template = template_named("driving")

    with pytest.raises(Invalid, match=r"names clause 5\.1, which is not in the guideline"):
        draft_version(project, title="Ours", document=template.document, clauses=[])
    with pytest.raises(Invalid, match="Two clauses have one number"):
        draft_version(
            project,
            title="Ours",
            document=template.document,
            clauses=[*template.clauses, ClauseText("5.1", "Again")],
        )


def test_a_retired_guideline_leaves_the_project_without_one(project):
    retire_version(version_in_force(project))

    assert version_in_force(project) is None
    with pytest.raises(Conflict, match="has no published guideline"):
        required_version(project)
    with pytest.raises(Conflict, match="is not in force"):
        retire_version(project.guideline_versions.get())


def test_a_clause_is_shown_as_safe_html(project):
    draft = draft_version(
        project,
        title="Ours",
        document={**dumped(template_named("driving").document), "checks": {}},
        clauses=[ClauseText("1", "One", "**Bold** <script>alert(1)</script><b onclick=x>b</b>")],
    )

    html = clause_html(draft.clauses.get())

    assert html == "<p><strong>Bold</strong> <b>b</b></p>\n"


def test_a_published_document_is_parsed_once(project, django_assert_num_queries):
    version = version_in_force(project)
    first = document_of(version)

    with django_assert_num_queries(0):
        assert document_of(version) is first


@pytest.mark.parametrize(
    "values",
    [
        {"document": {}},
        {"title": "Other"},
        {"number": 7},
        {"change_note": "Nothing happened."},
        {"state": "draft"},
    ],
)
def test_the_database_refuses_to_change_what_is_published(project, values):
    version = version_in_force(project)

    with pytest.raises(IntegrityError), transaction.atomic():
        GuidelineVersion.objects.filter(pk=version.pk).update(**values)


def test_the_database_refuses_to_publish_what_was_retired(project):
    version = retire_version(version_in_force(project))

    with pytest.raises(IntegrityError), transaction.atomic():
        GuidelineVersion.objects.filter(pk=version.pk).update(state="published")


def test_the_database_refuses_to_change_a_published_versions_clauses(project):
    version = version_in_force(project)

    with pytest.raises(IntegrityError), transaction.atomic():
        version.clauses.update(body_md="Anything goes.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Clause.objects.create(version=version, number="99", title="One more")
