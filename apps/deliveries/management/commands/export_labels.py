"""Write a project's accepted labels to a folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.core.errors import PortalError
from apps.deliveries.formats.registry import FORMATS
from apps.deliveries.selectors import deliverable_scenes
from apps.deliveries.services import export_to_folder
from apps.projects.models import Project
from apps.scenes.models import Scene


class Command(BaseCommand):
    help = "Write a project's accepted labels to a folder, with a report of what the format lost."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument("--format", required=True, choices=sorted(FORMATS))
        parser.add_argument("--out", required=True, type=Path, metavar="DIR")
        parser.add_argument(
            "--all", action="store_true", help="also scenes that are not accepted yet"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(
                f"There is no project “{options['project']}”; see its page's address."
            )
        scenes = (
            Scene.objects.filter(project=project).order_by("name", "pk")
            if options["all"]
            else deliverable_scenes(project)
        )
        try:
            written = export_to_folder(
                project,
                format_key=options["format"],
                folder=options["out"],
                scenes=list(scenes),
                said=self.stderr.write,
            )
        except PortalError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"{len(written)} files in {options['out']}")
