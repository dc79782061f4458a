"""What every page of the admin has in common, and the pages that only show."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

Shown = TypeVar("Shown", bound=Callable[..., Any])

# Colours of the marks that states are shown as; the same word has the same colour everywhere.
STATE_COLORS = {
    "draft": "info",
    "ordered": "info",
    "queued": "info",
    "open": "info",
    "building": "info",
    "labelling": "info",
    "active": "success",
    "published": "success",
    "accepted": "success",
    "ready": "success",
    "done": "success",
    "succeeded": "success",
    "imported": "success",
    "delivered": "success",
    "leased": "primary",
    "running": "primary",
    "reviewing": "primary",
    "submitted": "primary",
    "paused": "warning",
    "returned": "warning",
    "waived": "warning",
    "warning": "warning",
    "warned": "warning",
    "partial": "warning",
    "expired": "warning",
    "error": "danger",
    "failed": "danger",
    "cancelled": "danger",
}


def shown(**how: Any) -> Callable[[Shown], Shown]:
    """Say how a column is shown; unfold's `display`, with a type."""
    return cast("Callable[[Shown], Shown]", display(**how))


def state_of(row: Model, name: str = "state") -> tuple[str, str]:
    """A state's key, which chooses its colour, and its word."""
    word = getattr(row, f"get_{name}_display")()
    return str(getattr(row, name)), str(word)


class PortalAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """A page of the admin."""

    list_filter_submit = True
    list_per_page = 50
    show_full_result_count = False
    compressed_fields = True
    warn_unsaved_form = True

    @shown(description="State", ordering="state", label=STATE_COLORS)
    def state_mark(self, row: Model) -> tuple[str, str]:
        """The state as a mark."""
        return state_of(row)


class RecordAdmin(PortalAdmin):
    """Rows that services write: to look at, never to change here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Services make them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """They are a record."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A record has no holes."""
        return False


class PortalInline(TabularInline):  # type: ignore[misc]  # unfold has no types
    """Rows that belong to another, in a tab of its page."""

    extra = 0
    tab = True


class RecordInline(PortalInline):
    """Rows that only stand there."""

    can_delete = False
    show_change_link = True
    max_num = 0

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Services make them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """They are a record."""
        return False
