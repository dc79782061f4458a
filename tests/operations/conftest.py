"""A small world for tests of work."""

import pytest

from tests.factories.operations import World, make_world


@pytest.fixture
def world(db: None) -> World:
    """A client with a project in production, a person of each role, and one scene to label."""
    return make_world()
