"""The per-file report of an import."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from apps.scenes.importers.faults import Fault
from apps.scenes.models import ImportedFile, RecordingImport, Scene

State = ImportedFile.State
LONGEST_PATH = 500
LONGEST_FIELD = 200


@dataclass(slots=True)
class Report:
    """Lines of an import's report, gathered and then written at once."""

    recording_import: RecordingImport
    lines: dict[tuple[str, str], ImportedFile] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)

    def faults(self, faults: Iterable[Fault]) -> None:
        """Note what is amiss; what had to be left out counts as failed."""
        for fault in faults:
            state = State.FAILED if fault.severe else State.WARNED
            self.note(fault.path, state, field=fault.field, problem=fault.problem, mend=fault.mend)

    def note(
        self, path: str, state: State, *, field: str = "", problem: str = "", mend: str = ""
    ) -> None:
        """Note one line; a file is said to be in only if nothing worse is said of it."""
        path, field = path[:LONGEST_PATH], field[:LONGEST_FIELD]
        if state in {State.IMPORTED, State.SKIPPED} and path in self.named:
            return
        self.named.add(path)
        self.lines[path, field] = ImportedFile(
            recording_import=self.recording_import,
            path=path,
            field=field,
            state=state,
            problem=problem,
            mend=mend,
        )

    def write(self, *, scene: Scene | None = None) -> None:
        """Write the lines, over older ones of the same place, and forget them."""
        for line in self.lines.values():
            line.scene = scene
        ImportedFile.objects.bulk_create(
            self.lines.values(),
            batch_size=500,
            update_conflicts=True,
            unique_fields=["recording_import", "path", "field"],
            update_fields=["state", "problem", "mend", "scene"],
        )
        self.lines.clear()
        self.named.clear()


def forget_unfinished(recording_import: RecordingImport) -> None:
    """Drop what an attempt that died said of scenes that did not come in; it is found again."""
    recording_import.files.filter(scene=None).delete()
