"""Guideline versions in the admin; what is published can only be read."""

import json

from django.contrib import admin
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from apps.core.admin_bases import RecordAdmin, RecordInline, shown
from apps.guidelines.models import Clause, GuidelineVersion


class ClauseInline(RecordInline):
    """The rules of a version, in reading order."""

    model = Clause
    fields = ("number", "title", "body_md")
    ordering = ("position", "number")
    show_change_link = False


@admin.register(GuidelineVersion)
class GuidelineVersionAdmin(RecordAdmin):
    """Editions of the rules; they are written through the portal, where they are checked."""

    list_display = (
        "version",
        "project",
        "state_mark",
        "clause_count",
        "published_at",
        "change_note",
    )
    list_filter = (("state", ChoicesDropdownFilter), ("project", AutocompleteSelectFilter))
    list_select_related = ("project",)
    search_fields = ("title", "project__name", "change_note")
    fields = (
        "project",
        ("number", "state"),
        "title",
        "change_note",
        ("published_at", "published_by"),
        "classes",
        "document_text",
    )
    readonly_fields = ("classes", "document_text")
    inlines = (ClauseInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[GuidelineVersion]:
        """With the number of their clauses."""
        found: QuerySet[GuidelineVersion] = super().get_queryset(request)
        return found.annotate(clause_count=Count("clauses"))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A draft may go."""
        return (
            isinstance(obj, GuidelineVersion)
            and obj.state == GuidelineVersion.State.DRAFT
            and bool(request.user.has_perm("guidelines.delete_guidelineversion"))
        )

    @shown(description="Version", ordering="number")
    def version(self, version: GuidelineVersion) -> str:
        """Title and number."""
        return str(version)

    @shown(description="Clauses", ordering="clause_count")
    def clause_count(self, version: GuidelineVersion) -> int:
        """How many rules."""
        return int(getattr(version, "clause_count", 0))

    @shown(description="Classes")
    def classes(self, version: GuidelineVersion) -> str:
        """The classes' names."""
        return ", ".join(one["label"] for one in version.document["taxonomy"]["classes"])

    @shown(description="Document")
    def document_text(self, version: GuidelineVersion) -> str:
        """The machine-readable part."""
        text = json.dumps(version.document, indent=2, ensure_ascii=False)
        return format_html('<pre class="max-h-96 overflow-auto text-xs">{}</pre>', text)
