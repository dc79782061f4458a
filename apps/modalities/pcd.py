"""Reader of PCD 0.7 point clouds: ascii, binary and binary_compressed; a header is never believed."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.modalities.base import Unreadable

LONGEST_HEADER = 64 * 1024
LARGEST_CLOUD_BYTES = 1 << 30
KINDS = {"F": "f", "I": "i", "U": "u"}
SIZES = {"f": (4, 8), "i": (1, 2, 4, 8), "u": (1, 2, 4, 8)}
LZF_HEAD_BYTES = 8
LZF_LITERALS = 32
LZF_LONG = 7
COPY_AGAIN = "Copy or export the file again."


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    dtype: str
    count: int
    offset_bytes: int


@dataclass(frozen=True, slots=True)
class _Header:
    fields: tuple[_Field, ...]
    stride_bytes: int
    points: int
    encoding: str
    body_at: int


def read_pcd(content: bytes) -> dict[str, NDArray[np.float32]]:
    """Read the single-valued fields of a PCD file as (n,) float32 columns.

    A repeated name (`_` is common) and a field of several or no values are skipped over.

    Raises:
        Unreadable: If the header is wrong, or claims more points than the file holds.
    """
    header = _header(content)
    if header.encoding == "ascii":
        return _ascii(content, header)
    body = memoryview(content)[header.body_at :]
    if header.encoding == "binary_compressed":
        return _planes(_inflated(body, header), header)
    needed = header.points * header.stride_bytes
    if needed > len(body):
        raise _too_few(header, f"{needed:,} bytes", f"{len(body):,}")
    rows = np.frombuffer(body, np.uint8, needed).reshape(header.points, header.stride_bytes)
    columns = {}
    for field in _plain(header.fields):
        end = field.offset_bytes + np.dtype(field.dtype).itemsize
        values = np.ascontiguousarray(rows[:, field.offset_bytes : end]).view(field.dtype)
        columns[field.name] = _single(values.reshape(header.points))
    return columns


def _header(content: bytes) -> _Header:
    lines: dict[str, list[str]] = {}
    at = 0
    while "DATA" not in lines:
        end = content.find(b"\n", at, LONGEST_HEADER)
        if end < 0:
            raise Unreadable(
                "header", "It has no PCD header that ends with a DATA line.", mend=COPY_AGAIN
            )
        words = content[at:end].decode("ascii", "replace").split()
        at = end + 1
        if words and not words[0].startswith("#"):
            lines[words[0].upper()] = words[1:]
    encoding = " ".join(lines["DATA"]).lower()
    if encoding not in {"ascii", "binary", "binary_compressed"}:
        raise Unreadable(
            "DATA",
            f"The encoding '{encoding}' is not known.",
            mend="Write the cloud as ascii, binary or binary_compressed.",
        )
    fields, stride = _fields(lines)
    return _Header(fields, stride, _point_count(lines), encoding, at)


def _numbers(lines: dict[str, list[str]], name: str, *, fewest: int) -> list[int]:
    try:
        found = [int(word) for word in lines.get(name, [])]
    except ValueError:
        found = []
    if len(found) < fewest or any(number < 0 for number in found):
        raise Unreadable(
            name,
            f"The header's line {name} does not hold {fewest} whole numbers.",
            mend=COPY_AGAIN,
        )
    return found


def _point_count(lines: dict[str, list[str]]) -> int:
    if "POINTS" in lines:
        return _numbers(lines, "POINTS", fewest=1)[0]
    width, height = (_numbers(lines, name, fewest=1)[0] for name in ("WIDTH", "HEIGHT"))
    return width * height


def _fields(lines: dict[str, list[str]]) -> tuple[tuple[_Field, ...], int]:
    names = lines.get("FIELDS", [])
    kinds = lines.get("TYPE", [])
    sizes = _numbers(lines, "SIZE", fewest=len(names))
    counts = _numbers(lines, "COUNT", fewest=len(names)) if "COUNT" in lines else [1] * len(names)
    if len(kinds) < len(names) or not {"x", "y", "z"} <= set(names):
        raise Unreadable(
            "FIELDS", "The header does not name x, y and z with their types.", mend=COPY_AGAIN
        )
    fields, offset = [], 0
    for name, kind, size, count in zip(names, kinds, sizes, counts, strict=False):
        code = KINDS.get(kind.upper(), "")
        if size not in SIZES.get(code, ()):
            raise Unreadable(
                "TYPE",
                f"The field {name} has the type {kind}{size}, unknown here.",
                mend=COPY_AGAIN,
            )
        fields.append(_Field(name, f"<{code}{size}", count, offset))
        offset += size * count
    return tuple(fields), offset


def _plain(fields: tuple[_Field, ...]) -> list[_Field]:
    """Leave out padding, which has a repeated name or not one value."""
    names = [field.name for field in fields]
    return [field for field in fields if field.count == 1 and names.count(field.name) == 1]


def _ascii(content: bytes, header: _Header) -> dict[str, NDArray[np.float32]]:
    width = sum(field.count for field in header.fields)
    try:
        numbers = np.array(content[header.body_at :].split(), dtype=np.float64)
    except ValueError as error:
        raise Unreadable("DATA", "A value is not a number.", mend=COPY_AGAIN) from error
    if len(numbers) < header.points * width:
        raise _too_few(header, f"{header.points * width:,} numbers", f"{len(numbers):,}")
    table = numbers[: header.points * width].reshape(header.points, width)
    starts = np.cumsum([0, *(field.count for field in header.fields)])
    at = {field.name: int(start) for field, start in zip(header.fields, starts, strict=False)}
    return {field.name: _single(table[:, at[field.name]]) for field in _plain(header.fields)}


def _single(values: NDArray[Any]) -> NDArray[np.float32]:
    # A double beyond float32 becomes infinite, and is then counted as not finite.
    with np.errstate(over="ignore"):
        return values.astype(np.float32)


def _planes(body: bytes, header: _Header) -> dict[str, NDArray[np.float32]]:
    """Cut decompressed data, which holds one field after the other."""
    return {
        field.name: _single(
            np.frombuffer(body, field.dtype, header.points, field.offset_bytes * header.points)
        )
        for field in _plain(header.fields)
    }


def _inflated(body: memoryview, header: _Header) -> bytes:
    if len(body) < LZF_HEAD_BYTES:
        raise _too_few(header, "a block of compressed data", "none")
    stored, size = (int.from_bytes(body[at : at + 4], "little") for at in (0, 4))
    needed = header.points * header.stride_bytes
    if size != needed or size > LARGEST_CLOUD_BYTES or stored > len(body) - LZF_HEAD_BYTES:
        raise _too_few(header, f"{needed:,} bytes once unpacked", f"{size:,}")
    return lzf_decompressed(bytes(body[LZF_HEAD_BYTES:][:stored]), size_bytes=size)


def lzf_decompressed(packed: bytes, *, size_bytes: int) -> bytes:
    """Unpack LZF data to exactly the announced size.

    Raises:
        Unreadable: If the data ends early, points before its start, or gives another size.

    Source:
        M. Lehmann's LZF format: a control byte below 32 starts a literal run, another a copy of
        what was unpacked already.
    """
    out = bytearray()
    at, end = 0, len(packed)
    try:
        while at < end and len(out) <= size_bytes:
            control = packed[at]
            at += 1
            if control < LZF_LITERALS:
                out += packed[at : at + control + 1]
                at += control + 1
                continue
            length = control >> 5
            if length == LZF_LONG:
                length += packed[at]
                at += 1
            start = len(out) - ((control & 31) << 8) - packed[at] - 1
            at += 1
            _copy(out, start, length + 2)
    except IndexError:
        out.clear()
    if len(out) != size_bytes:
        raise Unreadable("DATA", "The compressed data is damaged.", mend=COPY_AGAIN)
    return bytes(out)


def _copy(out: bytearray, start: int, length: int) -> None:
    """Append what stands at start; the copy may run into itself."""
    if start < 0:
        raise IndexError(start)
    chunk = bytes(out[start : start + length])
    out += (chunk * -(-length // len(chunk)))[:length]


def _too_few(header: _Header, needed: str, held: str) -> Unreadable:
    return Unreadable(
        "POINTS",
        f"The header claims {header.points:,} points, which need {needed}; the file holds {held}.",
        mend="The file is cut off or its header is wrong: copy or export it again.",
    )
