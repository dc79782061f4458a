"""Write the golden vectors: `python -m tests.golden.make` (`--check` only compares)."""

import json
import sys
from pathlib import Path

from tests.golden import make_checks, make_geometry, make_points

HERE = Path(__file__).parent


def files():
    return {**make_geometry.files(), **make_points.files(), **make_checks.files()}


def text(document):
    """One case a line, so that a change shows as the lines it changes."""
    cases = ",\n".join("  " + json.dumps(case, allow_nan=False) for case in document["cases"])
    head = {k: v for k, v in document.items() if k != "cases"}
    lines = "".join(f" {json.dumps(k)}: {json.dumps(v)},\n" for k, v in head.items())
    return f'{{\n{lines} "cases": [\n{cases}\n ]\n}}\n'


def main():
    stale = []
    for name, document in files().items():
        path = HERE / f"{name}.json"
        if "--check" in sys.argv:
            if not path.exists() or path.read_text() != text(document):
                stale.append(name)
        else:
            path.write_text(text(document))
    if stale:
        sys.exit(f"Stale golden files: {', '.join(stale)}. Run python -m tests.golden.make.")


if __name__ == "__main__":
    main()
