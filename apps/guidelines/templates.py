"""Guidelines to start from, shipped as files."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from apps.core.errors import Invalid
from apps.guidelines.document import GuidelineDocument, parse

FOLDER = Path(__file__).parent / "templates_data"


@dataclass(frozen=True, slots=True)
class ClauseText:
    """One numbered rule, as it is written."""

    number: str
    title: str
    body_md: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A guideline that a customer may start from."""

    key: str
    title: str
    description: str
    modalities: tuple[str, ...]
    document: GuidelineDocument
    clauses: tuple[ClauseText, ...]


@cache
def templates() -> tuple[Template, ...]:
    """All shipped templates, by title."""
    found = [_read(path) for path in FOLDER.glob("*.json")]
    return tuple(sorted(found, key=lambda template: template.title))


def template_named(key: str) -> Template:
    """One template.

    Raises:
        Invalid: If there is none of that key.
    """
    for template in templates():
        if template.key == key:
            return template
    known = ", ".join(template.key for template in templates())
    raise Invalid(
        f"There is no guideline template “{key}”; choose one of: {known}.",
        fields={"template": [f"must be one of: {known}"]},
    )


def _read(path: Path) -> Template:
    text = json.loads(path.read_text(encoding="utf-8"))
    return Template(
        key=text["key"],
        title=text["title"],
        description=text["description"],
        modalities=tuple(text["modalities"]),
        document=parse(text["document"]),
        clauses=tuple(ClauseText(**clause) for clause in text["clauses"]),
    )
