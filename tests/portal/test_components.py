"""Components: every state has a look, every icon is drawn."""

import re
from pathlib import Path

import pytest

from apps.operations.models import SceneProgress, Task
from apps.portal.icons import ICONS
from apps.portal.looks import LOOKS
from apps.portal.templatetags.portal import chip, icon
from apps.projects.models import Project
from apps.quality.models import Finding
from apps.scenes.models import ImportedFile, RecordingImport

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


@pytest.mark.parametrize(
    ("kind", "states"),
    [
        ("project", Project.State.values),
        ("scene", SceneProgress.State.values),
        ("task", Task.State.values),
        ("kind", Task.Kind.values),
        ("outcome", Task.Outcome.values),
        ("severity", Finding.Severity.values),
        ("finding", Finding.State.values),
        ("import", RecordingImport.State.values),
        ("file", ImportedFile.State.values),
    ],
)
def test_every_state_has_a_look(kind: str, states: list[str]) -> None:
    assert set(states) <= set(LOOKS[kind])


def test_every_icon_that_is_named_is_drawn() -> None:
    named = {look.icon for states in LOOKS.values() for look in states.values()}
    for path in TEMPLATES.rglob("*.html"):
        named |= set(re.findall(r'\{% icon "([^"]+)"', path.read_text(encoding="utf-8")))

    assert named <= set(ICONS)


def test_a_state_never_speaks_by_colour_alone() -> None:
    drawn = chip("severity", "error")

    assert "<svg" in drawn
    assert "Error" in drawn
    assert 'aria-hidden="true"' in icon("alert")


def test_no_page_carries_inline_code() -> None:
    pattern = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*(src=|application/json))")
    strays = [
        str(path)
        for path in TEMPLATES.rglob("*.html")
        if pattern.search(path.read_text(encoding="utf-8"))
    ]

    assert strays == []
