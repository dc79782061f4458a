"""What every test may ask for."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rest_framework.test import APIClient

from apps.accounts.models import User
from tests.site import Site

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


@pytest.fixture(scope="session")
def static_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the sites of this session collect their static files, once."""
    return tmp_path_factory.mktemp("site") / "static"


@pytest.fixture(scope="session")
def migrated(
    tmp_path_factory: pytest.TempPathFactory, static_folder: Path, worker_id: str
) -> Iterator[Site]:
    """A site whose migrated, empty database others start from."""
    folder = tmp_path_factory.mktemp("migrated")
    site = Site(folder, static=static_folder, redis_number=redis_number(worker_id))
    site.manage("migrate", "-v", "0")
    yield site
    site.close()


@pytest.fixture
def site(tmp_path: Path, static_folder: Path, migrated: Site, worker_id: str) -> Iterator[Site]:
    """A portal of its own with an empty, migrated database; `site.start("--no-prepare")` runs it."""
    site = Site(
        tmp_path, static=static_folder, redis_number=redis_number(worker_id), like=migrated
    )
    yield site
    site.close()


def redis_number(worker_id: str) -> int:
    """The Redis database of a parallel test process; 0 is the one that all share."""
    return 1 + int(worker_id.removeprefix("gw") if worker_id.startswith("gw") else 0)
