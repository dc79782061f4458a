"""Reads Concord's own recording format (docs/reference/recording.md)."""

import json
from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from apps.modalities.base import Unreadable
from apps.scenes.importers.base import (
    ImportedBox,
    ImportedKey,
    ImportedLabel,
    Importer,
    Intrinsics,
    Outline,
    PlannedCapture,
    PlannedFrame,
    PlannedPose,
    PlannedSensor,
    ScenePlan,
)
from apps.scenes.importers.concord_manifest import (
    FORMAT,
    Frame,
    Label,
    LabelFile,
    ManifestShell,
    Pose,
    Scene,
    Sensor,
)
from apps.scenes.importers.faults import Fault, SceneRefused, fault_of
from apps.scenes.importers.recording import Recording
from numerics.geometry.cuboid import Cuboid
from numerics.geometry.rigid import Rigid

MANIFEST = "manifest.json"
HEAD_BYTES = 4096
MOST_FAULTS = 50
FOLLOW = "See the format's page in the documentation, and its JSON Schema."
NO_POSES = "The manifest has no ego_poses: the world frame is the ego frame at every time."

Model = TypeVar("Model", bound=BaseModel)


class ConcordReading:
    """Reads a manifest, or several in folders of their own."""

    def __init__(self, recording: Recording) -> None:
        """Read every manifest's outline."""
        self.recording = recording
        self.faults: list[Fault] = []
        self.outlines: list[Outline] = []
        self._scenes: dict[str, tuple[str, int, dict[str, Any]]] = {}
        for path in _manifests(recording):
            try:
                shell = validated(ManifestShell, _json(recording, path), path=path)
            except SceneRefused as refusal:
                self.faults += refusal.faults
                continue
            for number, raw in enumerate(shell.scenes):
                self._add(path, number, raw)

    def plan(self, outline: Outline, *, with_labels: bool) -> ScenePlan:
        """Judge one scene of a manifest.

        Raises:
            SceneRefused: If a member is missing, unknown or wrong.
        """
        path, number, raw = self._scenes[outline.key]
        folder = path.removesuffix(MANIFEST)
        scene = validated(Scene, raw, path=path, place=f"scenes.{number}")
        faults: list[Fault] = []
        used = [path]
        labels: list[ImportedLabel] = []
        if with_labels and scene.labels is not None:
            labels, faults = self._labels(folder + scene.labels, scene)
            used.append(folder + scene.labels)
        return ScenePlan(
            t0_ns=scene.t0_ns,
            sensors=tuple(_sensor(sensor, path) for sensor in scene.sensors),
            frames=tuple(_frame(frame, folder) for frame in scene.frames),
            poses=tuple(PlannedPose(pose.at_ns, _rigid(pose)) for pose in scene.ego_poses),
            labels=tuple(labels),
            notes=() if scene.ego_poses else (NO_POSES,),
            faults=tuple(faults),
            used=tuple(used),
        )

    def _add(self, path: str, number: int, raw: dict[str, Any]) -> None:
        folder = path.removesuffix(MANIFEST)
        key = f"{folder}{raw.get('key') or number}"
        if key in self._scenes:
            self.faults.append(
                Fault(
                    path=path,
                    field=f"scenes.{number}.key",
                    problem=f"Another scene has the key {raw.get('key')}; this one is left out.",
                    mend="Give every scene a key of its own.",
                )
            )
            return
        self._scenes[key] = (path, number, raw)
        name = str(raw.get("name") or raw.get("key") or number)
        self.outlines.append(Outline(key=key, name=name, paths=tuple(_paths(raw, folder))))

    def _labels(self, path: str, scene: Scene) -> tuple[list[ImportedLabel], list[Fault]]:
        try:
            found = validated(LabelFile, _json(self.recording, path), path=path)
        except SceneRefused as refusal:
            return [], list(refusal.faults)
        sensors = {sensor.key for sensor in scene.sensors}
        labels, faults, seen = [], [], set()
        for number, label in enumerate(found.objects):
            unknown = {box.sensor for box in label.boxes} - sensors
            if label.id in seen or unknown:
                said = (
                    f"a sensor {min(unknown)}" if unknown else f"the id {label.id} a second time"
                )
                faults.append(
                    Fault(
                        path=path,
                        field=f"objects.{number}",
                        problem=f"It names {said}; the object is left out.",
                        mend="Correct the name.",
                    )
                )
                continue
            seen.add(label.id)
            labels.append(_label(label, path, f"objects.{number}"))
        return labels, faults


