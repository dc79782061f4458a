"""Writes the events' types for the browser, so that both sides agree by construction."""

import types
from dataclasses import fields
from typing import Union, get_args, get_origin, get_type_hints

from apps.live.events import EVENTS, Event

HEAD = """\
// Written by `manage.py event_types` from apps/live/events.py; do not edit.
"""
_PLAIN: dict[object, str] = {int: "number", str: "string", bool: "boolean", type(None): "null"}


def typescript_of(hint: object) -> str:
    """Write a Python type of an event's field in TypeScript.

    Raises:
        TypeError: If events should not carry it.
    """
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, args = get_origin(hint), get_args(hint)
    if origin in (types.UnionType, Union):
        return " | ".join(typescript_of(arg) for arg in args)
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:  # noqa: PLR2004 - tuple[X, ...]
        return f"readonly {typescript_of(args[0])}[]"
    raise TypeError(f"an event carries ids, counts and words, no {hint}")


def interface_of(event: type[Event]) -> str:
    """Write one event as an interface."""
    hints = get_type_hints(event)
    sentence = (event.__doc__ or "").strip()
    lines = [f"/** {sentence} */", f"export interface {event.__name__} {{"]
    lines.append(f'  readonly event: "{event.name}";')
    lines.append("  readonly room: string;")
    lines += [f"  readonly {f.name}: {typescript_of(hints[f.name])};" for f in fields(event)]
    return "\n".join([*lines, "}"])


def event_types() -> str:
    """Write the whole file."""
    union = "\n".join(f"  | {event.__name__}" for event in EVENTS)
    parts = [
        HEAD,
        *(interface_of(event) + "\n" for event in EVENTS),
        f"export type LiveEvent =\n{union};\n",
    ]
    return "\n".join(parts)
