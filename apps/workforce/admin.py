"""Teams, qualifications and availability in the admin."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateFilter,
)

from apps.core.admin_bases import PortalAdmin, PortalInline, shown
from apps.workforce.models import Availability, Qualification, Team, TeamMember
from apps.workforce.rules import is_away


class MemberInline(PortalInline):
    """Who is in a team."""

    model = TeamMember
    autocomplete_fields = ("person",)
    fields = ("person", "role")


@admin.register(Team)
class TeamAdmin(PortalAdmin):
    """People who work together: our own or a vendor's."""

    list_display = ("name", "kind_mark", "member_count", "created_at")
    list_filter = (("kind", ChoicesDropdownFilter),)
    search_fields = ("name", "members__person__email", "members__person__display_name")
    inlines = (MemberInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        """With the number of their members."""
        found: QuerySet[Team] = super().get_queryset(request)
        return found.annotate(member_count=Count("members", distinct=True))

    @shown(
        description="Whose", ordering="kind", label={"internal": "primary", "vendor": "warning"}
    )
    def kind_mark(self, team: Team) -> tuple[str, str]:
        """Our own, or a vendor's."""
        return team.kind, team.get_kind_display()

    @shown(description="People", ordering="member_count")
    def member_count(self, team: Team) -> int:
        """How many."""
        return int(getattr(team, "member_count", 0))


@admin.register(Qualification)
class QualificationAdmin(PortalAdmin):
    """What people may label or review, and until when."""

    list_display = ("person", "modality", "kind", "is_valid", "expires_at", "granted_by")
    list_filter = (
        ("kind", ChoicesDropdownFilter),
        "modality",
        ("person", AutocompleteSelectFilter),
        ("expires_at", RangeDateFilter),
    )
    list_select_related = ("person", "granted_by")
    search_fields = ("person__email", "person__display_name", "modality")
    autocomplete_fields = ("person", "granted_by")

    @shown(description="Valid", boolean=True)
    def is_valid(self, qualification: Qualification) -> bool:
        """Whether it counts today."""
        return qualification.expires_at is None or qualification.expires_at > timezone.now()


@admin.register(Availability)
class AvailabilityAdmin(PortalAdmin):
    """How much of whom there is."""

    list_display = ("person", "hours_per_week", "time_zone", "away_until", "is_there")
    list_filter = (("away_until", RangeDateFilter),)
    list_select_related = ("person",)
    search_fields = ("person__email", "person__display_name")
    autocomplete_fields = ("person",)

    @shown(description="There today", boolean=True)
    def is_there(self, availability: Availability) -> bool:
        """Whether they are not away."""
        return not is_away(availability, on=timezone.localdate())
