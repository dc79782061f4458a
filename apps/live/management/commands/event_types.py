"""Writes `frontend/src/live/events.ts`."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.live.typescript import event_types


class Command(BaseCommand):
    help = "Write the TypeScript types of the live events, or check that they are fresh."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail if the file is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "frontend" / "src" / "live" / "events.ts"
        fresh = event_types()
        if not options["check"]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(fresh, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != fresh:
            raise CommandError(f"{path.name} is stale; run manage.py event_types")
