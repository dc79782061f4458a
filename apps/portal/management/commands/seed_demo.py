"""Fill the database with the demo: people, clients, a project with made-up recordings in every state."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.portal.demo.cast import hire, login_lines
from apps.portal.demo.story import tell
from apps.projects.models import Project


class Command(BaseCommand):
    help = "Fill an empty database with the demo; prints the logins."

    def handle(self, *args: Any, **options: Any) -> None:
        if Project.objects.exists():
            raise CommandError(
                "There are projects here already; the demo wants an empty database."
            )
        began_s = time.perf_counter()
        cast = hire()
        tell(cast, folder=settings.DATA_DIR / "demo", said=self._say)
        lines = login_lines()
        (settings.DATA_DIR / "demo-logins.txt").write_text(lines, encoding="utf-8")
        self._say(f"seeded in {time.perf_counter() - began_s:.0f} s")
        self.stdout.write(lines)

    def _say(self, sentence: str) -> None:
        self.stdout.write(f"  demo: {sentence}")
        self.stdout.flush()
