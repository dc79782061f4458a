"""A recording as it lies there: a folder, a zip, or a folder of zips, read in place."""

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from apps.modalities.base import Unreadable
from apps.scenes.importers.faults import Fault, SceneRefused
from apps.scenes.importers.sources import FolderSource, Source, ZipSource

LARGEST_FILE_BYTES = 2 << 30
DAMAGE = (OSError, EOFError, ValueError, RuntimeError, NotImplementedError)
ARCHIVE_DAMAGE = (*DAMAGE, zipfile.BadZipFile, zlib.error)


class Recording:
    """Files by their path relative to the recording; a context manager that closes archives.

    Attributes:
        name: The folder's or archive's own name.
        size_bytes: Unpacked size of each file, in the order of paths.
        refused: Entries that are never opened, and why.
    """

    def __init__(self, name: str, sources: Sequence[Source]) -> None:
        """Join sources to one tree; of two files with one path the first counts."""
        self.name = name
        self.size_bytes: dict[str, int] = {}
        self.refused: list[Fault] = []
        self._sources = sources
        self._source_of: dict[str, Source] = {}
        for source in sources:
            self.refused += source.refused
            for path in sorted(source.size_bytes):
                if path in self._source_of:
                    self.refused.append(
                        Fault(
                            path=path,
                            field="name",
                            problem="Two archives hold a file of this path; the first was read.",
                            mend="Keep one of them.",
                        )
                    )
                    continue
                self._source_of[path] = source
                self.size_bytes[path] = source.size_bytes[path]

    def __enter__(self) -> Self:
        """Use it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close archives."""
        for source in self._sources:
            source.close()

    def __contains__(self, path: object) -> bool:
        """Whether the recording has this file."""
        return path in self.size_bytes

    @property
    def paths(self) -> Iterator[str]:
        """Every file, in the order of paths."""
        return iter(self.size_bytes)

    def open(self, path: str) -> IO[bytes]:
        """Open a file for reading.

        Raises:
            Unreadable: If it is missing, or its archive does not give it out.
        """
        source = self._source_of.get(path)
        if source is None:
            raise Unreadable(
                "file",
                "The recording has no such file.",
                mend="Add the file, or take what names it out.",
            )
        try:
            return source.open(path)
        except ARCHIVE_DAMAGE as error:
            raise _damaged(error) from error

    def read(self, path: str, *, most_bytes: int = LARGEST_FILE_BYTES) -> bytes:
        """Read a whole file, or its beginning.

        Raises:
            Unreadable: If it cannot be read, or is larger than any one file may be.
        """
        size = self.size_bytes.get(path, 0)
        if size > LARGEST_FILE_BYTES:
            raise Unreadable(
                "size",
                f"It has {size:,} bytes; one file may have {LARGEST_FILE_BYTES:,}.",
                mend="Split it.",
            )
        with self.open(path) as file:
            try:
                return file.read(most_bytes)
            except ARCHIVE_DAMAGE as error:
                raise _damaged(error) from error

    def text(self, path: str) -> str:
        """Read a small text file.

        Raises:
            Unreadable: If it cannot be read, or is no UTF-8 text.
        """
        try:
            return self.read(path).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Unreadable(
                "content", "It is no UTF-8 text.", mend="Save it as UTF-8, or copy it again."
            ) from error


def open_recording(path: Path, *, name: str = "") -> Recording:
    """Open a folder, a zip, or a folder that holds nothing but zips.

    Nothing is unpacked to disk: no entry of an archive can be written anywhere.

    Raises:
        SceneRefused: If there is nothing there, or the archive as a whole is not taken.
    """
    shown = name or path.name
    if path.is_file():
        return Recording(shown, [ZipSource(path)])
    if not path.is_dir():
        raise SceneRefused(
            Fault(
                path=shown,
                field="path",
                problem="There is no such file or folder.",
                mend="Give the path of a folder or of a .zip archive.",
            )
        )
    top = [entry for entry in sorted(path.iterdir()) if not entry.name.startswith(".")]
    if top and all(entry.is_file() and entry.suffix.lower() == ".zip" for entry in top):
        return Recording(shown, [ZipSource(entry) for entry in top])
    return Recording(shown, [FolderSource(path)])


def _damaged(error: Exception) -> Unreadable:
    said = str(error).splitlines()[0][:160] if str(error) else type(error).__name__
    return Unreadable(
        "content",
        f"It cannot be read ({said}).",
        mend="Copy the file again, or pack the archive again.",
    )
