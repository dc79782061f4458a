"""People and their tokens in the admin."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from apps.accounts.models import AccessToken, User

admin.site.unregister(Group)
# The admin's own form knows no second factor; the portal's does.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth documents it


class NewPersonForm(UserCreationForm):  # type: ignore[misc]  # unfold has no types
    """A person needs an address and a password; the rest may follow."""

    class Meta:
        model = User
        fields = ("email", "display_name")
        field_classes: dict[str, type[forms.Field]] = {}


class PersonForm(UserChangeForm):  # type: ignore[misc]  # unfold has no types
    """Everything about a person that the staff may change."""

    class Meta:
        model = User
        fields = "__all__"
        field_classes: dict[str, type[forms.Field]] = {}


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):  # type: ignore[misc,type-arg]  # unfold has no types
    """The people of the portal."""

    form = PersonForm
    add_form = NewPersonForm
    change_password_form = AdminPasswordChangeForm
    ordering = ("email",)
    list_display = ("email", "display_name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups")
    search_fields = ("email", "display_name")
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "display_name", "password")}),
        (
            "Rights",
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "display_name", "usable_password", "password1", "password2")}),
    )


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Groups of people, in the admin's theme."""


@admin.register(AccessToken)
class AccessTokenAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Tokens: whose, since when, last used; a person issues their own."""

    list_display = ("person", "name", "shown_prefix", "last_used_at", "expires_at", "revoked_at")
    list_select_related = ("person",)
    search_fields = ("name", "person__email")
    exclude = ("token_sha256",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The secret can be told only to its owner."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A token is revoked or deleted, never edited."""
        return False
