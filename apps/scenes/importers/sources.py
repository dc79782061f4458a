"""Where a recording's files come from: a folder, or a zip whose entries are not trusted."""

import os
import stat
import zipfile
from pathlib import Path
from typing import IO, Protocol

from apps.scenes.importers.faults import Fault, SceneRefused

MOST_FILES = 2_000_000
LARGEST_TOTAL_BYTES = 2 << 40
BOMB_RATIO = 200
BOMB_FROM_BYTES = 1 << 20
LONGEST_PATH = 500
ENCRYPTED = 0x1
JUNK = frozenset({"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"})
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
PACK_AGAIN = "Pack the archive again without this entry."


class Source(Protocol):
    """Gives files by their relative path, with forward slashes."""

    @property
    def size_bytes(self) -> dict[str, int]:
        """Size of each file."""

    @property
    def refused(self) -> list[Fault]:
        """Entries that are never opened."""

    def open(self, path: str) -> IO[bytes]:
        """Open a file."""

    def close(self) -> None:
        """Let go of what is open."""


class FolderSource:
    """Files below a folder; links to folders are followed, as an operator's own links may be."""

    def __init__(self, root: Path) -> None:
        """List the folder."""
        self.root = root
        self.size_bytes: dict[str, int] = {}
        self.refused: list[Fault] = []
        for folder, folders, names in os.walk(root, followlinks=True):
            # A link to a folder above would be walked for ever.
            folders[:] = [name for name in folders if not _leads_up(Path(folder, name))]
            for name in names:
                path = Path(folder, name)
                relative = path.relative_to(root).as_posix()
                if not JUNK & set(relative.split("/")) and path.is_file():
                    self.size_bytes[relative] = path.stat().st_size

    def open(self, path: str) -> IO[bytes]:
        """Open a file."""
        return (self.root / path).open("rb")

    def close(self) -> None:
        """Nothing stays open."""


class ZipSource:
    """Entries of a zip; what could harm is refused by its entry in the directory alone."""

    def __init__(self, path: Path) -> None:
        """Read the archive's directory and judge each entry.

        Raises:
            SceneRefused: If it is no zip, or holds more than is taken altogether.
        """
        self.size_bytes: dict[str, int] = {}
        self.refused: list[Fault] = []
        self._entry_of: dict[str, zipfile.ZipInfo] = {}
        try:
            self._archive = zipfile.ZipFile(path)
        except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile) as error:
            raise _whole(path, f"It is no readable zip archive ({error}).") from error
        for entry in self._archive.infolist():
            if entry.is_dir() or JUNK & set(entry.filename.split("/")):
                continue
            problem = self._problem_of(entry)
            if problem is None:
                self.size_bytes[entry.filename] = entry.file_size
                self._entry_of[entry.filename] = entry
            else:
                field, said = problem
                shown = entry.filename[:LONGEST_PATH]
                self.refused.append(Fault(path=shown, field=field, problem=said, mend=PACK_AGAIN))
        self._refuse_bomb(path)

    def open(self, path: str) -> IO[bytes]:
        """Open an entry; it gives at most as many bytes as the directory says."""
        return self._archive.open(self._entry_of[path])

    def close(self) -> None:
        """Close the archive."""
        self._archive.close()

    def _refuse_bomb(self, path: Path) -> None:
        """Entries that share their packed bytes look harmless alone, so the sum is judged too."""
        files, total = len(self.size_bytes), sum(self.size_bytes.values())
        if files > MOST_FILES or total > LARGEST_TOTAL_BYTES:
            self._archive.close()
            raise _whole(
                path,
                f"It holds {files:,} files of {total:,} bytes together;"
                f" {MOST_FILES:,} and {LARGEST_TOTAL_BYTES:,} are taken.",
            )
        if total > BOMB_FROM_BYTES and total > BOMB_RATIO * path.stat().st_size:
            self._archive.close()
            raise _whole(
                path,
                f"It unpacks to {total / path.stat().st_size:,.0f} times its size, like a zip bomb;"
                f" {BOMB_RATIO} times are taken.",
            )

    def _problem_of(self, entry: zipfile.ZipInfo) -> tuple[str, str] | None:
        parts = entry.filename.split("/")
        if ".." in parts or entry.filename.startswith("/") or "\\" in entry.filename:
            return "name", "Its path leads out of the archive."
        if ":" in parts[0] or "" in parts or "." in parts or len(entry.filename) > LONGEST_PATH:
            return "name", "Its path is not a plain relative path."
        if stat.S_ISLNK(entry.external_attr >> 16):
            return "type", "It is a symbolic link."
        if entry.flag_bits & ENCRYPTED:
            return "encryption", "It is encrypted."
        return self._packing_problem(entry)

    def _packing_problem(self, entry: zipfile.ZipInfo) -> tuple[str, str] | None:
        if entry.filename in self.size_bytes:
            return "name", "The archive has two entries of this path; the first was read."
        if entry.compress_type not in METHODS:
            return "compression", f"Its compression method {entry.compress_type} is not known."
        too_good = entry.file_size > BOMB_RATIO * max(1, entry.compress_size)
        if entry.file_size > BOMB_FROM_BYTES and too_good:
            return "size", (
                f"It claims to unpack {entry.compress_size:,} bytes to {entry.file_size:,}, like a"
                f" zip bomb; {BOMB_RATIO} times are taken."
            )
        return None


def _leads_up(folder: Path) -> bool:
    return folder.is_symlink() and folder.resolve() in [
        folder.parent.resolve(),
        *folder.parent.resolve().parents,
    ]


def _whole(path: Path, problem: str) -> SceneRefused:
    return SceneRefused(
        Fault(
            path=path.name,
            field="archive",
            problem=problem,
            mend="Pack the recording again as a plain .zip, or upload the folder.",
        )
    )
