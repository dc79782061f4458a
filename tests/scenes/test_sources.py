"""Archives are read in place, and no entry of theirs is trusted."""

import stat
import zipfile

import pytest

from apps.modalities.base import Unreadable
from apps.scenes.importers.faults import SceneRefused
from apps.scenes.importers.recording import open_recording
from tests.scenes import recordings


@pytest.fixture
def pack(tmp_path):
    """Writes an archive of named entries."""

    def packed(*entries, name="r.zip", method=zipfile.ZIP_DEFLATED):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", method) as archive:
            for entry, content in entries:
                archive.writestr(entry, content)
        return path

    return packed


def refused(path):
    with open_recording(path) as recording:
        return list(recording.size_bytes), [
            (fault.path, fault.field) for fault in recording.refused
        ]


GOOD = ("velodyne/1.bin", b"fine")


@pytest.mark.parametrize(
    "name",
    ["../evil.txt", "a/../../evil.txt", "/etc/passwd", "C:/evil.txt", "a//b", "./a", "a\\..\\b"],
)
def test_paths_that_lead_out_are_refused_and_the_rest_is_read(pack, name):
    assert refused(pack((name, b"x"), GOOD)) == ([GOOD[0]], [(name, "name")])


def test_symbolic_links_are_refused(pack):
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16

    assert refused(pack((link, "/etc/passwd"), GOOD)) == ([GOOD[0]], [("link", "type")])


def test_a_bomb_is_refused_by_its_ratio_and_the_rest_is_read(pack):
    assert refused(pack(("bomb.bin", bytes(30_000_000)), GOOD)) == (
        [GOOD[0]],
        [("bomb.bin", "size")],
    )


def test_entries_that_are_bombs_only_together_are_refused(pack, tmp_path, monkeypatch):
    monkeypatch.setattr("apps.scenes.importers.sources.BOMB_RATIO", 2)
    path = pack(("a.bin", bytes(range(256)) * 8000), method=zipfile.ZIP_STORED)
    shared_bytes = zipfile.ZipFile(path).infolist()[0]

    with zipfile.ZipFile(path, "a") as archive:
        for number in range(4):
            again = zipfile.ZipInfo(f"b{number}.bin")
            for field in ("header_offset", "CRC", "compress_size", "file_size"):
                setattr(again, field, getattr(shared_bytes, field))
            archive.filelist.append(again)
            archive.NameToInfo[again.filename] = again
        archive._didModify = True

    with pytest.raises(SceneRefused, match="like a zip bomb"):
        open_recording(path)


def test_an_encrypted_entry_is_refused(pack):
    path = pack(GOOD)
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(raw))

    assert refused(path) == ([], [(GOOD[0], "encryption")])


def test_of_two_entries_with_one_path_the_first_is_read(pack):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = pack(GOOD, (GOOD[0], b"second"))

    with open_recording(path) as recording:
        assert recording.read(GOOD[0]) == b"fine"
        assert [fault.field for fault in recording.refused] == ["name"]


def test_what_is_no_archive_is_told(tmp_path):
    recordings.put(tmp_path / "r.zip", b"PK not really")

    with pytest.raises(SceneRefused, match="no readable zip"):
        open_recording(tmp_path / "r.zip")


def test_a_damaged_entry_is_told_when_it_is_read(pack):
    path = pack(("a.bin", bytes(range(256)) * 99))
    raw = bytearray(path.read_bytes())
    raw[60] ^= 0xFF
    path.write_bytes(bytes(raw))

    with open_recording(path) as recording, pytest.raises(Unreadable, match="cannot be read"):
        recording.read("a.bin")


def test_a_missing_file_is_told(tmp_path):
    recordings.put(tmp_path / "a.txt", "a")

    with open_recording(tmp_path) as recording, pytest.raises(Unreadable, match="no such file"):
        recording.read("b.txt")


def test_what_systems_leave_behind_is_no_file_of_the_recording(pack):
    path = pack(("__MACOSX/._a", b"x"), ("a/.DS_Store", b"x"), GOOD)

    assert refused(path) == ([GOOD[0]], [])


def test_a_link_in_a_folder_that_leads_up_is_not_walked_for_ever(tmp_path):
    recordings.put(tmp_path / "a/b.txt", "b")
    (tmp_path / "a/up").symlink_to(tmp_path)

    with open_recording(tmp_path) as recording:
        assert list(recording.paths) == ["a/b.txt"]


def test_two_archives_with_one_file_are_told(tmp_path):
    for name, content in (("1", "first"), ("2", "second")):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.writestr("calib.txt", content)

    with open_recording(tmp_path) as recording:
        assert recording.text("calib.txt") == "first"
        assert [fault.path for fault in recording.refused] == ["calib.txt"]
