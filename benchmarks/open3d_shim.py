"""Open3D on a machine without libusb: its shared library comes from a wheel and is loaded first."""

import ctypes

import libusb_package

ctypes.CDLL(str(libusb_package.get_library_path()), mode=ctypes.RTLD_GLOBAL)

import open3d as o3d  # noqa: E402 -- only after the library that it links to

__all__ = ["o3d"]
