"""KITTI labels come in and go out again the same: within 1 cm and 0.01 rad, for every object."""

import math
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.shared_data import shared

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.shared]

BOX, SIZE, PLACE = slice(4, 8), slice(8, 11), slice(11, 14)
TURN = 14


def lines_by_box(path: Path) -> dict[tuple[str, ...], list[str]]:
    """Lines of a label file by class and 2D box, which name an object within a frame."""
    rows = [line.split() for line in path.read_text().splitlines() if line.strip()]
    return {(row[0], *(f"{float(value):.2f}" for value in row[BOX])): row for row in rows}


def test_every_kitti_object_comes_back_as_it_was(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    recording = shared("lidar_camera", "kitti_object_shared")

    call_command(
        "import_recording",
        str(recording),
        project="round-trip",
        create_project=True,
        with_labels=True,
    )
    call_command(
        "export_labels", project="round-trip", format="kitti", out=tmp_path / "out", all=True
    )

    originals = sorted((recording / "label_2").glob("*.txt"))
    assert [path.stem for path in originals] == ["000001", "000004", "000007"]
    for original in originals:
        wanted = lines_by_box(original)
        written = lines_by_box(tmp_path / "out" / "label_2" / original.name)
        assert written.keys() == wanted.keys()
        for name, row in wanted.items():
            same = written[name]
            turned = float(same[TURN]) - float(row[TURN])
            assert [float(v) for v in same[1:3]] == [float(v) for v in row[1:3]]
            assert [float(v) for v in same[SIZE]] == pytest.approx(
                [float(v) for v in row[SIZE]], abs=0.01
            )
            assert [float(v) for v in same[PLACE]] == pytest.approx(
                [float(v) for v in row[PLACE]], abs=0.01
            )
            assert abs(math.remainder(turned, 2 * math.pi)) < 0.01
