"""Every address of the site, with what its parameters stand for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Route:
    """One address.

    Attributes:
        name: Its name, namespaces in front.
        pattern: How it is written, from the root of the site.
        parameters: The names of what varies in it.
        methods: What it answers, in lower case; every method where the view does not say.
        model: The table that its view reads, where the view says so.
    """

    name: str
    pattern: str
    parameters: tuple[str, ...]
    methods: tuple[str, ...]
    model: type[Model] | None

    @property
    def is_api(self) -> bool:
        """Whether programs call it."""
        return self.name.startswith("api:")


def parameters_of(pattern: Any) -> tuple[str, ...]:
    """The names of what varies in a piece of an address."""
    if isinstance(pattern, RoutePattern):
        return tuple(pattern.converters)
    return tuple(re.compile(str(pattern.regex.pattern)).groupindex)


def routes(
    resolver: URLResolver | None = None,
    *,
    prefix: str = "",
    root: str = "",
    inherited: tuple[str, ...] = (),
) -> Iterator[Route]:
    """Walk the addresses of a resolver, of the whole site if none is given."""
    for entry in (resolver or get_resolver()).url_patterns:
        parameters = inherited + parameters_of(entry.pattern)
        pattern = root + str(entry.pattern)
        if isinstance(entry, URLResolver):
            deeper = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from routes(entry, prefix=deeper, root=pattern, inherited=parameters)
        elif isinstance(entry, URLPattern):
            yield Route(
                name=prefix + (entry.name or f"<{entry.pattern}>"),
                pattern=pattern,
                parameters=parameters,
                methods=methods_of(entry.callback),
                model=model_of(entry.callback),
            )


def methods_of(view: Any) -> tuple[str, ...]:
    """What a view answers."""
    if hasattr(view, "actions"):
        return tuple(method for method in METHODS if method in view.actions)
    held = getattr(view, "cls", None) or getattr(view, "view_class", None)
    if held is None:
        return METHODS
    return tuple(method for method in METHODS if hasattr(held, method))


def model_of(view: Any) -> type[Model] | None:
    """The table that a view says it reads."""
    held = getattr(view, "cls", None) or getattr(view, "view_class", None)
    queryset = getattr(held, "queryset", None)
    return getattr(queryset, "model", None) or getattr(held, "model", None)
