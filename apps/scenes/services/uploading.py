"""Files come in, in pieces that may break off (tus 1.0): straight to disk, never to memory."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import Conflict, Invalid, Locked, TooLarge
from apps.projects.models import Project
from apps.scenes.models import Upload
from apps.scenes.selectors.uploads import (
    batch_folder,
    batches_of,
    incomplete,
    left_behind,
    upload_path,
    uploads_of_batch,
)

CHUNK_BYTES = 1 << 20
LARGEST_UPLOAD_BYTES = 1 << 40
MOST_FILES_A_BATCH = 200_000
SPARE_DISK_BYTES = 1 << 30
LONGEST_PATH = 500
LONGEST_NAME_BYTES = 255
UNFIT = re.compile(r"[\x00-\x1f\x7f\\]")
AT_ONCE = 1000


class Readable(Protocol):
    """What a request's body offers."""

    def read(self, size: int, /) -> bytes:
        """Give at most so many bytes."""


@transaction.atomic
def begin_upload(
    project: Project, *, by: User, batch: UUID, relative_path: str, size_bytes: int
) -> Upload:
    """Expect a file; an unfinished one of the same place is begun again.

    Raises:
        Conflict: If the batch has a complete file of that path.
        Invalid: If the path is no plain relative path.
        TooLarge: If the disk cannot take it.
    """
    _check_path(relative_path)
    _check_size(size_bytes)
    siblings = uploads_of_batch(project.pk, batch)
    before = siblings.filter(relative_path=relative_path).first()
    if before is not None:
        if before.received_bytes == before.size_bytes:
            raise Conflict(f"“{relative_path}” is uploaded already.")
        forget_upload(before)
    if siblings.count() >= MOST_FILES_A_BATCH:
        raise TooLarge(f"One upload takes {MOST_FILES_A_BATCH:,} files; upload a zip instead.")
    upload = Upload.objects.create(
        project=project,
        uploaded_by=by,
        batch=batch,
        relative_path=relative_path,
        size_bytes=size_bytes,
    )
    path = upload_path(upload)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise Invalid(
            f"“{relative_path}” is a file and a folder at once; rename one of them.",
            fields={"relative_path": ["is a file and a folder"]},
        ) from error
    return upload


def receive(upload: Upload, *, offset: int, content: Readable, length: int) -> Upload:
    """Write the next piece of a file; what arrived counts even if the piece breaks off.

    Raises:
        Conflict: If the piece does not follow on what is there.
        Locked: If another piece is being written.
        TooLarge: If it would be longer than announced.
    """
    with _alone(upload_path(upload)) as file:
        upload.refresh_from_db()
        if offset != upload.received_bytes:
            raise Conflict(
                f"The piece begins at byte {offset}; {upload.received_bytes} bytes are here."
            )
        if offset + length > upload.size_bytes:
            raise TooLarge(
                f"“{upload.relative_path}” was announced with {upload.size_bytes} bytes."
            )
        file.seek(offset)
        arrived = 0
        try:
            while arrived < length:
                chunk = content.read(min(CHUNK_BYTES, length - arrived))
                if not chunk:
                    break
                file.write(chunk)
                arrived += len(chunk)
        finally:
            file.truncate(offset + arrived)
            os.fsync(file.fileno())
            upload.received_bytes = offset + arrived
            upload.save(update_fields=["received_bytes", "updated_at"])
    return upload


@transaction.atomic
def forget_upload(upload: Upload) -> None:
    """Throw a file away."""
    upload_path(upload).unlink(missing_ok=True)
    upload.delete()


def check_batch(project: Project, batch: UUID) -> None:
    """Refuse a batch that is empty or not here in full.

    Raises:
        Conflict: If a file is incomplete.
        Invalid: If there is none.
    """
    uploads = uploads_of_batch(project.pk, batch)
    missing = incomplete(uploads).first()
    if missing is not None:
        raise Conflict(
            f"“{missing.relative_path}” is not here in full: {missing.received_bytes:,} of"
            f" {missing.size_bytes:,} bytes. Go on with the upload."
        )
    if not uploads.exists():
        raise Invalid(
            "Nothing was uploaded under this batch.", fields={"upload_batch": ["has no files"]}
        )


@transaction.atomic
def release_batch(project_id: int, batch: UUID) -> None:
    """Throw away the files of a batch that was imported."""
    uploads_of_batch(project_id, batch).delete()
    shutil.rmtree(batch_folder(project_id, batch), ignore_errors=True)


@transaction.atomic
def expire_uploads(now: datetime | None = None) -> int:
    """Throw away what nobody went on with; says how many files.

    A batch goes as a whole, once none of its files was touched for the time that files are kept.
    """
    old = list(left_behind(now or timezone.now())[:AT_ONCE])
    for upload in old:
        forget_upload(upload)
    for project_id, batch in batches_of(old):
        if not uploads_of_batch(project_id, batch).exists():
            shutil.rmtree(batch_folder(project_id, batch), ignore_errors=True)
    return len(old)


def _check_path(relative_path: str) -> None:
    parts = relative_path.split("/")
    unfit = (
        len(relative_path) > LONGEST_PATH
        or UNFIT.search(relative_path) is not None
        or {"", ".", ".."} & set(parts)
        or any(len(part.encode()) > LONGEST_NAME_BYTES for part in parts)
    )
    if unfit:
        raise Invalid(
            f"“{relative_path[:100]}” is no plain relative path; rename the file.",
            fields={"relative_path": ["must be relative, without .. and odd characters"]},
        )


def _check_size(size_bytes: int) -> None:
    if size_bytes > LARGEST_UPLOAD_BYTES:
        raise TooLarge(f"One file may have {LARGEST_UPLOAD_BYTES:,} bytes.")
    free = shutil.disk_usage(settings.DATA_DIR).free
    if size_bytes > free - SPARE_DISK_BYTES:
        raise TooLarge(
            f"The server has room for {max(0, free - SPARE_DISK_BYTES):,} bytes, not for"
            f" {size_bytes:,}; tell its operators."
        )


@contextmanager
def _alone(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for writing, unless another process writes it."""
    try:
        file = path.open("r+b")
    except FileNotFoundError as error:
        raise Conflict("The file is no longer kept; upload it again.") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Locked("Another piece of this file is being written; try again.") from error
        yield file
