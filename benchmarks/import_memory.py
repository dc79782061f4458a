"""Memory of an import: a thousand KITTI-sized frames stream through, and it stays flat.

`python -m benchmarks.import_memory` prints JSON; `--frames` makes it shorter. It imports by the same
command as anybody, in a process of its own, into a database and a store that are thrown away.
"""

import argparse
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.timing import report

MOST_MIB = 1024
POINTS = 120_000
SIZE_PX = (1242, 375)
PICTURES = 8
CALIBRATION = """\
P2: 721.5377 0 609.5593 44.85728 0 721.5377 172.854 0.2163791 0 0 1 0.002745884
R0_rect: 1 0 0 0 1 0 0 0 1
Tr_velo_to_cam: 0 -1 0 0 0 0 -1 -0.08 1 0 0 -0.27
"""
LABEL = "Car 0 0 -1.57 599.4 156.4 629.8 189.3 1.5 1.7 4.2 0.5 1.7 30 -1.56\n"


def write_recording(root: Path, *, frames: int) -> int:
    """Write frames like KITTI's, each with points of its own; says how many bytes."""
    rng = np.random.default_rng(7)
    turn = rng.uniform(-np.pi, np.pi, POINTS)
    reach_m = rng.uniform(3, 80, POINTS)
    ground_m = rng.normal(-1.7, 0.03, POINTS)
    cloud = np.column_stack(
        [reach_m * np.cos(turn), reach_m * np.sin(turn), ground_m, rng.uniform(0, 1, POINTS)]
    ).astype("<f4")
    pictures = [_picture(rng) for _ in range(PICTURES)]
    written = 0
    for folder in ("velodyne", "image_2", "calib", "label_2"):
        (root / folder).mkdir(parents=True)
    for frame in range(frames):
        points = cloud.copy()
        points[:, :2] += rng.normal(0, 0.02, 2).astype("<f4")
        files = {
            f"velodyne/{frame:06d}.bin": points.tobytes(),
            f"image_2/{frame:06d}.png": pictures[frame % PICTURES],
            f"calib/{frame:06d}.txt": CALIBRATION.encode(),
            f"label_2/{frame:06d}.txt": LABEL.encode(),
        }
        for name, content in files.items():
            (root / name).write_bytes(content)
            written += len(content)
    return written


def _picture(rng: np.random.Generator) -> bytes:
    """A picture that packs about as well as a photograph of a street."""
    small = rng.integers(0, 255, (75, 249, 3), np.uint8)
    image = Image.fromarray(small).resize(SIZE_PX, Image.Resampling.BICUBIC)
    noisy = np.asarray(image).astype(np.int16) + rng.integers(-3, 4, (*SIZE_PX[::-1], 3))
    buffer = io.BytesIO()
    Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def measured(*, frames: int) -> dict[str, Any]:
    """Import in a process of its own, and look at the most memory that it ever held."""
    with tempfile.TemporaryDirectory(prefix="concord-bench-") as name:
        folder = Path(name)
        written = write_recording(folder / "recording", frames=frames)
        environ = {
            **os.environ,
            "CONCORD_DATA_DIR": str(folder / "data"),
            "DATABASE_URL": "",
            "LOG_LEVEL": "WARNING",
        }
        environ.pop("DJANGO_SETTINGS_MODULE", None)
        _manage(environ, "migrate", "-v", "0")
        before_s = time.perf_counter()
        cpu_before = resource.getrusage(resource.RUSAGE_CHILDREN)
        _manage(
            environ,
            *("import_recording", str(folder / "recording"), "--project", "bench"),
            *("--create-project", "--with-labels", "--report", str(folder / "report.json")),
        )
        took_s = time.perf_counter() - before_s
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        told = json.loads((folder / "report.json").read_text())
    peak_mib = used.ru_maxrss / 1024
    cpu_s = used.ru_utime + used.ru_stime - cpu_before.ru_utime - cpu_before.ru_stime
    return {
        "frames": frames,
        "recording_mb": round(written / 1e6, 1),
        "scenes": len(told["scenes"]),
        "state": told["state"],
        "took_s": round(took_s, 1),
        "cpu_ms_per_frame": round(1000 * cpu_s / frames, 1),
        "peak_rss_mib": round(peak_mib, 1),
        "most_mib": MOST_MIB,
        "ok": peak_mib < MOST_MIB and len(told["scenes"]) == frames,
    }


def _manage(environ: dict[str, str], *args: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *args],
        env=environ,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=1000)
    found = measured(frames=parser.parse_args().frames)
    report("import_memory", **found)
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
