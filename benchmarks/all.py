"""Runs every benchmark, one after the other, each in its own process.

`python -m benchmarks.all` prints their JSON and fails if one of them does. A benchmark is a module
beside this one whose first lines say how to run it.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def names() -> list[str]:
    """Benchmarks that say `python -m benchmarks.<name>` of themselves."""
    return sorted(
        path.stem
        for path in HERE.glob("*.py")
        if path.stem != Path(__file__).stem
        and f"`python -m benchmarks.{path.stem}`" in path.read_text(encoding="utf-8")[:1000]
    )


def main() -> None:
    """Run them and name those that failed."""
    failed = [
        name
        for name in names()
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode
    ]
    if failed:
        sys.exit(f"Benchmarks that failed: {', '.join(failed)}.")


if __name__ == "__main__":
    main()
