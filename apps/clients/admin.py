"""Clients in the admin, with who may order for them."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from guardian.admin import GuardedModelAdminMixin

from apps.clients.models import Client
from apps.core.admin_bases import PortalAdmin, shown


@admin.register(Client)
class ClientAdmin(GuardedModelAdminMixin, PortalAdmin):
    """The tenants; “Object permissions” says who of them may order."""

    list_display = ("name", "slug", "project_count", "created_at")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("created_at", "updated_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Client]:
        """With the number of their projects."""
        found: QuerySet[Client] = super().get_queryset(request)  # type: ignore[no-untyped-call]  # guardian
        return found.annotate(project_count=Count("projects"))

    @shown(description="Projects", ordering="project_count")
    def project_count(self, client: Client) -> int:
        """How many they ordered."""
        return int(getattr(client, "project_count", 0))
