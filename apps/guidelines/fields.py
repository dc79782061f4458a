"""Kinds of values in a guideline document, and questions about their names."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import AfterValidator, Field, FiniteFloat

KEY = re.compile(r"[a-z][a-z0-9_]{0,79}")
COLOR = re.compile(r"#[0-9a-f]{6}")


def _key(text: str) -> str:
    if not KEY.fullmatch(text):
        raise ValueError("must be lower-case letters, digits and _, beginning with a letter")
    return text


def _color(text: str) -> str:
    if not COLOR.fullmatch(text):
        raise ValueError("must be a colour such as #1f77b4")
    return text


def _positive(size_m: tuple[float, float, float]) -> tuple[float, float, float]:
    if min(size_m) <= 0:
        raise ValueError("must be length, width and height in metres, each above zero")
    return size_m


Key = Annotated[str, AfterValidator(_key)]
Color = Annotated[str, AfterValidator(_color)]
Label = Annotated[str, Field(min_length=1, max_length=120)]
Size = Annotated[tuple[FiniteFloat, FiniteFloat, FiniteFloat], AfterValidator(_positive)]
Limit = FiniteFloat | list[FiniteFloat] | None


def refuse_twice(keys: Iterable[str], where: str) -> None:
    """Raise a ValueError if a key stands twice."""
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise ValueError(f"“{key}” stands twice among {where}")
        seen.add(key)


def refuse_unknown(keys: Iterable[str], known: Iterable[str], who: str) -> None:
    """Raise a ValueError if a key is none of the known ones."""
    for key in keys:
        if key not in known:
            raise ValueError(f"{who} names “{key}”, which is no class here")


def ends_in_a_circle(key: str, parents: Mapping[str, str | None]) -> bool:
    """Whether a class's line of parents never ends."""
    seen: set[str] = set()
    at: str | None = key
    while at is not None and at not in seen:
        seen.add(at)
        at = parents.get(at)
    return at is not None
