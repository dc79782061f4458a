"""Who may see a client, and who may order for it: the only place that hands these out."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from guardian.shortcuts import assign_perm, get_objects_for_user, remove_perm

from apps.accounts.models import User
from apps.clients.models import Client

CUSTOMER_PERMISSIONS = ("view_client", "order_for_client")


def let_order(user: User, *, client: Client) -> None:
    """Let a person see a client and order for it."""
    for permission in CUSTOMER_PERMISSIONS:
        assign_perm(permission, user, client)


def stop_ordering(user: User, *, client: Client) -> None:
    """Take a person's permissions on a client back."""
    for permission in CUSTOMER_PERMISSIONS:
        remove_perm(permission, user, client)


def clients_with(user: User | AnonymousUser, permission: str) -> QuerySet[Client]:
    """Clients on which a person holds a permission, themselves or through a group."""
    found: QuerySet[Client] = get_objects_for_user(
        user, f"clients.{permission}", klass=Client, accept_global_perms=False
    )
    return found


def visible_to(user: User | AnonymousUser) -> QuerySet[Client]:
    """Clients that a person may know of."""
    return clients_with(user, "view_client")
