"""Labels of the nuScenes schema, as neutral records."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from apps.scenes.importers.base import ImportedKey, ImportedLabel
from apps.scenes.importers.faults import Fault
from apps.scenes.importers.nuscenes_index import ADD_ROW
from apps.scenes.importers.nuscenes_tables import (
    AnnotationRow,
    InstanceRow,
    NamedRow,
    Table,
    VisibilityRow,
)
from apps.scenes.importers.recording import Recording
from apps.scenes.importers.tracks import with_absences
from numerics.geometry.cuboid import Cuboid


class _Numbered(NamedTuple):
    """An annotation's place among the rows."""

    number: int
    row: AnnotationRow


class NuscenesLabels:
    """All annotations of a folder of tables, by the sample that they belong to."""

    def __init__(self, recording: Recording, folder: str) -> None:
        """Read the tables that tell of labels."""
        self.path = f"{folder}sample_annotation.json"
        self.faults: list[Fault] = []
        self._category = self._by_token(recording, f"{folder}category.json", NamedRow, "name")
        self._attribute = self._by_token(recording, f"{folder}attribute.json", NamedRow, "name")
        self._visibility = self._by_token(
            recording, f"{folder}visibility.json", VisibilityRow, "level"
        )
        self._category_of = self._by_token(
            recording, f"{folder}instance.json", InstanceRow, "category_token"
        )
        table = Table(recording, self.path, row=AnnotationRow)
        self._of_sample: dict[str, list[_Numbered]] = defaultdict(list)
        for number, row in enumerate(table):
            self._of_sample[row.sample_token].append(_Numbered(number, row))
        self.faults += table.faults

    def of_scene(self, times_ns: Mapping[str, int]) -> tuple[list[ImportedLabel], list[Fault]]:
        """Gather the annotations of a scene into objects, one an instance.

        Args:
            times_ns: Time since the scene's t0 by the tokens of its samples, in order of time.
        """
        grouped: dict[str, list[_Numbered]] = defaultdict(list)
        for token in times_ns:
            for annotation in self._of_sample.get(token, ()):
                grouped[annotation.row.instance_token].append(annotation)
        labels, faults = [], []
        for instance, annotations in grouped.items():
            category = self._category.get(self._category_of.get(instance, ""))
            if category is None:
                faults.append(self._nameless(annotations[0]))
                continue
            keys = []
            for number, row in annotations:
                try:
                    keys.append(self._key(row, times_ns[row.sample_token]))
                except ValueError as error:
                    faults.append(self._shapeless(number, error))
            labels.append(
                ImportedLabel(
                    source_id=instance,
                    class_name=category,
                    source_path=self.path,
                    source_field=f"row {annotations[0].number}",
                    keys=tuple(with_absences(keys, times_ns=list(times_ns.values()))),
                )
            )
        return labels, faults

    def _key(self, row: AnnotationRow, at_ns: int) -> ImportedKey:
        width, length, height = row.size
        w, x, y, z = row.rotation
        said: dict[str, Any] = {"token": row.token}
        names = [self._attribute[t] for t in row.attribute_tokens if t in self._attribute]
        if names:
            said["attributes"] = names
        if row.visibility_token in self._visibility:
            said["visibility"] = self._visibility[row.visibility_token]
        for name in ("num_lidar_pts", "num_radar_pts"):
            if getattr(row, name) is not None:
                said[name] = getattr(row, name)
        return ImportedKey(
            at_ns=at_ns,
            cuboid=Cuboid.of(row.translation, (x, y, z, w), (length, width, height)),
            attributes=said,
        )

    def _shapeless(self, number: int, error: ValueError) -> Fault:
        return Fault(
            path=self.path,
            field=f"row {number}.rotation",
            problem=str(error),
            mend="Write a unit quaternion: w, x, y, z.",
        )

    def _nameless(self, annotation: _Numbered) -> Fault:
        return Fault(
            path=self.path,
            field=f"row {annotation.number}.instance_token",
            problem="Its instance, or the category of its instance, is in no table.",
            mend=ADD_ROW,
        )

    def _by_token(
        self, recording: Recording, path: str, row: type[Any], value: str
    ) -> dict[str, str]:
        if path not in recording:
            return {}
        table: Table[Any] = Table(recording, path, row=row)
        found = {item.token: str(getattr(item, value)) for item in table}
        self.faults += table.faults
        return found
