"""Calibrations: written once, and followed by a new version when they turn out wrong."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from apps.core.errors import Invalid
from apps.scenes.importers.base import Intrinsics
from apps.scenes.models import Calibration, Sensor
from numerics.geometry.camera import camera_of
from numerics.geometry.rigid import Rigid


def camera_json(intrinsics: Intrinsics | None) -> dict[str, Any] | None:
    """Write a camera as it goes over the wire."""
    if intrinsics is None:
        return None
    return {
        "model": intrinsics.model,
        "width_px": intrinsics.width_px,
        "height_px": intrinsics.height_px,
        "fx_px": intrinsics.fx_px,
        "fy_px": intrinsics.fy_px,
        "cx_px": intrinsics.cx_px,
        "cy_px": intrinsics.cy_px,
        "distortion": list(intrinsics.distortion),
    }


@transaction.atomic
def new_calibration(
    sensor: Sensor,
    *,
    translation_m: list[float],
    quaternion_xyzw: list[float],
    camera: Mapping[str, Any] | None = None,
    source: str = "",
) -> Calibration:
    """Put a new version of a sensor's calibration in force; the older ones stay as they are.

    Holds a lock on the sensor.

    Args:
        sensor: Whose.
        translation_m: Of `ego_from_sensor`.
        quaternion_xyzw: Of `ego_from_sensor`.
        camera: The wire's camera model, for a camera.
        source: Where it comes from, for people.

    Raises:
        Invalid: If the numbers are no pose or no camera.
    """
    locked = Sensor.objects.select_for_update().get(pk=sensor.pk)
    is_camera = locked.modality == "camera"
    if is_camera != (camera is not None):
        needs = "needs a camera model" if is_camera else "has no camera model"
        raise Invalid(
            f"{locked} is {'a' if is_camera else 'no'} camera: its calibration {needs}.",
            fields={"camera": needs},
        )
    try:
        pose = Rigid.of(quaternion_xyzw, translation_m)
        if camera is not None:
            _check_camera(camera)
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid(f"This is no calibration of {locked}: {error}.") from error
    last = Calibration.objects.filter(sensor=locked).aggregate(last=Max("version"))["last"] or 0
    return Calibration.objects.create(
        sensor=locked,
        version=last + 1,
        translation_m=pose.translation_m.tolist(),
        quaternion_xyzw=pose.quaternion_xyzw.tolist(),
        camera=None if camera is None else dict(camera),
        source=source,
    )


def _check_camera(camera: Mapping[str, Any]) -> None:
    camera_of(
        camera["model"],
        (int(camera["width_px"]), int(camera["height_px"])),
        [float(camera[name]) for name in ("fx_px", "fy_px", "cx_px", "cy_px")],
        distortion=[float(number) for number in camera.get("distortion", ())],
    )
