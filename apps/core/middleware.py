"""What every answer of the site carries, and how a refusal looks as a page."""

import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.core.errors import PortalError

logger = logging.getLogger(__name__)

View = Callable[[HttpRequest], HttpResponse]

INLINE, EVAL = "'unsafe-inline'", "'unsafe-eval'"
# The admin's theme evaluates expressions in attributes; the API's documentation starts inline.
LOOSER_PATHS = ("/admin/", "/api/v1/docs")


def _sources(*extra: str) -> str:
    return " ".join(["'self'", *(source for source in extra if source)])


def content_security_policy(path: str) -> str:
    """Write the policy of a path: own code only, files from the object store where one is set."""
    store = ""
    if settings.S3_ENDPOINT_URL:
        parts = urlsplit(settings.S3_ENDPOINT_URL)
        store = f"{parts.scheme}://{parts.netloc}"
    vite = (
        ("http://localhost:5173", "ws://localhost:5173") if settings.VITE_DEV_SERVER else ("", "")
    )
    loose = path.startswith(LOOSER_PATHS)
    script = (INLINE, EVAL) if loose else (vite[0],)
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src {_sources(*script)}",
            f"style-src {_sources(INLINE, vite[0])}",
            f"img-src {_sources('data:', 'blob:', store)}",
            f"connect-src {_sources('blob:', store, *vite)}",
            "worker-src 'self' blob:",
            f"media-src {_sources('blob:', store)}",
            "font-src 'self' data:",
            "object-src 'none'",
            "base-uri 'self'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        ]
    )


class ContentSecurityPolicy:
    """Tell the browser to run nothing but our own code."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the policy and the permissions that no page needs."""
        response = self.get_response(request)
        response.headers.setdefault(
            "Content-Security-Policy", content_security_policy(request.path)
        )
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
        )
        return response


class ProblemPages:
    """Show a `PortalError` of a page as a page, with the same sentence as the API's."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Render a portal error; leave every other one to Django."""
        if not isinstance(error, PortalError):
            return None
        logger.info("page refused", extra={"code": error.code, "path": request.path})
        return render(request, "core/problem.html", {"problem": error}, status=error.status)
