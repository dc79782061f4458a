"""Stores files under the hash of their content: once, whole, and for good."""

import hashlib
import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction

from apps.scenes.media import asset_name, media_of
from apps.scenes.models import Asset

CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that lies in the store."""

    sha256: str
    extension: str
    size_bytes: int


def store_file(content: bytes, *, extension: str) -> StoredFile:
    """Put bytes into the store, unless they are there already.

    A reader never sees half a file: on a disk it gets its name only when it is complete, and an
    object store shows an object only when it is complete.
    """
    stored = StoredFile(hashlib.sha256(content).hexdigest(), extension, len(content))
    _put(stored, ContentFile(content))
    return stored


@transaction.atomic
def keep_file(path: Path, *, extension: str) -> Asset:
    """Put a file of any size into the store, and write it down."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        stored = StoredFile(sha256, extension, path.stat().st_size)
        _put(stored, File(file))
    record_assets([stored])
    return Asset.objects.get(pk=sha256)


def record_assets(files: Iterable[StoredFile]) -> None:
    """Write down stored files; those known already stay as they are."""
    Asset.objects.bulk_create(
        (
            Asset(
                sha256=file.sha256,
                extension=file.extension,
                media_type=media_of(file.extension).media_type,
                content_encoding=media_of(file.extension).content_encoding,
                size_bytes=file.size_bytes,
            )
            for file in {file.sha256: file for file in files}.values()
        ),
        ignore_conflicts=True,
        batch_size=500,
    )


def _put(stored: StoredFile, content: "File[bytes]") -> None:
    name = asset_name(stored.sha256, stored.extension)
    if default_storage.exists(name):
        return
    try:
        path = Path(default_storage.path(name))
    except NotImplementedError:
        saved = default_storage.save(name, content)
        if saved != name:  # another process stored it meanwhile, and the store renamed ours
            default_storage.delete(saved)
    else:
        _write_whole(path, content)


def _write_whole(path: Path, content: "File[bytes]") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{uuid.uuid4().hex}.part")
    try:
        with partial.open("xb") as file:
            for chunk in content.chunks(CHUNK_BYTES):
                file.write(chunk)
            file.flush()
            # The row that names the file is committed after this: it must outlive a power cut.
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
