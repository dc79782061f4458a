"""Readers: real files are read as they are, broken ones are refused in words, and nothing else happens."""

import io
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from apps.modalities.base import Circumstances, Unreadable
from apps.modalities.camera.reader import prepare_picture, read_picture
from apps.modalities.ground_raster import ground_file, read_ground
from apps.modalities.lidar.prepare import prepare_sweep
from apps.modalities.lidar.reader import read_sweep
from apps.modalities.pcd import lzf_decompressed, read_pcd
from apps.modalities.radar.reader import prepare_returns, read_returns
from numerics.geometry.ground import GroundRaster
from numerics.geometry.rigid import Rigid
from tests.scenes import recordings
from tests.shared_data import shared

HERE = Circumstances(at_s=0, ego_from_sensor=Rigid.identity())


def pcd(fields="x y z", size="4 4 4", kind="F F F", count="1 1 1", points="1", data="binary"):
    return (
        f"VERSION 0.7\nFIELDS {fields}\nSIZE {size}\nTYPE {kind}\nCOUNT {count}\n"
        f"WIDTH {points}\nHEIGHT 1\nPOINTS {points}\nDATA {data}\n"
    ).encode()


# --- LiDAR ----------------------------------------------------------------------------------------


@pytest.mark.shared
@pytest.mark.parametrize(
    ("parts", "count"),
    [
        (("lidar_camera", "kitti_object_shared", "velodyne", "000001.bin"), 120268),
        (("tracking", "kitti_tracking_0000_lidar", "pcd", "000131.pcd"), 119093),
    ],
)
def test_real_sweeps_are_read_whole(parts, count):
    path = shared(*parts)

    sweep = read_sweep(path.read_bytes(), path.name)

    assert sweep.points_m.shape == (count, 3)
    assert sweep.dropped == 0
    assert "intensity" in sweep.channels


@pytest.mark.shared
def test_a_nuscenes_sweep_has_rings():
    [path] = shared("lidar_camera", "nuscenes_mmdet3d_sample").glob("*.pcd.bin")

    sweep = read_sweep(path.read_bytes(), path.name)

    assert len(sweep.points_m) == 34688
    assert set(np.unique(sweep.channels["ring"]).tolist()) == set(range(32))


@pytest.mark.shared
def test_the_three_encodings_of_one_cloud_are_equal():
    folder = shared("pointcloud_formats", "pcd_three_encodings")
    ascii_, binary, packed = (read_pcd(path.read_bytes()) for path in sorted(folder.glob("*.pcd")))

    assert set(ascii_) == set(binary) == set(packed)
    for name in binary:
        assert np.array_equal(binary[name], packed[name])
        assert ascii_[name] == pytest.approx(binary[name], abs=1e-4)


def test_the_layout_follows_from_the_name():
    five = np.arange(20, dtype="<f4")

    assert read_sweep(five.tobytes(), "a.pcd.bin").points_m.shape == (4, 3)
    assert read_sweep(five.tobytes(), "A.BIN").points_m.shape == (5, 3)


def test_points_that_are_not_finite_go_with_their_channels():
    points = recordings.cloud(10)
    points[3, 1], points[5, 3] = np.nan, np.nan

    sweep = read_sweep(points.tobytes(), "a.bin")

    assert (len(sweep.points_m), sweep.dropped) == (9, 1)
    assert len(sweep.channels["intensity"]) == 9
    assert np.isfinite(sweep.channels["intensity"]).all()


@pytest.mark.parametrize(
    ("content", "name", "field"),
    [
        (b"\0" * 15, "a.bin", "size"),
        (b"\0" * 16, "a.pcd.bin", "size"),
        (b"", "a.bin", "points"),
        (b"\0" * 16, "a.las", "name"),
        (np.full(8, np.inf, "<f4").tobytes(), "a.bin", "points"),
        (np.full(8, 2e5, "<f4").tobytes(), "a.bin", "points"),
        (pcd(points="1000000000000") + bytes(12), "a.pcd", "POINTS"),
        (pcd(points="1000000000000", data="ascii") + b"1 2 3\n", "a.pcd", "POINTS"),
        (pcd(points="-3") + bytes(12), "a.pcd", "POINTS"),
        (pcd(points="many") + bytes(12), "a.pcd", "POINTS"),
        (pcd(data="brotli") + bytes(12), "a.pcd", "DATA"),
        (pcd(fields="a b c") + bytes(12), "a.pcd", "FIELDS"),
        (pcd(size="4 4") + bytes(12), "a.pcd", "SIZE"),
        (pcd(kind="F F Q") + bytes(12), "a.pcd", "TYPE"),
        (pcd(data="ascii") + b"1 2 three\n", "a.pcd", "DATA"),
        (pcd(data="binary_compressed"), "a.pcd", "POINTS"),
        (
            pcd(points="99999999", data="binary_compressed")
            + struct.pack("<II", 4, 99_999_999 * 12),
            "a.pcd",
            "POINTS",
        ),
        (pcd(data="binary_compressed") + struct.pack("<II", 2, 12) + b"\xff\xff", "a.pcd", "DATA"),
    ],
)
def test_a_broken_sweep_names_its_field(content, name, field):
    with pytest.raises(Unreadable) as refused:
        read_sweep(content, name)

    assert refused.value.field == field


def test_padding_and_repeated_names_are_skipped_over():
    head = pcd(
        fields="x y z _ intensity _", size="4 4 4 1 4 1", kind="F F F U F U", count="1 1 1 4 1 6"
    )
    row = struct.pack("<fff4xf6x", 1, 2, 3, 7)

    assert {name: values.tolist() for name, values in read_pcd(head + row).items()} == {
        "x": [1],
        "y": [2],
        "z": [3],
        "intensity": [7],
    }


