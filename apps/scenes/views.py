"""Serves assets to whoever holds a signed link."""

import time
from collections.abc import Iterator

from django.core.cache import cache
from django.core.files.storage import default_storage
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.views.decorators.http import require_safe

from apps.core.errors import NotFound, Refused
from apps.scenes.links import opens
from apps.scenes.media import asset_name, media_of
from apps.scenes.ranges import ByteRange, Unsatisfiable, asked_range

FOREVER = "private, max-age=31536000, immutable"
AT_ONCE_BYTES = 4 * 1024 * 1024
CHUNK_BYTES = 1 << 20
SLACK_S = 300
GONE_BEYOND = 416


@require_safe
def asset(request: HttpRequest, sha256: str, extension: str) -> HttpResponseBase:
    """Give a file, or a part of it; a wrong or old link says nothing about whether it exists."""
    signature, until = request.GET.get("sig", ""), request.GET.get("until", "")
    if not opens(sha256, extension, until=until, signature=signature):
        raise Refused("This link is not valid any more; reload the page to get a new one.")
    etag = f'"{sha256}"'
    if etag in request.headers.get("If-None-Match", ""):
        return _announced(HttpResponse(status=304), extension, etag)
    try:
        return _announced(_local(request, sha256, extension, etag), extension, etag)
    except NotImplementedError:
        return _elsewhere(sha256, extension, lasts_s=int(until) - int(time.time()))


def _local(
    request: HttpRequest, sha256: str, extension: str, etag: str
) -> HttpResponse | StreamingHttpResponse:
    """Answer from a disk of this machine."""
    name = asset_name(sha256, extension)
    default_storage.path(name)  # an object store has no paths, and says so
    try:
        size = default_storage.size(name)
    except FileNotFoundError as error:
        raise NotFound("This file is no longer kept.") from error
    asked = None
    if request.headers.get("If-Range", etag) == etag:
        try:
            asked = asked_range(request.headers.get("Range", ""), size)
        except Unsatisfiable:
            return HttpResponse(status=GONE_BEYOND, headers={"Content-Range": f"bytes */{size}"})
    part = asked or ByteRange(0, size - 1)
    length = part.last - part.first + 1
    response: HttpResponse | StreamingHttpResponse
    if request.method == "HEAD":
        response = HttpResponse()
    elif length <= AT_ONCE_BYTES:
        response = HttpResponse(b"".join(_chunks(name, part)))
    else:
        response = StreamingHttpResponse(_chunks(name, part))
    response.headers["Content-Length"] = str(length)
    if asked is not None:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {part.first}-{part.last}/{size}"
    return response


def _elsewhere(sha256: str, extension: str, *, lasts_s: int) -> HttpResponse:
    """Send the browser to the object store: by one address as long as the link lasts."""
    name = asset_name(sha256, extension)
    address = cache.get(f"asset-address:{name}")
    if address is None:
        media = media_of(extension)
        wanted = {"ResponseContentType": media.media_type, "ResponseCacheControl": FOREVER}
        if media.content_encoding:
            wanted["ResponseContentEncoding"] = media.content_encoding
        # Every store that has no paths here is S3, whose `url` takes these.
        address = default_storage.url(name, parameters=wanted, expire=lasts_s)  # type: ignore[call-arg]
        cache.set(f"asset-address:{name}", address, max(1, lasts_s - SLACK_S))
    response = HttpResponseRedirect(address)
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _announced(
    response: HttpResponse | StreamingHttpResponse, extension: str, etag: str
) -> HttpResponse | StreamingHttpResponse:
    media = media_of(extension)
    response.headers["Content-Type"] = media.media_type
    if media.content_encoding:
        response.headers["Content-Encoding"] = media.content_encoding
    response.headers["ETag"] = etag
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = (
        "no-store" if response.status_code == GONE_BEYOND else FOREVER
    )
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _chunks(name: str, part: ByteRange) -> Iterator[bytes]:
    """Read a part; the file is opened with the first chunk, so an answer not sent opens none."""
    with default_storage.open(name) as file:
        file.seek(part.first)
        left = part.last - part.first + 1
        while left > 0:
            chunk = file.read(min(CHUNK_BYTES, left))
            if not chunk:
                return
            left -= len(chunk)
            yield chunk
