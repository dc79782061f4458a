"""Check that journals were not altered, and that the current labels are what they give."""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q

from apps.annotation.models import SceneDocument
from apps.annotation.selectors import document_of, journal_faults
from apps.scenes.models import Scene


class Command(BaseCommand):
    help = (
        "Check journals: entries altered, removed or put in another order, and current labels that "
        "are not what the journal gives. The exit status is 1 if anything is wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        scope = parser.add_mutually_exclusive_group(required=True)
        scope.add_argument("--scene", type=int, help="number of one scene")
        scope.add_argument("--project", help="slug of one project")
        scope.add_argument("--all", action="store_true", help="every scene there is")

    def handle(self, *_args: Any, **options: Any) -> None:
        scenes = self._scenes(options["scene"], options["project"])
        checked, broken = 0, 0
        for scene in scenes:
            version, faults = _checked(scene)
            checked += 1
            broken += bool(faults)
            if faults or options["verbosity"] > 1 or options["scene"] is not None:
                self.stdout.write(
                    f"scene {scene.pk} “{scene.name}” v{version}: {_verdict(faults)}"
                )
            for fault in faults:
                self.stdout.write(f"  {fault}")
        if broken:
            raise CommandError(f"{broken} of {checked} journals do not hold.")
        self.stdout.write(f"{checked} journals hold.")

    def _scenes(self, scene_id: int | None, slug: str | None) -> Iterable[Scene]:
        scenes = Scene.objects.order_by("pk")
        if scene_id is not None:
            found = scenes.filter(pk=scene_id)
            if not found:
                raise CommandError(f"There is no scene {scene_id}.")
            return found
        if slug is not None:
            if not scenes.filter(project__slug=slug).exists():
                raise CommandError(f"There is no project “{slug}” with scenes.")
            scenes = scenes.filter(project__slug=slug)
        labelled = Q(label_document__isnull=False) | Q(change_sets__isnull=False)
        return scenes.filter(labelled | Q(labelled_objects__isnull=False)).distinct().iterator()


def _checked(scene: Scene) -> tuple[int, list[str]]:
    with transaction.atomic():
        # The lock keeps a save from landing between the reading of the journal and of the rows.
        held = SceneDocument.objects.select_for_update().filter(scene=scene).first()
        document = held or document_of(scene)
        return document.version, journal_faults(document)


def _verdict(faults: list[str]) -> str:
    return "does not hold" if faults else "holds"
