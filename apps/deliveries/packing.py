"""A delivery's archive and manifest: the same labels give the same bytes, whenever they are packed."""

import hashlib
import json
import zipfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from apps.deliveries.formats.base import Exported, Loss, OutFile

Json = dict[str, Any]
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold


def canonical(value: object) -> str:
    """JSON with sorted keys and no NaN, so that equal values are equal bytes."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def lossiness(format_key: str, exported: Iterable[tuple[str, Exported]]) -> OutFile:
    """The report of what a format could not carry, by scene and in all.

    Args:
        format_key: The format.
        exported: Scene name and its export.
    """
    totals: dict[tuple[str, str], int] = {}
    scenes: Json = {}
    for name, one in exported:
        scenes[name] = [asdict(loss) for loss in one.losses]
        for loss in one.losses:
            key = (loss.what, loss.why)
            totals[key] = totals.get(key, 0) + loss.count
    report = {
        "format": format_key,
        "in_all": [asdict(Loss(*key, count)) for key, count in sorted(totals.items())],
        "scenes": scenes,
    }
    return OutFile("lossiness.json", canonical(report).encode())


def entry_of(file: OutFile) -> Json:
    """A file's line in the manifest."""
    return {
        "path": file.path,
        "sha256": hashlib.sha256(file.content).hexdigest(),
        "size_bytes": len(file.content),
    }


class Archive:
    """A zip on disk that is filled file by file, each with its line for the manifest."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self.entries: list[Json] = []

    def add(self, file: OutFile, *, folder: str = "") -> None:
        """Write one file."""
        placed = OutFile(f"{folder}/{file.path}" if folder else file.path, file.content)
        self.entries.append(entry_of(placed))
        self._write(placed)

    def close(self, manifest: str) -> None:
        """Write the manifest beside the files, and end the archive."""
        self._write(OutFile("manifest.json", manifest.encode()))
        self._zip.close()

    def _write(self, file: OutFile) -> None:
        member = zipfile.ZipInfo(file.path, _FIXED_DATE)
        member.compress_type = zipfile.ZIP_DEFLATED
        member.external_attr = 0o644 << 16
        self._zip.writestr(member, file.content)
