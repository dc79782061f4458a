"""A running portal for browser tests, and how people come into it."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.site import Site

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

OpenPage = Callable[..., Page]

SEED = """
from datetime import timedelta
from django.utils import timezone
from tests.factories.accounts import make_admin
from tests.factories.operations import make_task, make_world
from tests.factories.scenes import make_scene

due_on = timezone.localdate() + timedelta(days=14)
world = make_world(name="Crossings", modalities=["lidar", "camera"], due_on=due_on)
make_admin("admin")
for number in range(6):
    make_task(make_scene(world.project, f"crossing {number:02d}", frame_count=20))
print(world.project.slug)
"""


@dataclass(frozen=True)
class LivePortal:
    """A running portal with a world of `tests.factories.operations`.

    Attributes:
        url: Where it answers.
        site: Its processes and data.
        slug: The world's project.
    """

    url: str
    site: Site
    slug: str

    def password_of(self, role: str) -> str:
        """What the factories gave to the person of a role."""
        return f"{role}-has-a-long-secret"


def sign_in(page: Page, *, email: str, password: str) -> None:
    """Sign in by the form."""
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/")
