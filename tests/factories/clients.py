"""Makes clients and their people."""

from itertools import count

from apps.accounts.models import User
from apps.clients.models import Client
from apps.clients.services import create_client
from apps.projects.access import join_client
from tests.factories.accounts import make_person

_numbers = count(1)


def make_client(name: str = "") -> Client:
    """A client without people."""
    return create_client(name or f"Client {next(_numbers)}")


def make_customer(client: Client, name: str = "") -> User:
    """A person who orders for a client, in all of its projects."""
    person = make_person(name)
    join_client(person, client=client)
    return person
