"""The part of a file that a Range header asks for (RFC 9110, section 14)."""

import re
from typing import NamedTuple

ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class ByteRange(NamedTuple):
    """First and last byte, both included."""

    first: int
    last: int


class Unsatisfiable(ValueError):
    """The range begins beyond the end of the file."""


def asked_range(header: str, size_bytes: int) -> ByteRange | None:
    """Read a Range header; several ranges or an unknown unit mean the whole file.

    Raises:
        Unsatisfiable: If the range holds no byte of the file.
    """
    match = ONE_RANGE.fullmatch(header.strip())
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        begin, end = max(0, size_bytes - int(last)), size_bytes - 1
        if int(last) == 0:
            raise Unsatisfiable(header)
    else:
        begin, end = int(first), min(int(last or size_bytes), size_bytes - 1)
        if last and int(last) < begin:
            return None
    if begin >= size_bytes:
        raise Unsatisfiable(header)
    return ByteRange(begin, end)
