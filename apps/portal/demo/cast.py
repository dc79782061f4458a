"""The people of the demo, their teams and what they may do."""

from dataclasses import dataclass, field

from django.db import transaction

from apps.accounts.models import User
from apps.clients.models import Client
from apps.clients.services import create_client
from apps.projects import access
from apps.projects.models import Project
from apps.workforce.models import Qualification, Team
from apps.workforce.services import create_team, join_team, qualify, set_availability

PASSWORD = "concord-demo"  # noqa: S105 - printed on purpose: the demo is for whoever starts it
MODALITIES = ("lidar", "camera", "radar")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the demo."""

    email: str
    name: str
    role: str


CUSTOMER = Person("customer@concord.test", "Clara Nowak", "customer")
MANAGER = Person("manager@concord.test", "Marek Lindqvist", "manager")
ANNOTATOR = Person("annotator@concord.test", "Ana Ruiz", "annotator")
REVIEWER = Person("reviewer@concord.test", "Rui Tanaka", "reviewer")
ADMIN = Person("admin@concord.test", "Ada Okafor", "admin")
LOGINS = (CUSTOMER, MANAGER, ANNOTATOR, REVIEWER, ADMIN)

SECOND_ANNOTATOR = Person("ben@concord.test", "Ben Adeyemi", "annotator")
VENDOR_ANNOTATOR = Person("vida@concord.test", "Vida Petrova", "annotator")
STRANGER = Person("other@concord.test", "Otto Brandt", "customer")


@dataclass(slots=True)
class Cast:
    """Everybody, once they exist."""

    client: Client
    other_client: Client
    people: dict[str, User] = field(default_factory=dict)

    def user(self, person: Person) -> User:
        """The account of one of them."""
        return self.people[person.email]


@transaction.atomic
def hire() -> Cast:
    """Make the accounts, the two clients and the teams of the demo."""
    cast = Cast(create_client("Northwind Autonomy"), create_client("Halden Robotics"))
    everybody = (*LOGINS, SECOND_ANNOTATOR, VENDOR_ANNOTATOR, STRANGER)
    for person in everybody:
        cast.people[person.email] = _account(person)
    access.join_client(cast.user(CUSTOMER), client=cast.client)
    access.join_client(cast.user(STRANGER), client=cast.other_client)
    access.make_manager(cast.user(MANAGER))
    inside = create_team("Harbour team")
    vendor = create_team("Meridian Labels", kind=Team.Kind.VENDOR)
    join_team(cast.user(ANNOTATOR), team=inside)
    join_team(cast.user(SECOND_ANNOTATOR), team=inside)
    join_team(cast.user(REVIEWER), team=inside, lead=True)
    join_team(cast.user(VENDOR_ANNOTATOR), team=vendor, lead=True)
    for person in (ANNOTATOR, SECOND_ANNOTATOR, VENDOR_ANNOTATOR):
        qualify(cast.user(person), modalities=MODALITIES)
        set_availability(cast.user(person), hours_per_week=36, time_zone="Europe/Madrid")
    qualify(cast.user(REVIEWER), modalities=MODALITIES, kind=Qualification.Kind.REVIEW)
    set_availability(cast.user(REVIEWER), hours_per_week=30, time_zone="Asia/Tokyo")
    return cast


def staff(cast: Cast, project: Project) -> None:
    """Give the demo's annotators and its reviewer their roles in a project."""
    for person in (ANNOTATOR, SECOND_ANNOTATOR, VENDOR_ANNOTATOR):
        access.grant(cast.user(person), access.Role.ANNOTATOR, project=project)
    access.grant(cast.user(REVIEWER), access.Role.REVIEWER, project=project)


def login_lines() -> str:
    """The table of logins that `manage.py up` prints."""
    rows = [f"  {person.role:<10} {person.email:<24} {PASSWORD}" for person in LOGINS]
    return "\n".join(["Sign in as one of:", *rows]) + "\n"


def _account(person: Person) -> User:
    boss = person.role == "admin"
    user: User = User.objects.create_user(
        email=person.email,
        password=PASSWORD,
        display_name=person.name,
        is_staff=boss,
        is_superuser=boss,
    )
    return user
