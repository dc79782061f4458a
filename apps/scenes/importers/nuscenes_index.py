"""The key frames of a folder of nuScenes tables: which file is whose, when and where."""

from collections import defaultdict
from collections.abc import Iterator

from apps.scenes.importers.faults import Fault, SceneRefused
from apps.scenes.importers.nuscenes_tables import (
    CalibratedSensorRow,
    EgoPoseRow,
    Row,
    SampleDataRow,
    SampleRow,
    SceneRow,
    SensorRow,
    Table,
)
from apps.scenes.importers.recording import Recording

MODALITIES = ("lidar", "camera", "radar")
ADD_ROW = "Add the row that it names, or take the reference out."
NEEDED = (
    "scene.json",
    "sample.json",
    "sample_data.json",
    "ego_pose.json",
    "calibrated_sensor.json",
    "sensor.json",
)


class NuscenesIndex:
    """Rows of the tables that describe key frames.

    Attributes:
        folder: Where the tables lie, with its trailing slash, or nothing.
        faults: Rows that were left out.
    """

    def __init__(self, recording: Recording, folder: str) -> None:
        """Read the tables.

        Raises:
            SceneRefused: If one is missing.
        """
        self.recording = recording
        self.folder = folder
        self.faults: list[Fault] = []
        missing = [name for name in NEEDED if f"{folder}{name}" not in recording]
        if missing:
            raise SceneRefused(*(_no_table(f"{folder}{name}") for name in missing))
        self.scenes = list(self._read("scene.json", SceneRow))
        self.sensors = {row.token: row for row in self._read("sensor.json", SensorRow)}
        self.calibrated = {
            row.token: row for row in self._read("calibrated_sensor.json", CalibratedSensorRow)
        }
        self._samples: dict[str, list[SampleRow]] = defaultdict(list)
        for sample in self._read("sample.json", SampleRow):
            self._samples[sample.scene_token].append(sample)
        self._files: dict[str, list[SampleDataRow]] = defaultdict(list)
        for row in self._read("sample_data.json", SampleDataRow):
            if row.is_key_frame:
                self._files[row.sample_token].append(row)
        wanted = {row.ego_pose_token for rows in self._files.values() for row in rows}
        self.poses = {
            row.token: row
            for row in self._read("ego_pose.json", EgoPoseRow)
            if row.token in wanted
        }

    def samples(self, scene_token: str) -> list[SampleRow]:
        """Instants of a scene in their order."""
        return sorted(self._samples[scene_token], key=lambda sample: sample.timestamp)

    def files(self, scene_token: str) -> list[SampleDataRow]:
        """Files of a scene's key frames that sensors of known kinds took, in order of time."""
        return [
            row
            for sample in self.samples(scene_token)
            for row in self._files[sample.token]
            if (sensor := self.sensor(row)) is None or sensor.modality in MODALITIES
        ]

    def sensor(self, row: SampleDataRow) -> SensorRow | None:
        """Whose file it is, if the tables say."""
        calibrated = self.calibrated.get(row.calibrated_sensor_token)
        return None if calibrated is None else self.sensors.get(calibrated.sensor_token)

    def fault_of(self, row: SampleDataRow) -> Fault | None:
        """What is amiss with a file's row, if anything: a reference that leads nowhere."""
        field = None
        if self.sensor(row) is None:
            field = "calibrated_sensor_token"
        elif row.ego_pose_token not in self.poses:
            field = "ego_pose_token"
        if field is None:
            return None
        return Fault(
            path=f"{self.folder}sample_data.json",
            field=f"{row.token}.{field}",
            problem=f"It names a row that is in no table; {row.filename} is left out.",
            mend=ADD_ROW,
        )

    def path(self, filename: str) -> str:
        """Path of a file within the recording; names count from the folder above the tables."""
        root = self.folder.rstrip("/").rpartition("/")[0]
        return f"{root}/{filename}" if root else filename

    def _read(self, name: str, row: type[Row]) -> Iterator[Row]:
        table = Table(self.recording, f"{self.folder}{name}", row=row)
        yield from table
        self.faults += table.faults


def folders_of_tables(recording: Recording) -> list[str]:
    """Folders that look like nuScenes tables, with their trailing slash."""
    ending = "sample_data.json"
    return [
        path.removesuffix(ending)
        for path in recording.paths
        if path == ending or path.endswith(f"/{ending}")
    ]


def _no_table(path: str) -> Fault:
    return Fault(
        path=path,
        field="table",
        problem="The recording lacks this table of the nuScenes schema.",
        mend="Add it beside sample_data.json.",
    )
