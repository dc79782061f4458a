"""What is ready to go out, what went out, and a scene's labels as exports read them."""

from collections import defaultdict
from typing import cast

import numpy as np
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Prefetch, QuerySet

from apps.accounts.models import User
from apps.annotation.models import Keyframe, LabelledObject, SceneDocument
from apps.deliveries.models import Delivery
from apps.deliveries.snapshot import (
    CaptureView,
    FrameView,
    KeyView,
    ObjectView,
    SceneSnapshot,
    SensorView,
)
from apps.guidelines.document import GuidelineDocument, parse
from apps.guidelines.models import GuidelineVersion
from apps.operations.models import SceneProgress
from apps.projects import access
from apps.projects.models import Project
from apps.quality.checks.standards import read_standards
from apps.scenes.models import Calibration, Capture, Frame, Scene, Sensor
from numerics.geometry.rigid import PoseTrack, Rigid


def visible_to(user: User | AnonymousUser) -> QuerySet[Delivery]:
    """Deliveries of projects whose customer or manager the person is."""
    return Delivery.objects.filter(
        project__in=access.projects_with(user, "order_project")
    ).select_related("project", "archive", "job", "created_by")


def with_scene_counts(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Deliveries with `scene_count`, for lists."""
    # Grouping drops the order that the table has of itself.
    return deliveries.annotate(scene_count=Count("scenes")).order_by("-created_at", "-pk")


def deliverable_scenes(project: Project) -> QuerySet[Scene]:
    """Accepted scenes of a project, delivered before or not, in order of name."""
    return Scene.objects.filter(
        project=project,
        progress__state__in=[SceneProgress.State.ACCEPTED, SceneProgress.State.DELIVERED],
    ).order_by("name", "pk")


def snapshot(scene: Scene) -> SceneSnapshot:
    """Read a scene with its labels, in a constant number of queries."""
    document = SceneDocument.objects.filter(scene=scene).first()
    numbers = (
        GuidelineVersion.objects.filter(keyframes__labelled_object__scene=scene)
        .distinct()
        .order_by("number")
    )
    versions = list(numbers)
    guideline = _guideline(scene, versions)
    return SceneSnapshot(
        scene_id=scene.pk,
        name=scene.name,
        source_key=scene.source_key,
        source_format=scene.source_format,
        t0_ns=scene.t0_ns,
        version=document.version if document else 0,
        head_hash=document.head_hash if document else "0" * 64,
        sensors=_sensors(scene),
        frames=_frames(scene),
        world_from_ego=_ego(scene),
        objects=_objects(scene),
        guideline_numbers=tuple(version.number for version in versions),
        vehicle_classes=_vehicles(guideline),
        class_names=_class_names(guideline),
        way_back=scene.way_back,
    )


def _guideline(scene: Scene, used: list[GuidelineVersion]) -> GuidelineDocument | None:
    in_force = GuidelineVersion.objects.filter(
        project=scene.project_id, state=GuidelineVersion.State.PUBLISHED
    ).first()
    version = in_force or (used[-1] if used else None)
    return parse(version.document) if version else None


def _vehicles(guideline: GuidelineDocument | None) -> frozenset[str]:
    """Classes whose heading follows their path, as the checks have them."""
    if guideline is None:
        return frozenset()
    standards = read_standards(guideline, name="of the delivery")
    return frozenset(key for key, one in standards.classes.items() if one.is_vehicle)


def _class_names(guideline: GuidelineDocument | None) -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = {}
    if guideline is None:
        return names
    for format_key, aliases in guideline.policy.import_aliases.items():
        mine = names.setdefault(format_key, {})
        for name, alias in aliases.items():
            mine.setdefault(alias.class_key, name)
    return names


def _sensors(scene: Scene) -> tuple[SensorView, ...]:
    newest = Prefetch("calibrations", Calibration.objects.order_by("-version"))
    views = []
    for sensor in Sensor.objects.filter(scene=scene).prefetch_related(newest):
        calibrations = list(sensor.calibrations.all())
        calibration = calibrations[0] if calibrations else None
        views.append(
            SensorView(
                sensor.key,
                sensor.label,
                sensor.modality,
                Rigid.of(calibration.quaternion_xyzw, calibration.translation_m)
                if calibration
                else Rigid.identity(),
                calibration.camera if calibration else None,
                calibration.version if calibration else 0,
            )
        )
    return tuple(views)


def _frames(scene: Scene) -> tuple[FrameView, ...]:
    captures: dict[int, dict[str, CaptureView]] = defaultdict(dict)
    rows = Capture.objects.filter(frame__scene=scene).values_list(
        "frame_id", "sensor__key", "at_ns", "source_path", "width_px", "height_px"
    )
    for frame_id, sensor_key, at_ns, path, width_px, height_px in rows:
        captures[frame_id][sensor_key] = CaptureView(at_ns, path, width_px, height_px)
    return tuple(
        FrameView(frame.index, frame.at_ns, captures[frame.pk])
        for frame in Frame.objects.filter(scene=scene).order_by("index")
    )


def _ego(scene: Scene) -> PoseTrack | None:
    rows = list(
        scene.ego_poses.order_by("at_ns").values_list(
            "at_ns", "x_m", "y_m", "z_m", "qx", "qy", "qz", "qw"
        )
    )
    if not rows:
        return None
    table = np.array(rows, dtype=np.float64)
    return PoseTrack(table[:, 0] * 1e-9, table[:, 4:8], table[:, 1:4])


def _objects(scene: Scene) -> tuple[ObjectView, ...]:
    keys = Prefetch(
        "keyframes",
        Keyframe.objects.select_related("guideline_version").order_by("stream", "at_ns"),
    )
    views = []
    for labelled in (
        LabelledObject.objects.filter(scene=scene).prefetch_related(keys).order_by("pk")
    ):
        streams: dict[str, list[KeyView]] = defaultdict(list)
        for keyframe in labelled.keyframes.all():
            streams[keyframe.stream].append(_key(keyframe))
        views.append(
            ObjectView(
                str(labelled.pk),
                labelled.class_key,
                labelled.attributes,
                labelled.motion,
                {stream: tuple(rows) for stream, rows in streams.items()},
            )
        )
    return tuple(views)


def _key(keyframe: Keyframe) -> KeyView:
    return KeyView(
        keyframe.at_ns,
        keyframe.state,
        cast("dict[str, object] | None", keyframe.geometry),
        keyframe.absent,
        keyframe.confirmed,
        keyframe.origin,
        keyframe.reason,
        keyframe.attributes,
        keyframe.guideline_version.number,
    )
