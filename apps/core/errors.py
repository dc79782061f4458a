"""What a person may be told: errors with a status, a stable code and one clear sentence."""

from collections.abc import Mapping, Sequence
from typing import Any


class PortalError(Exception):
    """Something a person can understand and mend; every edge shows its sentence.

    Attributes:
        detail: One sentence that names the thing and the mend.
        code: A stable word for programs; the class's own unless a nearer one is given.
        fields: What is wrong by field name, where the fault lies in what was sent.
        extra: Further JSON members of the answer, such as both sides of a conflict.
    """

    code: str = "refused"
    status: int = 400
    title: str = "The request cannot be carried out"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        fields: Mapping[str, str | Sequence[str]] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        if code is not None:
            self.code = code
        self.fields = {
            name: [said] if isinstance(said, str) else list(said)
            for name, said in (fields or {}).items()
        }
        self.extra = dict(extra or {})


class Conflict(PortalError):
    """Someone else changed it first."""

    code = "conflict"
    status = 409
    title = "Somebody changed it first"


class Refused(PortalError):
    """This person may not do that."""

    code = "forbidden"
    status = 403
    title = "Not allowed"


class NotFound(PortalError):
    """It does not exist, or this person may not know that it does."""

    code = "not_found"
    status = 404
    title = "Not found"


class Locked(PortalError):
    """Another person holds it, or the hold of this one ran out."""

    code = "locked"
    status = 423
    title = "Held elsewhere"


class Invalid(PortalError):
    """What was sent is well-formed but wrong."""

    code = "invalid"
    status = 422
    title = "Not valid"


class TooLarge(PortalError):
    """What was sent is larger than is taken."""

    code = "too_large"
    status = 413
    title = "Too large"
