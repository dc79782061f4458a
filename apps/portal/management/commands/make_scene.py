"""Ray-cast a made-up street into a recording with exact ground truth."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.portal.demo.generate import record
from apps.portal.demo.street import make_street
from apps.portal.demo.writing import write_recording

MOST_FRAMES = 200


class Command(BaseCommand):
    help = (
        "Make up a street with moving cars, trucks, cyclists and pedestrians, drive through it with a spinning LiDAR, "
        "four cameras and a radar, and write the recording in Concord's own format, with exact labels (truth.json) and "
        "labels with realistic, listed mistakes (labels.json, gestures.json)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--frames", type=int, default=10)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--name", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        folder, frames, seed = options["folder"], options["frames"], options["seed"]
        if not 1 <= frames <= MOST_FRAMES:
            raise CommandError(f"--frames must lie between 1 and {MOST_FRAMES}, not {frames}.")
        if (folder / "manifest.json").exists():
            raise CommandError(f"{folder} holds a recording already; name another folder.")
        began_s = time.perf_counter()
        recording = record(make_street(seed), frames=frames, seed=seed)
        write_recording(recording, folder, name=options["name"] or f"Street {seed}", seed=seed)
        took_s = time.perf_counter() - began_s
        self.stdout.write(
            f"{frames} frames, {len(recording.labelled_actors())} labelled objects in {folder} "
            f"({took_s:.1f} s)"
        )
