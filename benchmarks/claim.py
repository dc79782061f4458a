"""Claim of the next task: does its cost grow with the queue, and is a task ever given twice?

`python -m benchmarks.claim` prints JSON; on PostgreSQL when `DATABASE_URL` names one, else on SQLite.
"""

import argparse
import json
import statistics
import sys
import time
from contextlib import ExitStack
from typing import Any

from benchmarks.scratch import run, scratch_database, start, vendor

WORK = "benchmarks.claim_work"
PROCESSES = 8
MOST_RATIO = 1.5
# Connections, plans and caches.
WARM_UP = 20


def ratios(*, small: int, large: int, claims: int) -> dict[str, Any]:
    """Time claims from a short and a long queue in turns, so that both meet the same machine.

    Args:
        small: Tasks that wait, and tasks that others hold, in the short one.
        large: Likewise in the long one.
        claims: How many of each kind are timed in each queue.
    """
    with ExitStack() as stack:
        queues = {}
        for name, size in (("small", small), ("large", large)):
            scratch = stack.enter_context(scratch_database(name))
            run(scratch, WORK, "fill", size, size, 1)
            queues[name] = start(scratch, WORK, "measure")
        took_s: dict[tuple[str, str], list[float]] = {}
        for turn in range(WARM_UP + claims):
            order = ["small", "large"] if turn % 2 else ["large", "small"]
            for kind in ("label", "review"):
                for name in order:
                    pipe = queues[name][1]
                    pipe.send((kind, 1))
                    took = pipe.recv()
                    if turn >= WARM_UP:
                        took_s.setdefault((name, kind), []).extend(took)
        for process, pipe in queues.values():
            pipe.send(None)
            process.join()
    found: dict[str, Any] = {"small_tasks": small, "large_tasks": large}
    for kind in ("label", "review"):
        middle = {name: statistics.median(took_s[name, kind]) for name in queues}
        found[f"{kind}_small_ms"] = round(1000 * middle["small"], 3)
        found[f"{kind}_large_ms"] = round(1000 * middle["large"], 3)
        found[f"{kind}_ratio"] = round(middle["large"] / middle["small"], 3)
    return found


def double_claims(*, tasks: int, clients: int, projects: int = 1) -> dict[str, Any]:
    """Let many clients empty queues at once, and count tasks that two of them were given.

    Args:
        tasks: How many wait in all.
        clients: How many ask, in threads of a few processes.
        projects: Over how many the tasks are spread; everybody works in all of them.
    """
    with scratch_database("drain") as scratch:
        run(scratch, WORK, "fill", tasks // projects, 0, clients, projects)
        threads = max(1, clients // PROCESSES)
        workers = [
            start(scratch, WORK, "drain", number, threads) for number in range(0, clients, threads)
        ]
        for _, pipe in workers:
            pipe.recv()
        begun = time.perf_counter()
        for _, pipe in workers:
            pipe.send("go")
        said: list[Any] = [pipe.recv() for _, pipe in workers]
        took_s = time.perf_counter() - begun
        for process, _ in workers:
            process.join()
        after = run(scratch, WORK, "count")
    taken = [task for tasks_of_one, _ in said for task in tasks_of_one]
    failed = [error for _, errors in said for error in errors]
    return {
        "clients": clients,
        "claims": len(taken),
        "double_claims": len(taken) - len(set(taken)),
        "errors": failed[:5],
        "error_count": len(failed),
        "claims_per_s": round(len(taken) / took_s, 1),
        "after": after,
    }


def main() -> int:
    """Run both, print what was found, and fail if a bound is broken."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--small", type=int, default=1_000)
    options.add_argument("--large", type=int, default=100_000)
    options.add_argument("--timed", type=int, default=400)
    options.add_argument("--tasks", type=int, default=10_000)
    options.add_argument("--clients", type=int, default=32)
    asked = options.parse_args()
    found = {
        "benchmark": "claim",
        "database": vendor(),
        **ratios(small=asked.small, large=asked.large, claims=asked.timed),
        **double_claims(tasks=asked.tasks, clients=asked.clients),
    }
    kept = (
        found["label_ratio"] <= MOST_RATIO
        and found["review_ratio"] <= MOST_RATIO
        and found["double_claims"] == 0
        and found["error_count"] == 0
        and found["claims"] == asked.tasks
    )
    print(json.dumps({**found, "most_ratio": MOST_RATIO, "kept": kept}, indent=1))
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
