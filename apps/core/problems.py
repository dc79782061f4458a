"""One shape for every refusal: problem+json (RFC 9457) with a sentence, a code and fields."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import exception_handler

from apps.core.errors import PortalError

SAID_FIELDS = 3
# What is wrong with the whole, and no one field.
WHOLE = "non_field_errors"


def problem(error: PortalError) -> dict[str, Any]:
    """Write an error as the members of a problem document."""
    return {
        "type": f"urn:concord:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        "fields": {name: " ".join(said) for name, said in error.fields.items()},
        **error.extra,
    }


class ProblemRenderer(JSONRenderer):
    """JSON under the media type of problems."""

    media_type = "application/problem+json"


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Answer an exception of an API view; DRF's handler of exceptions."""
    if isinstance(error, PortalError):
        members = problem(error)
        headers: dict[str, str] = {}
    else:
        plain = exception_handler(error, dict(context))
        if plain is None:
            return None
        members = _translated(error, plain)
        kept = ("WWW-Authenticate", "Retry-After", "Allow")
        headers = {name: plain[name] for name in kept if name in plain}
    response = Response(
        members,
        status=members["status"],
        headers=headers,
        content_type=ProblemRenderer.media_type,
    )
    # The renderer is set here, as the one negotiated may be a picture's or a page's.
    response.accepted_renderer = ProblemRenderer()
    response.accepted_media_type = ProblemRenderer.media_type
    context["request"].accepted_renderer = response.accepted_renderer
    context["request"].accepted_media_type = response.accepted_media_type
    return response


def _translated(error: Exception, plain: Response) -> dict[str, Any]:
    """Write a fault that Django or DRF raised in the portal's form."""
    status = plain.status_code
    fields: dict[str, str] = {}
    if isinstance(error, ValidationError):
        fields = flat_messages(error.detail)
        code, detail = "invalid", sentence_of(fields)
    elif isinstance(error, Http404):
        code, detail = "not_found", "There is no such thing here, or it is not yours to see."
    elif isinstance(error, PermissionDenied):
        code, detail = "forbidden", "You may not do that."
    elif isinstance(error, APIException):
        codes = error.get_codes()
        code, detail = codes if isinstance(codes, str) else "refused", str(error.detail)
    else:
        code, detail = "refused", str(error)
    return {
        "type": f"urn:concord:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "fields": fields,
    }


def flat_messages(detail: object, *, path: str = "") -> dict[str, str]:
    """Flatten DRF's nested messages to dotted field names (`boxes.3.size_m`)."""
    messages: dict[str, str] = {}
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            messages.update(flat_messages(inner, path=f"{path}.{name}" if path else str(name)))
    elif isinstance(detail, list | tuple):
        plain = [str(inner) for inner in detail if isinstance(inner, str)]
        if plain:
            messages[path or WHOLE] = " ".join(plain)
        for index, inner in enumerate(detail):
            if not isinstance(inner, str):
                name = f"{path}.{index}" if path else str(index)
                messages.update(flat_messages(inner, path=name))
    else:
        messages[path or WHOLE] = str(detail)
    return messages


def sentence_of(fields: Mapping[str, str]) -> str:
    """Say in one sentence what is wrong with which fields."""
    said = [message if name == WHOLE else f"{name}: {message}" for name, message in fields.items()]
    if not said:
        return "The request is not valid."
    more = len(said) - SAID_FIELDS
    return " ".join(said[:SAID_FIELDS]) + (f" And {more} more fields." if more > 0 else "")
