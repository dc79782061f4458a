"""Who may do what in a project: the only place that hands permissions out."""

from django.contrib.auth.models import AnonymousUser, Group
from django.db.models import QuerySet, TextChoices
from guardian.shortcuts import assign_perm, get_objects_for_user, remove_perm

from apps.accounts.models import User
from apps.clients.access import let_order
from apps.clients.models import Client, ClientUserObjectPermission
from apps.projects.models import Project, ProjectUserObjectPermission

MANAGERS = "Workforce managers"


class Role(TextChoices):
    """What a person is in a project."""

    CUSTOMER = "customer", "Customer"
    ANNOTATOR = "annotator", "Annotator"
    REVIEWER = "reviewer", "Reviewer"
    MANAGER = "manager", "Workforce manager"


PERMISSIONS: dict[str, tuple[str, ...]] = {
    Role.CUSTOMER: ("view_project", "order_project"),
    Role.ANNOTATOR: ("view_project", "label_project"),
    Role.REVIEWER: ("view_project", "review_project"),
    Role.MANAGER: ("view_project", "order_project", "manage_project"),
}


def grant(user: User, role: str, *, project: Project) -> None:
    """Give a person a role in a project."""
    for permission in PERMISSIONS[role]:
        assign_perm(permission, user, project)


def revoke(user: User, role: str, *, project: Project) -> None:
    """Take a role back; what the person's other roles in the project give stays.

    A role of which all permissions belong to the one that goes cannot be told from it, and goes
    as well; only the client's own people keep theirs.
    """
    gone = set(PERMISSIONS[role])
    held = {
        other
        for other in Role.values
        if other != role
        and not set(PERMISSIONS[other]) <= gone
        and all(_holds(user, p, project) for p in PERMISSIONS[other])
    }
    if role != Role.CUSTOMER and _is_of(user, project.client_id):
        held.add(Role.CUSTOMER)
    kept = {permission for other in held for permission in PERMISSIONS[other]}
    for permission in PERMISSIONS[role]:
        if permission not in kept:
            remove_perm(permission, user, project)


def open_to_staff(project: Project) -> None:
    """Give a new project to all workforce managers and to the client's own people."""
    managers, _ = Group.objects.get_or_create(name=MANAGERS)
    for permission in PERMISSIONS[Role.MANAGER]:
        assign_perm(permission, managers, project)
    customers = User.objects.filter(
        pk__in=ClientUserObjectPermission.objects.filter(
            content_object=project.client_id, permission__codename="order_for_client"
        ).values("user")
    )
    for customer in customers:
        grant(customer, Role.CUSTOMER, project=project)


def make_manager(user: User) -> None:
    """Make a person a workforce manager: of every project, also of later ones."""
    managers, _ = Group.objects.get_or_create(name=MANAGERS)
    user.groups.add(managers)


def join_client(user: User, *, client: Client) -> None:
    """Make a person a customer of a client, in all of its projects."""
    let_order(user, client=client)
    for project in Project.objects.filter(client=client):
        grant(user, Role.CUSTOMER, project=project)


def projects_with(user: User | AnonymousUser, permission: str) -> QuerySet[Project]:
    """Projects in which a person holds a permission, themselves or through a group."""
    found: QuerySet[Project] = get_objects_for_user(
        user, f"projects.{permission}", klass=Project, accept_global_perms=False
    )
    return found


def visible_to(user: User | AnonymousUser) -> QuerySet[Project]:
    """Projects that a person may know of."""
    return projects_with(user, "view_project")


def may(user: User | AnonymousUser, permission: str, project: Project | int) -> bool:
    """Whether a person holds a permission in a project; a superuser holds all."""
    key = project.pk if isinstance(project, Project) else project
    return projects_with(user, permission).filter(pk=key).exists()


def people_with(permission: str, *, project: Project) -> QuerySet[User]:
    """People who hold a permission in a project themselves (group members left out)."""
    return User.objects.filter(
        is_active=True,
        pk__in=ProjectUserObjectPermission.objects.filter(
            content_object=project, permission__codename=permission
        ).values("user"),
    )


def _holds(user: User, permission: str, project: Project) -> bool:
    return ProjectUserObjectPermission.objects.filter(
        user=user, content_object=project, permission__codename=permission
    ).exists()


def _is_of(user: User, client_id: int) -> bool:
    return ClientUserObjectPermission.objects.filter(
        user=user, content_object=client_id, permission__codename="order_for_client"
    ).exists()
