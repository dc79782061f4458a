"""Makes people who work: with rights, qualifications, a team."""

from django.contrib.auth.models import Group

from apps.accounts.models import User
from apps.projects.access import MANAGERS, Role, grant
from apps.projects.models import Project
from apps.workforce.models import Qualification, Team
from apps.workforce.services import create_team, join_team, qualify
from tests.factories.accounts import make_person

ALL_MODALITIES = ("lidar", "camera", "radar", "depth")


def make_annotator(project: Project, name: str = "") -> User:
    """A person who may label in a project, and is qualified for its sensors."""
    person = make_person(name)
    grant(person, Role.ANNOTATOR, project=project)
    qualify(person, modalities=ALL_MODALITIES, kind=Qualification.Kind.LABEL)
    return person


def make_reviewer(project: Project, name: str = "") -> User:
    """A person who may review in a project, and is qualified for its sensors."""
    person = make_person(name)
    grant(person, Role.REVIEWER, project=project)
    qualify(person, modalities=ALL_MODALITIES, kind=Qualification.Kind.REVIEW)
    return person


def make_manager(name: str = "") -> User:
    """A workforce manager, of all projects."""
    person = make_person(name)
    managers, _ = Group.objects.get_or_create(name=MANAGERS)
    person.groups.add(managers)
    return person


def make_team(name: str = "Team", *people: User, kind: str = Team.Kind.INTERNAL) -> Team:
    """A team of some people."""
    team = create_team(name, kind=kind)
    for person in people:
        join_team(person, team=team)
    return team