def test_lzf_copies_may_run_into_themselves():
    assert lzf_decompressed(b"\x00a\xe0\x0a\x00", size_bytes=20) == b"a" * 20


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_mangled_cloud_is_read_or_refused(draw):
    whole = bytearray(pcd(points="40") + recordings.bin_bytes(30))
    for _ in range(draw.draw(st.integers(1, 6))):
        at = draw.draw(st.integers(0, len(whole) - 1))
        whole[at] = draw.draw(st.integers(0, 255))
    content = bytes(whole[: draw.draw(st.integers(0, len(whole)))])

    try:
        sweep = read_sweep(content, "a.pcd")
    except Unreadable as refused:
        assert refused.mend  # noqa: PT017 - either outcome is right
    else:
        assert np.isfinite(sweep.points_m).all()


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_make_a_sound_sweep_or_none(content):
    try:
        prepared = prepare_sweep(content, "a.bin", HERE)
    except Unreadable:
        return
    assert prepared.point_count + prepared.dropped_point_count == len(content) // 16


def test_a_sweep_comes_with_the_ground_under_it():
    prepared = prepare_sweep(recordings.bin_bytes(2000), "a.bin", HERE)

    assert (prepared.display.extension, prepared.ground.extension) == ("pts", "ground")


def test_a_ground_raster_comes_back():
    ground = GroundRaster.build(recordings.cloud(2000)[:, :3])

    back = read_ground(ground_file(ground))

    assert (back.corner_m, back.cell_m) == (ground.corner_m, ground.cell_m)
    assert np.nanmax(np.abs(back.height_m - ground.height_m)) <= 5e-4


def test_what_is_no_ground_raster_is_told():
    with pytest.raises(ValueError, match="no ground raster"):
        read_ground(b"CGR")


# --- radar ----------------------------------------------------------------------------------------


def test_radar_returns_carry_what_radar_measures():
    returns = read_returns(recordings.radar_pcd(3), "a.pcd")

    assert returns.points_m.tolist() == [[10, 0, 0.5], [11, 1, 0.5], [12, 2, 0.5]]
    assert returns.channels["rcs_dbsm"].tolist() == [5.5, 5.5, 5.5]
    assert returns.channels["compensated_velocity_x_mps"].tolist() == [0, -2, -4]


def test_a_radar_that_saw_nothing_is_sound():
    assert prepare_returns(recordings.radar_pcd(0), "a.pcd", HERE).point_count == 0


# --- camera ---------------------------------------------------------------------------------------


def encoded(image, form="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


@pytest.mark.shared
def test_a_real_picture_gets_a_small_preview():
    path = shared("lidar_camera", "kitti_object_shared", "image_2", "000001.png")

    prepared = prepare_picture(path.read_bytes(), path.name, HERE)

    preview = Image.open(io.BytesIO(prepared.preview.content))
    assert (prepared.width_px, prepared.height_px) == (1242, 375)
    assert (preview.format, preview.width) == ("WEBP", 400)
    assert 5_000 < len(prepared.preview.content) < 20_000
    assert prepared.display is None


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_three_formats_are_read_whatever_the_name(form):
    prepared = prepare_picture(encoded(Image.new("RGB", (8, 6)), form), "a.png", HERE)

    assert prepared.extension == {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}[form]


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_picture_cut_off_anywhere_is_refused(form):
    whole = recordings.picture_bytes((64, 48), form=form)

    for length in (0, 10, len(whole) // 2, len(whole) - 30, len(whole) - 9):
        with pytest.raises(Unreadable) as refused:
            read_picture(whole[:length], "a.png")
        assert refused.value.field == "content"


def test_other_formats_are_refused():
    with pytest.raises(Unreadable, match="starts like none of them"):
        read_picture(encoded(Image.new("RGB", (4, 4)), "GIF"), "a.png")


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked():
    bomb = encoded(Image.new("1", (20_000, 20_000)))

    with pytest.raises(Unreadable) as refused:
        read_picture(bomb, "a.png")

    assert refused.value.field == "size"


def test_sixteen_bits_are_shown_as_eight():
    deep = Image.fromarray(np.full((4, 6), 0x8000, np.uint16))

    prepared = prepare_picture(encoded(deep), "a.png", HERE)

    shown = Image.open(io.BytesIO(prepared.display.content)).convert("L")
    assert shown.getpixel((2, 2)) == pytest.approx(128, abs=2)


def test_a_noted_orientation_is_not_applied_by_the_browser():
    exif = Image.Exif()
    exif[0x0112] = 6

    prepared = prepare_picture(encoded(Image.new("RGB", (8, 6)), "JPEG", exif=exif), "a.jpg", HERE)

    shown = Image.open(io.BytesIO(prepared.display.content))
    assert (prepared.width_px, prepared.height_px) == shown.size == (8, 6)
    assert shown.getexif().get(0x0112, 1) == 1


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_mangled_picture_is_read_or_refused(draw):
    whole = bytearray(PICTURES[draw.draw(st.sampled_from(sorted(PICTURES)))])
    for _ in range(draw.draw(st.integers(1, 8))):
        at = draw.draw(st.integers(0, len(whole) - 1))
        whole[at] = draw.draw(st.integers(0, 255))

    try:
        prepared = prepare_picture(bytes(whole), "a.png", HERE)
    except Unreadable as refused:
        assert refused.mend  # noqa: PT017 - either outcome is right
    else:
        assert prepared.width_px > 0


PICTURES = {
    form: recordings.picture_bytes((40, 30), form=form) for form in ("PNG", "JPEG", "WEBP")
}
