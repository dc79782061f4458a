"""Open3D on a machine with no USB or GL libraries: `from ...headless_open3d import o3d`.

The wheel's library is linked at load time against libusb, EGL, X11 and GL, which ray casting never calls.
Where the machine has them they are used; libusb otherwise comes from a wheel, and for the rest a stub library
of the same name, in which every function returns 0, is written and loaded first. Never render windows with it.
"""

import ctypes
import importlib
import importlib.util
import platform
import re
import struct
import tempfile
from pathlib import Path
from typing import Any

import libusb_package

_GRAPHICS = {"libEGL.so.1": r"egl[A-Z]", "libX11.so.6": r"X[A-Z]", "libGL.so.1": r"gl[A-Z]"}
SHT_DYNSYM = 11
_RETURN_ZERO = b"\x31\xc0\xc3"  # xor eax, eax; ret


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library, mode=ctypes.RTLD_GLOBAL)
    except OSError:
        return False
    return True


def _undefined_symbols(library: Path) -> list[str]:
    """Names that a 64-bit ELF library expects others to define (ELF-64 object file format, .dynsym)."""
    content = library.read_bytes()
    (table,) = struct.unpack_from("<Q", content, 0x28)
    entry_size, count, _ = struct.unpack_from("<HHH", content, 0x3A)
    sections = [
        struct.unpack_from("<IIQQQQIIQQ", content, table + i * entry_size) for i in range(count)
    ]
    found = []
    for section in sections:
        if section[1] != SHT_DYNSYM:
            continue
        strings = sections[section[6]][4]
        for at in range(section[4], section[4] + section[5], 24):
            name, _, _, defined_in, _, _ = struct.unpack_from("<IBBHQQ", content, at)
            if defined_in == 0 and name:
                end = content.index(b"\0", strings + name)
                found.append(content[strings + name : end].decode())
    return found


def _stub_library(soname: str, symbols: list[str]) -> bytes:
    """A minimal x86-64 shared object that exports the symbols, each a function returning 0."""
    strings, offsets = b"\0", []
    for name in [soname, *symbols]:
        offsets.append(len(strings))
        strings += name.encode() + b"\0"
    count = len(symbols) + 1
    at_strings = 64 + 2 * 56
    at_symbols = (at_strings + len(strings) + 7) // 8 * 8
    at_hash = at_symbols + 24 * count
    at_code = (at_hash + 4 * (3 + count) + 15) // 16 * 16
    at_dynamic = at_code + 16
    entries = [(14, offsets[0]), (4, at_hash), (5, at_strings), (6, at_symbols)]
    entries += [(10, len(strings)), (11, 24), (0, 0)]
    dynamic = b"".join(struct.pack("<QQ", *entry) for entry in entries)
    size = at_dynamic + len(dynamic)
    image = bytearray(size)
    image[:64] = (
        b"\x7fELF\x02\x01\x01"
        + bytes(9)
        + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56, 2, 64, 0, 0)
    )
    image[64:176] = struct.pack("<IIQQQQQQ", 1, 7, 0, 0, 0, size, size, 0x1000) + struct.pack(
        "<IIQQQQQQ", 2, 6, at_dynamic, at_dynamic, at_dynamic, len(dynamic), len(dynamic), 8
    )
    image[at_strings : at_strings + len(strings)] = strings
    for i in range(1, count):
        struct.pack_into("<IBBHQQ", image, at_symbols + 24 * i, offsets[i], 0x12, 0, 1, at_code, 3)
    chain = [0] + [i + 1 if i + 1 < count else 0 for i in range(1, count)]
    struct.pack_into(f"<III{count}I", image, at_hash, 1, count, 1 if count > 1 else 0, *chain)
    image[at_code : at_code + 3] = _RETURN_ZERO
    image[at_dynamic:] = dynamic
    return bytes(image)


def _preload() -> None:
    if not _loads("libusb-1.0.so.0"):
        ctypes.CDLL(str(libusb_package.get_library_path()), mode=ctypes.RTLD_GLOBAL)
    missing = [name for name in _GRAPHICS if not _loads(name)]
    spec = importlib.util.find_spec("open3d")
    if not missing or platform.machine() != "x86_64" or spec is None or spec.origin is None:
        return
    wanted = _undefined_symbols(next(Path(spec.origin).parent.glob("libOpen3D.so*")))
    folder = Path(tempfile.mkdtemp(prefix="concord-stubs-"))
    for name in missing:
        stub = folder / name
        stub.write_bytes(_stub_library(name, [s for s in wanted if re.match(_GRAPHICS[name], s)]))
        ctypes.CDLL(str(stub), mode=ctypes.RTLD_GLOBAL)


_preload()

o3d: Any = importlib.import_module("open3d")
"""Open3D; its stubs do not describe the tensors that it takes."""
