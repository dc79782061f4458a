"""What each ending of a stored file means to a browser: a closed table."""

from typing import NamedTuple


class Media(NamedTuple):
    """How a file is announced."""

    media_type: str
    content_encoding: str = ""


MEDIA: dict[str, Media] = {
    "pts": Media("application/octet-stream", "gzip"),
    "ground": Media("application/octet-stream", "gzip"),
    "labels": Media("application/json", "gzip"),
    "bin": Media("application/octet-stream"),
    "pcd.bin": Media("application/octet-stream"),
    "pcd": Media("application/octet-stream"),
    "jpg": Media("image/jpeg"),
    "png": Media("image/png"),
    "zip": Media("application/zip"),
    "webp": Media("image/webp"),
}
UNKNOWN = Media("application/octet-stream")


def media_of(extension: str) -> Media:
    """How a file with this ending is announced; an unknown one is plain bytes."""
    return MEDIA.get(extension, UNKNOWN)


def asset_name(sha256: str, extension: str) -> str:
    """Where an asset lies in the store."""
    return f"assets/{sha256[:2]}/{sha256}.{extension}"
