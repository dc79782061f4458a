"""Clients are taken on, and their people see and order."""

import pytest

from apps.clients.access import clients_with, let_order, stop_ordering, visible_to
from apps.clients.services import create_client
from apps.core.errors import Conflict, Invalid
from apps.projects.access import may
from apps.projects.access import visible_to as visible_projects
from tests.factories.accounts import make_person
from tests.factories.clients import make_client, make_customer
from tests.factories.projects import make_project

pytestmark = pytest.mark.django_db


def test_a_slug_is_made_from_the_name():
    assert create_client("  Åkerö Robotics ").slug == "akero-robotics"
    assert create_client("Other", slug="own").slug == "own"


@pytest.mark.parametrize(
    ("name", "slug", "error"),
    [
        ("KESTREL", "", Conflict),
        ("Kestrel!", "", Conflict),
        ("New", "kestrel", Conflict),
        ("!!!", "", Invalid),
    ],
)
def test_a_name_or_slug_that_cannot_be_is_refused(name, slug, error):
    create_client("Kestrel")

    with pytest.raises(error):
        create_client(name, slug=slug)


def test_a_customer_sees_their_client_and_all_of_its_projects():
    client, other = make_client(), make_client()
    before = make_project(client)
    customer = make_customer(client)
    after = make_project(client)
    make_project(other)

    assert list(visible_to(customer)) == [client]
    assert list(clients_with(customer, "order_for_client")) == [client]
    assert set(visible_projects(customer)) == {before, after}
    assert may(customer, "order_project", after)
    assert not may(customer, "label_project", after)


def test_who_stops_ordering_sees_the_client_no_more():
    client, person = make_client(), make_person()
    let_order(person, client=client)
    assert list(visible_to(person)) == [client]

    stop_ordering(person, client=client)

    assert list(visible_to(person)) == []
