"""Tables of the nuScenes schema: each a JSON list of rows, read row by row."""

import codecs
import json
from collections.abc import Iterator
from typing import IO, Annotated, Any, Generic, TypeVar

from pydantic import Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from apps.modalities.base import Unreadable
from apps.scenes.importers.faults import Fault, fault_of
from apps.scenes.importers.recording import Recording

CHUNK_BYTES = 1 << 20
LONGEST_ROW = 64 << 20
MOST_FAULTS = 50
DOWNLOAD_AGAIN = "Compare the row with the nuScenes schema, or copy the table again."

DECODER = json.JSONDecoder()
BETWEEN = frozenset(" \t\r\n,")

Row = TypeVar("Row")
Finite = Annotated[float, Field(allow_inf_nan=False)]
Metres = Annotated[float, Field(allow_inf_nan=False, ge=-1e8, le=1e8)]
Microseconds = Annotated[int, Field(ge=0, le=4 * 10**15)]
Triple = tuple[Metres, Metres, Metres]
QuaternionWxyz = tuple[Finite, Finite, Finite, Finite]


@dataclass(frozen=True, slots=True)
class SceneRow:
    """A drive snippet."""

    token: str
    name: str


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One instant of a scene; time in microseconds."""

    token: str
    scene_token: str
    timestamp: Microseconds


@dataclass(frozen=True, slots=True)
class SensorRow:
    """A device."""

    token: str
    channel: str
    modality: str


@dataclass(frozen=True, slots=True)
class CalibratedSensorRow:
    """Where a device sits, and a camera's matrix."""

    token: str
    sensor_token: str
    translation: Triple
    rotation: QuaternionWxyz
    camera_intrinsic: list[Triple] = Field(default_factory=list, max_length=3)
    camera_distortion: list[Finite] = Field(default_factory=list, max_length=8)


@dataclass(frozen=True, slots=True)
class EgoPoseRow:
    """Where the vehicle was; time in microseconds."""

    token: str
    timestamp: Microseconds
    translation: Triple
    rotation: QuaternionWxyz


@dataclass(frozen=True, slots=True)
class SampleDataRow:
    """A file of one device; time in microseconds."""

    token: str
    sample_token: str
    ego_pose_token: str
    calibrated_sensor_token: str
    filename: str
    timestamp: Microseconds
    is_key_frame: bool
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class AnnotationRow:
    """A labelled box of one instance at one sample, size as width, length, height."""

    token: str
    sample_token: str
    instance_token: str
    translation: Triple
    size: tuple[
        Annotated[Finite, Field(gt=0)],
        Annotated[Finite, Field(gt=0)],
        Annotated[Finite, Field(gt=0)],
    ]
    rotation: QuaternionWxyz
    attribute_tokens: list[str] = Field(default_factory=list)
    visibility_token: str = ""
    num_lidar_pts: int | None = None
    num_radar_pts: int | None = None


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """One thing, and its category."""

    token: str
    category_token: str


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A category or an attribute."""

    token: str
    name: str


@dataclass(frozen=True, slots=True)
class VisibilityRow:
    """How much of a thing is seen."""

    token: str
    level: str = ""


class Table(Generic[Row]):
    """One table: rows as they are asked for; a bad row is told and left out."""

    def __init__(self, recording: Recording, path: str, *, row: type[Row]) -> None:
        """Name the file and the shape of its rows."""
        self.recording = recording
        self.path = path
        self.faults: list[Fault] = []
        self._adapter = TypeAdapter(row)

    def __iter__(self) -> Iterator[Row]:
        """Give every sound row."""
        self.faults.clear()
        try:
            with self.recording.open(self.path) as file:
                for number, raw in enumerate(rows(file)):
                    row = self._row(raw, number)
                    if row is not None:
                        yield row
        except Unreadable as error:
            self.faults.append(fault_of(self.path, error))

    def _row(self, raw: object, number: int) -> Row | None:
        try:
            return self._adapter.validate_python(raw)
        except ValidationError as error:
            if len(self.faults) < MOST_FAULTS:
                said = error.errors(include_url=False)[0]
                place = ".".join(str(part) for part in (f"row {number}", *said["loc"]))
                self.faults.append(
                    Fault(
                        path=self.path, field=place, problem=f"{said['msg']}.", mend=DOWNLOAD_AGAIN
                    )
                )
            return None


def rows(file: IO[bytes]) -> Iterator[Any]:
    """Give the members of a JSON list one by one, however long the list is.

    Raises:
        Unreadable: If the file is no JSON list, or is cut off.
    """
    text = codecs.getincrementaldecoder("utf-8-sig")("replace")
    buffer, ended = text.decode(file.read(CHUNK_BYTES)).lstrip(), False
    if not buffer.startswith("["):
        raise _incomplete("it does not begin as one")
    at = 1
    while True:
        while buffer[at : at + 1] in BETWEEN:
            at += 1
        if buffer[at : at + 1] == "]":
            return
        found = _next_row(buffer, at)
        if found is not None:
            row, at = found
            yield row
            continue
        if ended or len(buffer) - at > LONGEST_ROW:
            raise _incomplete("it ends within a row")
        chunk = file.read(CHUNK_BYTES)
        ended = not chunk
        buffer, at = buffer[at:] + text.decode(chunk, ended), 0


def _next_row(buffer: str, at: int) -> tuple[Any, int] | None:
    """Decode the row that begins here, or nothing if it is not all here yet."""
    try:
        return DECODER.raw_decode(buffer, at)
    except json.JSONDecodeError:
        return None
    except (RecursionError, ValueError) as error:
        raise _incomplete("a row is nested too deeply, or a number is too long") from error


def _incomplete(said: str) -> Unreadable:
    return Unreadable("content", f"It is no complete JSON list ({said}).", mend=DOWNLOAD_AGAIN)
