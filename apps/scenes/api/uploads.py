"""The API's edge of uploads: a tus 1.0 server (https://tus.io/protocols/resumable-upload)."""

import binascii
from base64 import b64decode
from io import BytesIO
from uuid import UUID, uuid4

from django.utils.http import http_date
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from apps.accounts.api import person
from apps.core.errors import Invalid, NotFound, PortalError, Refused
from apps.projects.access import visible_to as visible_projects
from apps.projects.models import Project
from apps.scenes.models import Upload
from apps.scenes.rules import may_bring_in
from apps.scenes.selectors.uploads import expires_at, own_uploads
from apps.scenes.services.uploading import (
    LARGEST_UPLOAD_BYTES,
    begin_upload,
    forget_upload,
    receive,
)

VERSION = "1.0.0"
PIECE = "application/offset+octet-stream"
LONGEST_NUMBER = 18


class UnknownVersion(PortalError):
    """The client speaks another version of the protocol."""

    code = "tus_version"
    status = 412
    title = "Another version of the upload protocol"


class NotAPiece(PortalError):
    """The body is not announced as a piece of a file."""

    code = "not_a_piece"
    status = 415
    title = "Not a piece of a file"


class Tus(APIView):
    """What every answer of the protocol carries."""

    # A folder of a thousand frames is thousands of requests in a row.
    throttle_classes = ()

    def finalize_response(
        self, request: Request, response: Response, *args: object, **kwargs: object
    ) -> Response:
        """Name the version, and let nothing be cached."""
        finished = super().finalize_response(request, response, *args, **kwargs)
        finished["Tus-Resumable"] = VERSION
        finished["Tus-Version"] = VERSION
        finished["Cache-Control"] = "no-store"
        return finished

    @extend_schema(exclude=True)
    def options(self, request: Request, *args: object, **kwargs: object) -> Response:  # type: ignore[override]  # DRF hands its own request in
        """Tell what this server can do."""
        return Response(
            status=status.HTTP_204_NO_CONTENT,
            headers={
                "Tus-Extension": "creation,expiration,termination",
                "Tus-Max-Size": str(LARGEST_UPLOAD_BYTES),
            },
        )


def refuse_other_versions(request: Request) -> None:
    """Refuse a client that does not speak 1.0.0.

    Raises:
        UnknownVersion: If it does not say that it does.
    """
    if request.headers.get("Tus-Resumable") != VERSION:
        raise UnknownVersion(f"Send the header Tus-Resumable: {VERSION}.")


class Uploads(Tus):
    """Where uploads begin."""

    @extend_schema(
        request=None,
        responses={201: OpenApiResponse(description="Location names the upload.")},
        description=(
            "tus 1.0 creation: Upload-Length, and Upload-Metadata with project (number or slug),"
            " batch (a UUID that files of one recording share) and relativePath."
        ),
    )
    def post(self, request: Request) -> Response:
        """Announce a file."""
        refuse_other_versions(request)
        said = metadata(request.headers.get("Upload-Metadata", ""))
        upload = begin_upload(
            self._project(request, said.get("project", "")),
            by=person(request),
            batch=_batch(said.get("batch", "")),
            relative_path=said.get("relativePath") or said.get("filename", ""),
            size_bytes=number(request, "Upload-Length"),
        )
        address = reverse("api:upload", kwargs={"upload_id": upload.pk})
        headers = {**_state(upload), "Location": request.build_absolute_uri(address)}
        return Response(
            {"id": upload.pk, "batch": upload.batch},
            status=status.HTTP_201_CREATED,
            headers=headers,
        )

    def _project(self, request: Request, named: str) -> Project:
        """Find the project; one that I may not see is none."""
        by_number = named.isascii() and named.isdecimal() and len(named) <= LONGEST_NUMBER
        by = {"pk": int(named)} if by_number else {"slug": named}
        project = visible_projects(person(request)).filter(**by).first()
        if project is None:
            raise NotFound("There is no such project, or it is not yours to see.")
        if not may_bring_in(person(request), project):
            raise Refused(f"You may not bring recordings into “{project}”.")
        return project


class OneUpload(Tus):
    """A file on its way in."""

    @extend_schema(
        responses={200: OpenApiResponse(description="Upload-Offset says how much is here.")}
    )
    def head(self, request: Request, upload_id: UUID) -> Response:
        """Tell how much of it is here."""
        upload = self._upload(request, upload_id)
        return Response(headers={**_state(upload), "Upload-Length": str(upload.size_bytes)})

    @extend_schema(
        request={PIECE: bytes},
        responses={204: OpenApiResponse(description="Upload-Offset says how much is here.")},
    )
    def patch(self, request: Request, upload_id: UUID) -> Response:
        """Send the next piece."""
        expected = self._upload(request, upload_id)
        if request.content_type != PIECE:
            raise NotAPiece(f"Send the piece as {PIECE}.")
        upload = receive(
            expected,
            offset=number(request, "Upload-Offset"),
            content=request.stream or BytesIO(),
            length=number(request, "Content-Length"),
        )
        return Response(status=status.HTTP_204_NO_CONTENT, headers=_state(upload))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, upload_id: UUID) -> Response:
        """Throw it away."""
        forget_upload(self._upload(request, upload_id))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _upload(self, request: Request, upload_id: UUID) -> Upload:
        upload = own_uploads(person(request)).filter(pk=upload_id).first()
        if upload is None:
            raise NotFound("There is no such upload; it may have been too old. Begin again.")
        refuse_other_versions(request)
        return upload


def metadata(header: str) -> dict[str, str]:
    """Read `Upload-Metadata`: names, each with a value in Base64.

    Raises:
        Invalid: If a value is no Base64 of UTF-8.
    """
    found = {}
    for pair in header.split(","):
        name, _, value = pair.strip().partition(" ")
        try:
            found[name] = b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise Invalid(
                "Upload-Metadata is not names with values in Base64.",
                fields={"Upload-Metadata": [f"{name}: is no Base64 of UTF-8 text"]},
            ) from error
    return found


def number(request: Request, header: str) -> int:
    """Read a header that is a whole number.

    Raises:
        Invalid: If it is missing or no number.
    """
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER):
        raise Invalid(
            f"The header {header} has to be a whole number.", fields={header: ["is no number"]}
        )
    return int(text)


def _batch(text: str) -> UUID:
    try:
        return UUID(text) if text else uuid4()
    except ValueError as error:
        raise Invalid("The batch is no UUID.", fields={"batch": ["is no UUID"]}) from error


def _state(upload: Upload) -> dict[str, str]:
    return {
        "Upload-Offset": str(upload.received_bytes),
        "Upload-Expires": http_date(expires_at(upload).timestamp()),
    }
