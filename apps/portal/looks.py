"""How a state looks: its icon, its words and its tone, so that colour never speaks alone."""

from dataclasses import dataclass
from typing import Literal

Tone = Literal["", "ok", "warn", "bad", "info", "brand"]


@dataclass(frozen=True, slots=True)
class Look:
    """What a chip shows.

    Attributes:
        icon: A name from `apps.portal.icons`.
        tone: The colour's meaning.
        words: What it says.
    """

    icon: str
    tone: Tone
    words: str


LOOKS: dict[str, dict[str, Look]] = {
    "project": {
        "draft": Look("file", "", "Draft"),
        "ordered": Look("inbox", "info", "Ordered"),
        "active": Look("play", "brand", "In production"),
        "paused": Look("pause", "warn", "Paused"),
        "closed": Look("check", "", "Closed"),
    },
    "scene": {
        "waiting": Look("clock", "", "Not in the pipeline"),
        "labelling": Look("box", "", "To label"),
        "reviewing": Look("eye", "warn", "To review"),
        "accepted": Look("check", "brand", "Accepted"),
        "delivered": Look("package", "ok", "Delivered"),
    },
    "task": {
        "open": Look("clock", "", "Waiting"),
        "leased": Look("play", "brand", "In work"),
        "done": Look("check", "ok", "Done"),
        "cancelled": Look("x", "", "Cancelled"),
    },
    "outcome": {
        "": Look("clock", "", "Not yet"),
        "submitted": Look("check", "info", "Submitted"),
        "accepted": Look("check", "ok", "Accepted"),
        "returned": Look("return", "warn", "Returned"),
    },
    "kind": {
        "label": Look("box", "", "Label"),
        "review": Look("eye", "", "Review"),
    },
    "severity": {
        "info": Look("info", "info", "Hint"),
        "warning": Look("alert", "warn", "Warning"),
        "error": Look("x-circle", "bad", "Error"),
    },
    "finding": {
        "open": Look("flag", "warn", "Open"),
        "waived": Look("shield", "info", "Waived"),
        "closed": Look("check", "ok", "Closed"),
    },
    "import": {
        "queued": Look("clock", "", "Waiting"),
        "running": Look("refresh", "brand", "Importing"),
        "done": Look("check", "ok", "Imported"),
        "partial": Look("alert", "warn", "Imported, with errors"),
        "failed": Look("x-circle", "bad", "Failed"),
        "cancelled": Look("x", "", "Cancelled"),
    },
    "file": {
        "imported": Look("check", "ok", "Imported"),
        "skipped": Look("minus", "", "Not needed"),
        "failed": Look("x-circle", "bad", "Failed"),
        "warned": Look("alert", "warn", "Imported, with a remark"),
    },
    "delivery": {
        "building": Look("refresh", "brand", "Being built"),
        "ready": Look("check", "ok", "Ready"),
        "failed": Look("x-circle", "bad", "Failed"),
        "cancelled": Look("x", "", "Cancelled"),
    },
    "guideline": {
        "draft": Look("file", "", "Draft"),
        "published": Look("check", "ok", "In force"),
        "retired": Look("history", "", "Retired"),
    },
    "risk": {
        "none": Look("calendar", "", "No date"),
        "ok": Look("check", "ok", "On time"),
        "tight": Look("clock", "warn", "Tight"),
        "late": Look("alert", "bad", "Late"),
    },
    "run": {
        "queued": Look("clock", "", "Waiting"),
        "running": Look("play", "brand", "Running"),
        "succeeded": Look("check", "ok", "Done"),
        "failed": Look("x-circle", "bad", "Failed"),
        "cancelled": Look("x", "", "Cancelled"),
    },
    "role": {
        "customer": Look("package", "", "Customer"),
        "annotator": Look("box", "", "Annotator"),
        "reviewer": Look("eye", "", "Reviewer"),
        "manager": Look("users", "", "Manager"),
        "admin": Look("settings", "", "Admin"),
    },
}

MODALITY_ICONS = {"lidar": "lidar", "camera": "camera", "radar": "radar"}


def look(kind: str, state: str) -> Look:
    """How a state of a kind of thing looks; an unknown one shows its own word."""
    return LOOKS[kind].get(state) or Look("info", "", state.replace("_", " ").capitalize())
