"""How benchmarks time and print."""

import json
import os
import platform
import time
from collections.abc import Callable
from typing import Any

import numpy as np


def measure(work: Callable[[], object], *, rounds: int = 15) -> dict[str, float]:
    """Run a few times; give milliseconds of wall clock and of this process's cores.

    `cpu_ms` is the least compute, of all threads; targets are judged on it, because it still means
    something on a machine that others use. `best_ms` is the least wall clock; `median_ms` beside it
    shows how quiet the machine was.
    """
    spent, computed = [], []
    for _ in range(rounds):
        start, cpu = time.perf_counter(), time.process_time()
        work()
        spent.append(1000 * (time.perf_counter() - start))
        computed.append(1000 * (time.process_time() - cpu))
    return {
        "cpu_ms": round(min(computed), 3),
        "best_ms": round(min(spent), 3),
        "median_ms": round(sorted(spent)[rounds // 2], 3),
    }


def report(name: str, **measured: Any) -> None:
    """Print one JSON object."""
    machine = {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "cores": os.cpu_count(),
        "load_1min": round(os.getloadavg()[0], 2),
    }
    print(json.dumps({"benchmark": name, **measured, "machine": machine}, indent=1))
