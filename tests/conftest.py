"""What every test may ask for."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from apps.accounts.models import User

MakePerson = Callable[..., User]


@pytest.fixture
def make_person(db: None) -> MakePerson:
    """Makes people: `make_person("ann")` is ann@example.org."""

    def make(name: str = "ann", **values: object) -> User:
        values.setdefault("password", f"{name}-has-a-long-secret")
        values.setdefault("display_name", name.title())
        return User.objects.create_user(f"{name}@example.org", **values)

    return make


@pytest.fixture
def api() -> Callable[[User | None], APIClient]:
    """Gives an API client that is signed in as a person, or as nobody."""

    def as_person(person: User | None = None) -> APIClient:
        client = APIClient()
        if person is not None:
            client.force_login(person)
        return client

    return as_person
