"""Makes people."""

from itertools import count
from typing import Any

from apps.accounts.models import User

_numbers = count(1)


def make_person(name: str = "", **values: Any) -> User:
    """A person; `make_person("ann")` is ann@example.org, known as Ann."""
    name = name or f"person-{next(_numbers)}"
    values.setdefault("password", f"{name}-has-a-long-secret")
    values.setdefault("display_name", name.title())
    return User.objects.create_user(f"{name}@example.org", **values)


def make_admin(name: str = "root", **values: Any) -> User:
    """A person who may do everything."""
    return make_person(name, is_staff=True, is_superuser=True, **values)
