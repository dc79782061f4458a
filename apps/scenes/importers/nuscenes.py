"""Recordings in the nuScenes schema: cameras, LiDAR and radar of each key frame."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from apps.scenes.importers.base import (
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
from apps.scenes.importers.faults import Fault, SceneRefused
from apps.scenes.importers.nuscenes_index import (
    MODALITIES,
    NEEDED,
    NuscenesIndex,
    folders_of_tables,
)
from apps.scenes.importers.nuscenes_labels import NuscenesLabels
from apps.scenes.importers.nuscenes_tables import (
    CalibratedSensorRow,
    QuaternionWxyz,
    SampleDataRow,
    SampleRow,
    Triple,
)
from apps.scenes.importers.recording import Recording
from numerics.geometry.rigid import Rigid

NS_PER_US = 1000
LABEL_TABLE = "sample_annotation.json"
KEY_FRAMES = "Key frames are imported; the sweeps between them are not."


class NuscenesReading:
    """Reads one folder of tables, and the key frames that they name."""

    def __init__(self, recording: Recording) -> None:
        """Read the tables.

        Raises:
            SceneRefused: If one is missing.
        """
        first, *others = folders_of_tables(recording)
        self.recording = recording
        self.index = NuscenesIndex(recording, first)
        self.faults: list[Fault] = [*self.index.faults, *(_second(path) for path in others)]
        self._labels: NuscenesLabels | None = None
        self.outlines = [
            Outline(
                key=scene.token,
                name=scene.name,
                paths=tuple(
                    self.index.path(row.filename) for row in self.index.files(scene.token)
                ),
            )
            for scene in self.index.scenes
        ]

    def plan(self, outline: Outline, *, with_labels: bool) -> ScenePlan:
        """Put one scene together from the tables.

        Raises:
            SceneRefused: If none of its files can be placed.
        """
        faults: list[Fault] = []
        files: dict[str, list[SampleDataRow]] = defaultdict(list)
        for row in self.index.files(outline.key):
            fault = self.index.fault_of(row)
            if fault is None:
                files[row.sample_token].append(row)
            else:
                faults.append(fault)
        if not files:
            raise SceneRefused(*faults, _empty(self.index.folder, outline))
        samples = [row for row in self.index.samples(outline.key) if row.token in files]
        rows = [row for sample in samples for row in files[sample.token]]
        times_us = [row.timestamp for row in samples] + [row.timestamp for row in rows]
        t0_ns = min(times_us) * NS_PER_US
        sensors, sensor_faults = self._sensors(rows)
        labels, label_faults = self._labelled(samples, t0_ns) if with_labels else ([], [])
        return ScenePlan(
            t0_ns=t0_ns,
            sensors=sensors,
            frames=tuple(self._frame(row, files[row.token], t0_ns) for row in samples),
            poses=self._poses(rows, t0_ns),
            labels=tuple(labels),
            notes=(KEY_FRAMES,),
            faults=(*faults, *sensor_faults, *label_faults),
            used=self._used(with_labels=with_labels),
        )

    def _frame(self, sample: SampleRow, rows: list[SampleDataRow], t0_ns: int) -> PlannedFrame:
        captures = [
            PlannedCapture(
                self._channel(row),
                row.timestamp * NS_PER_US - t0_ns,
                self.index.path(row.filename),
            )
            for row in rows
        ]
        return PlannedFrame(sample.timestamp * NS_PER_US - t0_ns, tuple(captures))

    def _channel(self, row: SampleDataRow) -> str:
        sensor = self.index.sensor(row)
        return "" if sensor is None else sensor.channel

    def _sensors(
        self, rows: Iterable[SampleDataRow]
    ) -> tuple[tuple[PlannedSensor, ...], list[Fault]]:
        """List devices, the LiDAR first; the first calibration of each counts."""
        found: dict[str, tuple[SampleDataRow, PlannedSensor]] = {}
        faults: dict[str, Fault] = {}
        for row in rows:
            channel = self._channel(row)
            known = found.get(channel)
            if known is None:
                found[channel] = (row, self._sensor(row))
            elif known[0].calibrated_sensor_token != row.calibrated_sensor_token:
                faults.setdefault(channel, _recalibrated(self.index.folder, channel, row))
        sensors = [sensor for _, sensor in found.values()]
        sensors.sort(key=lambda sensor: (MODALITIES.index(sensor.modality), sensor.key))
        return tuple(sensors), list(faults.values())

    def _sensor(self, row: SampleDataRow) -> PlannedSensor:
        device = self.index.sensor(row)
        calibrated = self.index.calibrated[row.calibrated_sensor_token]
        if device is None:  # files without a device were left out before
            raise ValueError(row.token)
        camera = device.modality == "camera"
        path = f"{self.index.folder}calibrated_sensor.json"
        return PlannedSensor(
            key=device.channel,
            label=device.channel.replace("_", " ").title(),
            modality=device.modality,
            ego_from_sensor=_rigid(calibrated.rotation, calibrated.translation, path, calibrated),
            intrinsics=_intrinsics(calibrated, row, path) if camera else None,
            source=path,
        )

    def _poses(self, rows: Iterable[SampleDataRow], t0_ns: int) -> tuple[PlannedPose, ...]:
        path = f"{self.index.folder}ego_pose.json"
        poses = {
            pose.timestamp: pose for pose in (self.index.poses[row.ego_pose_token] for row in rows)
        }
        return tuple(
            PlannedPose(
                at_us * NS_PER_US - t0_ns, _rigid(pose.rotation, pose.translation, path, pose)
            )
            for at_us, pose in sorted(poses.items())
        )

    def _labelled(
        self, samples: Sequence[SampleRow], t0_ns: int
    ) -> tuple[list[ImportedLabel], list[Fault]]:
        if f"{self.index.folder}{LABEL_TABLE}" not in self.recording:
            return [], []
        first_use = self._labels is None
        if self._labels is None:
            self._labels = NuscenesLabels(self.recording, self.index.folder)
        times_ns = {row.token: row.timestamp * NS_PER_US - t0_ns for row in samples}
        labels, faults = self._labels.of_scene(times_ns)
        return labels, [*(self._labels.faults if first_use else ()), *faults]

    def _used(self, *, with_labels: bool) -> tuple[str, ...]:
        tables: tuple[str, ...] = NEEDED
        if with_labels:
            labels = ("category", "attribute", "visibility", "instance")
            tables = (*NEEDED, LABEL_TABLE, *(f"{name}.json" for name in labels))
        paths = (f"{self.index.folder}{name}" for name in tables)
        return tuple(path for path in paths if path in self.recording)


def _rigid(rotation: QuaternionWxyz, translation_m: Triple, path: str, row: object) -> Rigid:
    """Build a pose; nuScenes writes w first."""
    w, x, y, z = rotation
    try:
        return Rigid.of((x, y, z, w), translation_m)
    except ValueError as error:
        token = getattr(row, "token", "")
        raise SceneRefused(
            Fault(
                path=path,
                field=f"{token}.rotation",
                problem=str(error),
                mend="Write a unit quaternion: w, x, y, z.",
            )
        ) from error


def _intrinsics(calibrated: CalibratedSensorRow, row: SampleDataRow, path: str) -> Intrinsics:
    matrix = calibrated.camera_intrinsic
    if len(matrix) != len("xyz") or not (matrix[0][0] > 0 and matrix[1][1] > 0):
        raise SceneRefused(
            Fault(
                path=path,
                field=f"{calibrated.token}.camera_intrinsic",
                problem="It is no 3x3 matrix with focal lengths above 0.",
                mend="Write the camera's matrix in pixels.",
            )
        )
    bent = tuple(calibrated.camera_distortion)
    return Intrinsics(
        model="brown" if any(bent) else "pinhole",
        fx_px=matrix[0][0],
        fy_px=matrix[1][1],
        cx_px=matrix[0][2],
        cy_px=matrix[1][2],
        width_px=row.width or None,
        height_px=row.height or None,
        distortion=bent if any(bent) else (),
    )


def _second(folder: str) -> Fault:
    return Fault(
        path=f"{folder}sample_data.json",
        field="folder",
        problem="The recording has a second folder of tables; only the first was read.",
        mend="Import it as a recording of its own.",
    )


def _empty(folder: str, outline: Outline) -> Fault:
    return Fault(
        path=f"{folder}scene.json",
        field=outline.key,
        problem=f"No file of a key frame of {outline.name} can be placed.",
        mend="Add the rows of sample.json and sample_data.json that belong to it.",
    )


def _recalibrated(folder: str, channel: str, row: SampleDataRow) -> Fault:
    return Fault(
        path=f"{folder}sample_data.json",
        field=f"{row.token}.calibrated_sensor_token",
        problem=f"The calibration of {channel} changes within the scene; the first one was taken.",
        mend="Split the scene where the calibration changes.",
        severe=False,
    )


def _fits(recording: Recording) -> bool:
    return bool(folders_of_tables(recording))


NUSCENES = Importer(
    key="nuscenes",
    label="nuScenes schema",
    expects="tables scene.json, sample.json, sample_data.json, … and the files that they name",
    fits=_fits,
    begin=NuscenesReading,
)
