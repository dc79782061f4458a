"""The demo's labels as the change sets that a workspace would send: one a labelled object."""

import json
import uuid
from pathlib import Path
from typing import Any

from apps.portal.demo.mistakes import Label, Labelling, SensorBox, WorldKey
from numerics.geometry.cuboid import yaw_quaternion

Json = dict[str, Any]


def change_sets(labelling: Labelling) -> list[Json]:
    """Write the labels as change sets, in order of name."""
    return [_change_set(labelling.labels[name]) for name in sorted(labelling.labels)]


def write_labels(labelling: Labelling, path: Path) -> None:
    """Keep a scene's change sets and its list of mistakes in a file."""
    mistakes = [
        {
            "kind": mistake.kind,
            "object": labelling.labels[mistake.object_name].key
            if mistake.object_name in labelling.labels
            else None,
            "object_name": mistake.object_name,
            "at_ns": mistake.at_ns,
            "check": mistake.check,
            "note": mistake.note,
        }
        for mistake in labelling.mistakes
    ]
    content = {"change_sets": change_sets(labelling), "mistakes": mistakes}
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _change_set(label: Label) -> Json:
    ops: list[Json] = [
        {
            "k": "obj.add",
            "obj": label.key,
            "next": {
                "class": label.class_key,
                "attributes": {},
                "motion": label.motion,
                "size_locked": False,
            },
        }
    ]
    ops += [_put(label, "world/cuboid", key.at_ns, _world_value(key)) for key in label.world]
    ops += [
        _put(label, f"{box.sensor_key}/box", box.at_ns, _box_value(box)) for box in label.boxes
    ]
    return {
        "id": str(uuid.uuid5(uuid.UUID(label.key), "made")),
        "label": f"Label {label.name}",
        "made_at": "2026-01-05T09:00:00Z",
        "ops": ops,
    }


def _put(label: Label, stream: str, at_ns: int, value: Json) -> Json:
    return {
        "k": "key.put",
        "obj": label.key,
        "stream": stream,
        "at_ns": at_ns,
        "prev": None,
        "next": value,
    }


def _world_value(key: WorldKey) -> Json:
    geometry = {
        "center_m": [round(float(value), 4) for value in key.center_m],
        "quaternion_xyzw": [round(float(value), 9) for value in yaw_quaternion(key.yaw_rad)],
        "size_m": [float(value) for value in key.size_m],
    }
    return _value(geometry, state="keyed", reason="")


def _box_value(box: SensorBox) -> Json:
    if box.box_px is None:
        return _value(None, state="derived", reason="") | {"origin": "project"}
    return _value({"box_px": list(box.box_px)}, state="adjusted", reason=box.reason)


def _value(geometry: Json | None, *, state: str, reason: str) -> Json:
    return {
        "geometry": geometry,
        "state": state,
        "origin": "human",
        "confirmed": True,
        "absent": False,
        "reason": reason,
        "attributes": {},
    }
