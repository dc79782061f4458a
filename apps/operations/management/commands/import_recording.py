"""Imports a recording from the command line, by the same importer as the upload page."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.core.errors import PortalError
from apps.core.jobs import carry_out
from apps.core.models import JobRun
from apps.operations.services.intake import project_for_import, start_import, take_in
from apps.scenes.importers.registry import FORMATS
from apps.scenes.models import RecordingImport
from apps.scenes.selectors.imports import import_report

SHOWN_ROWS = 40
LOOK_EVERY_S = 1.0


class Command(BaseCommand):
    help = "Import a recording (a folder or a zip) into a project."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="a folder, or a .zip archive")
        parser.add_argument("--project", required=True, help="slug of the project")
        parser.add_argument(
            "--create-project", action="store_true", help="make the project if there is none"
        )
        parser.add_argument(
            "--client", default="Imported recordings", help="client of a new project"
        )
        parser.add_argument("--format", default="auto", choices=FORMATS)
        parser.add_argument("--with-labels", action="store_true", help="import its labels too")
        parser.add_argument("--report", type=Path, help="write the report to this file as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"].resolve()
        try:
            project = project_for_import(
                options["project"],
                client_name=options["client"] if options["create_project"] else None,
            )
            recording_import = start_import(
                project,
                source_path=str(path),
                format_key=options["format"],
                with_labels=options["with_labels"],
            )
        except PortalError as error:
            raise CommandError(error.detail) from error
        self._carry_out(recording_import)
        recording_import.refresh_from_db()
        report = import_report(recording_import)
        if options["report"] is not None:
            options["report"].write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        self._print(report)
        if report["state"] != RecordingImport.State.DONE:
            raise CommandError(f"{report['message'] or report['state']}", returncode=1)

    def _carry_out(self, recording_import: RecordingImport) -> None:
        if recording_import.job is None:
            raise CommandError("The import has no run.")
        ended = Event()
        shown: list[JobRun] = []
        watcher = Thread(target=partial(self._watch, shown, ended), daemon=True)

        def work(run: JobRun) -> Mapping[str, Any]:
            shown.append(run)
            return take_in(recording_import, run=run)

        watcher.start()
        try:
            carry_out(recording_import.job.pk, work)
        finally:
            ended.set()
            watcher.join()

    def _watch(self, runs: list[JobRun], ended: Event) -> None:
        """Print how far the run at work is, whenever that has changed."""
        before = ""
        while not ended.wait(LOOK_EVERY_S):
            said = "".join(f"{run.done}/{run.total} files  {run.message}" for run in runs)
            if said != before:
                self.stderr.write(f"{time.strftime('%H:%M:%S')}  {said}")
                before = said

    def _print(self, report: Mapping[str, Any]) -> None:
        faults = [row for row in report["files"] if row["state"] in {"failed", "warned"}]
        for row in faults[:SHOWN_ROWS]:
            place = f"{row['path']}: {row['field']}" if row["field"] else row["path"]
            self.stdout.write(
                f"{row['state']:>7}  {place}: {row['problem']} {row['mend']}".rstrip()
            )
        if len(faults) > SHOWN_ROWS:
            self.stdout.write(f"… and {len(faults) - SHOWN_ROWS} more; --report writes them all.")
        for scene in report["scenes"][:SHOWN_ROWS]:
            self.stdout.write(
                f"{scene['name']}: {scene['frames']} frames, {scene['captures']} captures"
            )
        # Scenes of one recording are mostly made under the same assumptions.
        for note in dict.fromkeys(note for scene in report["scenes"] for note in scene["notes"]):
            self.stdout.write(f"   note  {note}")
        counts = ", ".join(f"{count} {state}" for state, count in report["counts"].items())
        self.stdout.write(f"{report['message']} Files: {counts or 'none'}.")
