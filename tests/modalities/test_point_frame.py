"""The point frame: what is written can be read back by the page of the format alone."""

import gzip
import struct

import numpy as np
import pytest

from apps.modalities.base import gzipped
from apps.modalities.point_frame import point_frame

TYPES = {1: "<u1", 2: "<i2", 3: "<u2", 4: "<i4", 5: "<f4"}


def read_frame(content):
    """Read MSP1 as docs/reference/wire.md has it."""
    magic, _, attribute_count, n, reserved = struct.unpack_from("<4sHHII", content)
    at_s, *rest = struct.unpack_from("<7d", content, 16)
    assert (magic, reserved) == (b"MSP1", 0)
    arrays = {}
    for number in range(attribute_count):
        entry = struct.unpack_from("<BBHIff", content, 72 + 16 * number)
        identifier, code, components, offset, least, most = entry
        assert offset % 4 == 0
        planes = np.frombuffer(content, TYPES[code], n * components, offset)
        arrays[identifier] = (planes.reshape(components, n), least, most)
    return at_s, np.array(rest[:3]), np.array(rest[3:]), arrays


def points_in(content):
    _, scale_m, origin_m, arrays = read_frame(content)
    return arrays[1][0].T * scale_m + origin_m


@pytest.fixture
def cloud():
    return np.random.default_rng(5).uniform(-90, 90, (997, 3)).astype(np.float32)


def test_points_come_back_within_two_millimetres_and_in_order(cloud):
    frame = point_frame(cloud, at_s=1.5)

    assert read_frame(frame)[0] == 1.5
    assert read_frame(frame)[3][1][0].dtype == np.int16
    assert np.abs(points_in(frame) - cloud).max() < 2e-3


def test_a_wide_cloud_takes_four_byte_steps(cloud):
    frame = point_frame(cloud * 30, at_s=0)

    assert read_frame(frame)[3][1][0].dtype == np.int32
    assert np.abs(points_in(frame) - cloud * 30).max() < 1e-3


def test_intensity_is_stretched_between_its_percentiles(cloud):
    intensity = np.linspace(0, 100, len(cloud)).astype(np.float32)
    intensity[-1] = 1e6

    planes, least, most = read_frame(point_frame(cloud, at_s=0, intensity=intensity))[3][2]

    assert (planes.min(), planes.max()) == (0, 255)
    assert least == pytest.approx(1, abs=0.2)
    assert most == pytest.approx(99, abs=0.5)


def test_one_level_of_intensity_is_no_fault(cloud):
    flat = np.full(len(cloud), 7, np.float32)

    planes, least, most = read_frame(point_frame(cloud, at_s=0, intensity=flat))[3][2]

    assert (set(planes[0].tolist()), least, most) == ({0}, 7, 7)


def test_rings_and_times_are_carried(cloud):
    ring = (np.arange(len(cloud)) % 64).astype(np.float32)

    arrays = read_frame(point_frame(cloud, at_s=0, ring=ring, dt_us=ring * 1000))[3]

    assert np.array_equal(arrays[3][0][0], ring.astype(np.uint8))
    assert np.array_equal(arrays[4][0][0], (ring * 1000).astype(np.uint16))


def test_the_same_points_give_the_same_bytes(cloud):
    first, second = (gzipped(point_frame(cloud, at_s=0)) for _ in range(2))

    assert first == second
    assert gzip.decompress(first) == point_frame(cloud, at_s=0)


def test_a_single_point_has_a_frame():
    frame = point_frame(np.array([[1, 2, 3]], np.float32), at_s=0)

    assert points_in(frame).tolist() == [[1, 2, 3]]
