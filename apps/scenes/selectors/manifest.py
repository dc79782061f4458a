"""A scene's manifest: what the workspace needs to know of a recording, in few queries."""

from collections import defaultdict
from typing import Any

from django.db.models import Max

from apps.live.rooms import scene_room
from apps.modalities.registry import registry
from apps.scenes.links import asset_link
from apps.scenes.models import Calibration, Capture, EgoPose, Frame, Scene, Sensor

ASSETS = ("original", "display", "preview", "ground")
UNKNOWN_VIEWER = "none"
_CAPTURE_COLUMNS = (
    "id",
    "at_ns",
    "frame_id",
    "sensor__key",
    "sensor__modality",
    "width_px",
    "height_px",
    "point_count",
    *(f"{asset}__sha256" for asset in ASSETS),
    *(f"{asset}__extension" for asset in ASSETS),
    "display__size_bytes",
)


def scene_manifest(scene: Scene, *, links_until: int) -> dict[str, Any]:
    """Write the recording's part of the manifest (docs/reference/wire.md).

    Args:
        scene: With its project joined.
        links_until: When the links to files end, as `links.link_expiry` says.
    """
    return {
        "scene": {
            "id": scene.pk,
            "name": scene.name,
            "project_id": scene.project_id,
            "project_slug": scene.project.slug,
            "project_name": scene.project.name,
            "t0_ns": str(scene.t0_ns),
            "duration_ns": scene.duration_ns,
            "frame_count": scene.frame_count,
            "notes": scene.notes,
        },
        "room": scene_room(scene.project_id, scene.pk),
        "sensors": _sensors(scene),
        "frames": _frames(scene, links_until),
        "ego_poses": [
            {
                "at_ns": at_ns,
                "translation_m": [x, y, z],
                "quaternion_xyzw": [qx, qy, qz, qw],
            }
            for at_ns, x, y, z, qx, qy, qz, qw in EgoPose.objects.filter(scene=scene)
            .order_by("at_ns")
            .values_list("at_ns", "x_m", "y_m", "z_m", "qx", "qy", "qz", "qw")
        ],
    }


def calibrations_in_force(scene: Scene) -> dict[int, Calibration]:
    """The newest calibration of each sensor, by the sensor's id."""
    rows = Calibration.objects.filter(sensor__scene=scene).order_by("sensor_id", "version")
    return {row.sensor_id: row for row in rows}


def _sensors(scene: Scene) -> list[dict[str, Any]]:
    in_force = calibrations_in_force(scene)
    known = registry().by_key
    return [
        {
            "id": sensor.pk,
            "key": sensor.key,
            "label": sensor.label,
            "modality": sensor.modality,
            "viewer": known[sensor.modality].viewer
            if sensor.modality in known
            else UNKNOWN_VIEWER,
            "calibration": _calibration(in_force[sensor.pk]),
        }
        for sensor in Sensor.objects.filter(scene=scene).order_by("position", "key")
    ]


def _calibration(calibration: Calibration) -> dict[str, Any]:
    return {
        "id": calibration.pk,
        "version": calibration.version,
        "ego_from_sensor": {
            "translation_m": calibration.translation_m,
            "quaternion_xyzw": calibration.quaternion_xyzw,
        },
        "camera": calibration.camera,
    }


def _frames(scene: Scene, until: int) -> list[dict[str, Any]]:
    captures: dict[int, dict[str, Any]] = defaultdict(dict)
    rows = Capture.objects.filter(frame__scene=scene).order_by("frame", "sensor")
    for row in rows.values(*_CAPTURE_COLUMNS):
        captures[row["frame_id"]][row["sensor__key"]] = _capture(row, until)
    return [
        {"index": index, "at_ns": at_ns, "captures": captures.get(pk, {})}
        for pk, index, at_ns in Frame.objects.filter(scene=scene)
        .order_by("index")
        .values_list("pk", "index", "at_ns")
    ]


def _capture(row: dict[str, Any], until: int) -> dict[str, Any]:
    """Write one capture, as its viewer needs it."""
    links = {
        asset: asset_link(row[f"{asset}__sha256"], row[f"{asset}__extension"], until=until)
        if row[f"{asset}__sha256"] is not None
        else None
        for asset in ASSETS
    }
    common = {"id": row["id"], "at_ns": row["at_ns"], "asset": row["original__sha256"]}
    modality = registry().by_key.get(row["sensor__modality"])
    viewer = UNKNOWN_VIEWER if modality is None else modality.viewer
    if viewer == "point-cloud":
        return common | {
            "points_url": links["display"],
            "point_count": row["point_count"],
            "ground_url": links["ground"],
            "bytes": row["display__size_bytes"],
        }
    if viewer == "image":
        return common | {
            "image_url": links["display"],
            "preview_url": links["preview"] or links["display"],
            "width_px": row["width_px"],
            "height_px": row["height_px"],
        }
    return common | {"url": links["original"]}


def newest_calibration_id(scene: Scene) -> int | None:
    """Grows whenever a sensor of the scene gets a new calibration."""
    found = Calibration.objects.filter(sensor__scene=scene).aggregate(newest=Max("pk"))
    newest: int | None = found["newest"]
    return newest
