"""Neutral label records as JSON: kept beside a scene until they are saved as labels."""

import json
from collections.abc import Iterable
from typing import Any

from apps.scenes.importers.base import ImportedBox, ImportedKey, ImportedLabel
from numerics.geometry.cuboid import Cuboid


def dumped(labels: Iterable[ImportedLabel]) -> bytes:
    """Write records; the same records give the same bytes."""
    records = [_record(label) for label in labels]
    return json.dumps(records, separators=(",", ":"), sort_keys=True, allow_nan=False).encode()


def loaded(content: bytes) -> list[ImportedLabel]:
    """Read what `dumped` wrote."""
    return [_label(record) for record in json.loads(content)]


def _record(label: ImportedLabel) -> dict[str, Any]:
    return {
        "source_id": label.source_id,
        "class": label.class_name,
        "path": label.source_path,
        "field": label.source_field,
        "attributes": dict(label.attributes),
        "keys": [
            {
                "at_ns": key.at_ns,
                "cuboid": None if key.cuboid is None else cuboid_json(key.cuboid),
                "attributes": dict(key.attributes),
            }
            for key in label.keys
        ],
        "boxes": [
            {
                "sensor": box.sensor_key,
                "at_ns": box.at_ns,
                "box_px": box.box_px,
                "attributes": dict(box.attributes),
            }
            for box in label.boxes
        ],
    }


def cuboid_json(cuboid: Cuboid) -> dict[str, list[float]]:
    """Write a cuboid as it goes over the wire."""
    return {
        "center_m": cuboid.center_m.tolist(),
        "quaternion_xyzw": cuboid.quaternion_xyzw.tolist(),
        "size_m": cuboid.size_m.tolist(),
    }


def _label(record: dict[str, Any]) -> ImportedLabel:
    return ImportedLabel(
        source_id=record["source_id"],
        class_name=record["class"],
        source_path=record["path"],
        source_field=record["field"],
        attributes=record["attributes"],
        keys=tuple(
            ImportedKey(
                at_ns=key["at_ns"],
                cuboid=None if key["cuboid"] is None else Cuboid.of(**key["cuboid"]),
                attributes=key["attributes"],
            )
            for key in record["keys"]
        ),
        boxes=tuple(
            ImportedBox(
                sensor_key=box["sensor"],
                at_ns=box["at_ns"],
                box_px=None if box["box_px"] is None else tuple(box["box_px"]),
                attributes=box["attributes"],
            )
            for box in record["boxes"]
        ),
    )
