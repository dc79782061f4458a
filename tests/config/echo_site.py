"""A small site behind the real bridge and a real server: it tells what reached it."""

import hashlib
import os
import time
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    JsonResponse,
    StreamingHttpResponse,
)
from django.urls import path

FOLDER = Path(os.environ["ECHO_FOLDER"])


def ping(request: HttpRequest) -> HttpResponse:
    return HttpResponse("pong")


def take(request: HttpRequest) -> JsonResponse:
    """Digest a body piece by piece, and note that it came."""
    digest, received = hashlib.sha256(), 0
    while piece := request.read(1 << 16):
        digest.update(piece)
        received += len(piece)
    with (FOLDER / "taken").open("a") as noted:
        noted.write(f"{received}\n")
    return JsonResponse({"sha256": digest.hexdigest(), "bytes": received})


def upload(request: HttpRequest) -> JsonResponse:
    """Take a form with a file, as a page sends it."""
    file = request.FILES["recording"]
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    return JsonResponse({"sha256": digest.hexdigest(), "name": file.name})


def give(request: HttpRequest) -> FileResponse:
    return FileResponse((FOLDER / "large").open("rb"), content_type="application/octet-stream")


def trickle(request: HttpRequest) -> StreamingHttpResponse:
    """Make pieces without end; note when somebody stopped it."""

    def pieces():
        try:
            while True:
                yield b"x" * 1024
                time.sleep(0.02)
        finally:
            (FOLDER / "stopped").touch()

    return StreamingHttpResponse(pieces())


def headers(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"proto": request.META.get("HTTP_X_FORWARDED_PROTO", "")})


urlpatterns = [
    path("ping", ping),
    path("take", take),
    path("upload", upload),
    path("give", give),
    path("trickle", trickle),
    path("headers", headers),
]

settings.configure(
    SECRET_KEY="only-for-tests",
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["127.0.0.1"],
    DATA_UPLOAD_MAX_MEMORY_SIZE=None,
)
_wsgi = get_wsgi_application()

if os.environ.get("ECHO_BY") == "a2wsgi":
    from a2wsgi import WSGIMiddleware

    application = WSGIMiddleware(_wsgi, workers=4)
else:
    from config.bridge import WsgiBridge

    application = WsgiBridge(_wsgi, threads=4, longest_body_bytes=200 << 20)
