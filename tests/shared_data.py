"""Finds the shared recordings: the folder `shared/data` beside the project, or `CONCORD_SHARED_DATA`."""

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent


def shared_root() -> Path:
    """The folder of recordings; it may not exist."""
    return Path(os.environ.get("CONCORD_SHARED_DATA") or PROJECT.parent / "shared" / "data")


def shared(*parts: str) -> Path:
    """One shared file or folder; skips the test where it is absent, and fails it in CI.

    Example:
        `frame = shared("kitti", "training")`
    """
    path = shared_root().joinpath(*parts)
    if not path.exists():
        said = f"the shared recording {'/'.join(parts) or 'folder'} is absent; set CONCORD_SHARED_DATA"
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)
    return path