def validated(model: type[Model], raw: object, *, path: str, place: str = "") -> Model:
    """Check JSON against a model; each wrong member becomes a fault with its place.

    Raises:
        SceneRefused: If anything is wrong.
    """
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        faults = [
            Fault(
                path=path,
                field=".".join(str(part) for part in (place, *said["loc"]) if part != "")
                or "manifest",
                problem=f"{said['msg'].removeprefix('Value error, ')}.",
                mend=FOLLOW,
            )
            for said in error.errors(include_url=False, include_input=False)[:MOST_FAULTS]
        ]
        raise SceneRefused(*faults) from error


def _json(recording: Recording, path: str) -> object:
    try:
        return json.loads(recording.text(path))
    except Unreadable as error:
        raise SceneRefused(fault_of(path, error)) from error
    except (ValueError, RecursionError) as error:
        fault = Fault(path=path, field="content", problem=f"It is no JSON ({error}).", mend=FOLLOW)
        raise SceneRefused(fault) from error


def _manifests(recording: Recording) -> list[str]:
    """Find manifests that say they are of this format, even in a broken one's first lines."""
    named = [path for path in recording.paths if path == MANIFEST or path.endswith(f"/{MANIFEST}")]
    found = []
    for path in named:
        try:
            head = recording.read(path, most_bytes=HEAD_BYTES)
        except Unreadable:
            continue
        if FORMAT.encode() in head:
            found.append(path)
    return found


def _paths(raw: dict[str, Any], folder: str) -> Iterator[str]:
    """Files that a scene names, as far as it is well-formed."""
    frames = raw.get("frames")
    for frame in frames if isinstance(frames, list) else []:
        captures = frame.get("captures") if isinstance(frame, dict) else None
        for capture in captures.values() if isinstance(captures, dict) else []:
            path = capture.get("path") if isinstance(capture, dict) else None
            if isinstance(path, str):
                yield folder + path


def _rigid(pose: Pose) -> Rigid:
    return Rigid.of(pose.quaternion_xyzw, pose.translation_m)


def _sensor(sensor: Sensor, path: str) -> PlannedSensor:
    camera = sensor.camera
    return PlannedSensor(
        key=sensor.key,
        label=sensor.label or sensor.key,
        modality=sensor.modality,
        ego_from_sensor=_rigid(sensor.ego_from_sensor),
        intrinsics=None if camera is None else Intrinsics(**camera.model_dump()),
        source=path,
    )


def _frame(frame: Frame, folder: str) -> PlannedFrame:
    return PlannedFrame(
        frame.at_ns,
        tuple(
            PlannedCapture(
                key, frame.at_ns if capture.at_ns is None else capture.at_ns, folder + capture.path
            )
            for key, capture in frame.captures.items()
        ),
    )


def _label(label: Label, path: str, field: str) -> ImportedLabel:
    return ImportedLabel(
        source_id=label.id,
        class_name=label.class_name,
        source_path=path,
        source_field=field,
        attributes=label.attributes,
        keys=tuple(
            ImportedKey(
                at_ns=key.at_ns,
                cuboid=None if key.cuboid is None else Cuboid.of(**key.cuboid.model_dump()),
                attributes=key.attributes,
            )
            for key in sorted(label.keys, key=lambda key: key.at_ns)
        ),
        boxes=tuple(
            ImportedBox(
                sensor_key=box.sensor,
                at_ns=box.at_ns,
                box_px=box.box_px,
                attributes=box.attributes,
            )
            for box in sorted(label.boxes, key=lambda box: (box.sensor, box.at_ns))
        ),
    )


def _fits(recording: Recording) -> bool:
    return bool(_manifests(recording))


CONCORD = Importer(
    key="concord",
    label="Concord recording",
    expects='manifest.json with "format": "concord-recording", and the files that it names',
    fits=_fits,
    begin=ConcordReading,
)
