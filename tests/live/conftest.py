"""Two tenants, each with a project and a person who may view it."""

from dataclasses import dataclass

import pytest

from apps.accounts.models import User
from apps.clients.models import Client
from apps.projects.access import grant
from apps.projects.models import Project


@dataclass
class Tenant:
    project: Project
    person: User


@pytest.fixture
def tenant(make_person):
    """Makes a tenant by name."""

    def make(name: str) -> Tenant:
        client = Client.objects.create(name=name, slug=name)
        project = Project.objects.create(client=client, name=name, slug=name)
        person = make_person(name)
        grant(person, "annotator", project=project)
        return Tenant(project, person)

    return make
