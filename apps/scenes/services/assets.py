"""Stores files under the hash of their content: once, whole, and for good."""

import hashlib
import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from apps.scenes.media import asset_name, media_of
from apps.scenes.models import Asset


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that lies in the store."""

    sha256: str
    extension: str
    size_bytes: int


def store_file(content: bytes, *, extension: str) -> StoredFile:
    """Put a file into the store, unless it is there already.

    A reader never sees half a file: on a disk it gets its name only when it is complete, and an
    object store shows an object only when it is complete.
    """
    stored = StoredFile(hashlib.sha256(content).hexdigest(), extension, len(content))
    name = asset_name(stored.sha256, extension)
    if default_storage.exists(name):
        return stored
    try:
        path = Path(default_storage.path(name))
    except NotImplementedError:
        saved = default_storage.save(name, ContentFile(content))
        if saved != name:  # another process stored it meanwhile, and the store renamed ours
            default_storage.delete(saved)
    else:
        _write_whole(path, content)
    return stored


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


def _write_whole(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{uuid.uuid4().hex}.part")
    try:
        with partial.open("xb") as file:
            file.write(content)
            file.flush()
            # The row that names the file is committed after this: it must outlive a power cut.
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
