"""Makes guideline versions."""

from collections.abc import Mapping
from typing import Any

from apps.accounts.models import User
from apps.guidelines.models import GuidelineVersion
from apps.guidelines.services import draft_from_template, draft_version, publish_version
from apps.projects.models import Project


def make_guideline(
    project: Project,
    *,
    template: str = "driving",
    document: Mapping[str, Any] | None = None,
    published: bool = True,
    by: User | None = None,
) -> GuidelineVersion:
    """A version of a project's guideline, from a template or from a document of one's own."""
    if document is None:
        version = draft_from_template(project, template_key=template)
    else:
        version = draft_version(project, title="Rules", document=document)
    return publish_version(version, by=by) if published else version
