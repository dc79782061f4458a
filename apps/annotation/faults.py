"""Where in what was sent a fault lies, and what is said of it."""

from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from apps.core.errors import Invalid


def invalid(fields: Mapping[str, Sequence[str]]) -> Invalid:
    """Say what is wrong with an edit, the first fault in the sentence."""
    place, messages = next(iter(fields.items()))
    more = f" (and {len(fields) - 1} more places)" if len(fields) > 1 else ""
    return Invalid(f"This edit is not valid: {place}: {messages[0]}{more}.", fields=fields)


def faults(error: ValidationError) -> dict[str, list[str]]:
    """Write what pydantic found by the place in what was sent."""
    fields: dict[str, list[str]] = {}
    for fault in error.errors(include_url=False, include_context=False):
        fields.setdefault(_place(fault["loc"]), []).append(_said(fault["type"], fault["msg"]))
    return fields


def _place(location: Sequence[int | str]) -> str:
    text = ""
    before: int | str = ""
    for part in location:
        # After these pydantic says which member of a union it tried; nobody sent that.
        is_tag = before == "geometry" or (isinstance(before, int) and _in_ops(text))
        if isinstance(part, int):
            text += f"[{part}]"
        elif not is_tag:
            text += f".{part}"
        before = part
    return text.removeprefix(".")


def _in_ops(text: str) -> bool:
    return text.rpartition("[")[0].endswith(".ops")


def _said(kind: str, message: str) -> str:
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return "is not a member known here; remove it or mend its name"
    return message.removeprefix("Value error, ").replace("Input should", "should")
