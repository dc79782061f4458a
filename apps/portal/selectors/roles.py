"""What a person is in the house, over all projects."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from apps.accounts.models import User
from apps.clients.access import clients_with
from apps.clients.models import ClientUserObjectPermission
from apps.projects.access import Role
from apps.projects.models import ProjectGroupObjectPermission, ProjectUserObjectPermission

ADMIN = "admin"
# In the order in which a person of several roles sees them.
ROLES: tuple[str, ...] = (
    Role.MANAGER,
    Role.REVIEWER,
    Role.ANNOTATOR,
    Role.CUSTOMER,
    ADMIN,
)
MARK_OF_ROLE = {
    "manage_project": Role.MANAGER,
    "review_project": Role.REVIEWER,
    "label_project": Role.ANNOTATOR,
}


def may_order(person: User) -> bool:
    """Whether a person may order projects for a client."""
    return clients_with(person, "order_for_client").exists()


def roles_of(person: User | AnonymousUser) -> frozenset[str]:
    """The roles that a person has in any project; three short queries."""
    if not isinstance(person, User):
        return frozenset()
    own = ProjectUserObjectPermission.objects.filter(user=person)
    shared = ProjectGroupObjectPermission.objects.filter(Q(group__user=person))
    held = set(
        own.values_list("permission__codename")
        .union(shared.values_list("permission__codename"))
        .values_list("permission__codename", flat=True)
    )
    roles: set[str] = {role for mark, role in MARK_OF_ROLE.items() if mark in held}
    orders = "order_project" in held and Role.MANAGER not in roles
    if orders or ClientUserObjectPermission.objects.filter(user=person).exists():
        roles.add(Role.CUSTOMER)
    if person.is_superuser:
        roles |= {ADMIN, Role.MANAGER}
    return frozenset(roles)


def ordered(roles: frozenset[str]) -> list[str]:
    """Roles in the order of their tabs."""
    return [str(role) for role in ROLES if role in roles]
