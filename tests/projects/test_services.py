"""Projects: begun, their terms, their states, and who may what in them."""

import itertools

import pytest
from django.db import IntegrityError, transaction

from apps.core.errors import Conflict, Invalid
from apps.projects.access import PERMISSIONS, Role, grant, may, people_with, revoke
from apps.projects.models import Project
from apps.projects.services import NEXT_STATES, Terms, change_terms, create_project, move_to_state
from tests.factories.accounts import make_admin, make_person
from tests.factories.clients import make_client, make_customer
from tests.factories.projects import make_project
from tests.factories.workforce import make_manager

pytestmark = pytest.mark.django_db


def test_a_free_address_is_found_for_each_name():
    first, second = make_client(), make_client()

    slugs = [create_project(one, terms=Terms(name="Night")).slug for one in (first, second)]

    assert slugs == ["night", "night-2"]
    assert create_project(first, terms=Terms(name="夜")).slug.startswith("project-")
    with pytest.raises(Conflict, match="address “night” already"):
        create_project(first, terms=Terms(name="Other"), slug="night")


def test_terms_are_changed_within_their_bounds():
    project = make_project()
    other = make_project(project.client)

    changed = change_terms(project, terms=Terms(name="New name", max_error_rate=0.1))

    assert (changed.name, changed.max_error_rate, changed.modalities) == ("New name", 0.1, [])
    with pytest.raises(Conflict, match="named “New name” already"):
        change_terms(other, terms=Terms(name="New name"))
    with pytest.raises(Invalid, match="confidence must be"):
        change_terms(project, terms=Terms(name="New name", confidence=0.2))
    move_to_state(project, state="closed")
    with pytest.raises(Conflict, match="is closed"):
        change_terms(project, terms=Terms(name="Late"))


@pytest.mark.parametrize(
    ("before", "after"), list(itertools.product(Project.State.values, repeat=2))
)
def test_an_order_moves_only_where_it_can(before, after):
    project = create_project(make_client(), terms=Terms(name="Night"))
    Project.objects.filter(pk=project.pk).update(state=before)

    if after in NEXT_STATES[before]:
        assert move_to_state(project, state=after).state == after
    else:
        with pytest.raises(Conflict, match="cannot become"):
            move_to_state(project, state=after)


def test_the_database_holds_the_bounds():
    project = make_project()

    for values in ({"max_error_rate": 0}, {"max_error_rate": 0.6}, {"confidence": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Project.objects.filter(pk=project.pk).update(**values)


@pytest.mark.parametrize("role", Role.values)
def test_a_role_gives_its_permissions_and_no_other(role):
    project, person = make_project(), make_person()

    grant(person, role, project=project)

    every = {permission for held in PERMISSIONS.values() for permission in held}
    held = {permission for permission in every if may(person, permission, project)}
    assert held == set(PERMISSIONS[role])
    revoke(person, role, project=project)
    assert not any(may(person, permission, project) for permission in every)


def test_taking_one_role_leaves_the_other():
    project, person = make_project(), make_person()
    grant(person, Role.ANNOTATOR, project=project)
    grant(person, Role.REVIEWER, project=project)

    revoke(person, Role.ANNOTATOR, project=project)

    assert may(person, "review_project", project)
    assert may(person, "view_project", project)
    assert not may(person, "label_project", project)


def test_the_clients_own_people_stay_its_customers():
    project = make_project()
    person = make_customer(project.client)
    grant(person, Role.MANAGER, project=project)

    revoke(person, Role.MANAGER, project=project)

    assert may(person, "order_project", project)
    assert not may(person, "manage_project", project)


def test_managers_and_those_who_run_the_portal_may_in_every_project():
    manager = make_manager()
    project = make_project()

    assert may(manager, "manage_project", project)
    assert may(make_admin(), "manage_project", project)
    assert list(people_with("manage_project", project=project)) == []
