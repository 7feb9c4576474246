"""`python -m bench [name …]`: run the named measurements, or all of them. Exit status 1: a bar does not hold."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

import bench

FIRST = "ingest"
ROOT = Path(__file__).parents[1]
CORE = ROOT / "layers/core/python"


def main() -> int:
    found = {module.name for module in pkgutil.iter_modules(bench.__path__) if not module.name.startswith("_")}
    names = [FIRST, *sorted(found - {FIRST})]
    wanted = sys.argv[1:] or names
    unknown = sorted(set(wanted) - set(names))
    if unknown:
        print(f"no such measurement: {', '.join(unknown)}; there are {', '.join(names)}", file=sys.stderr)
        return 2
    # Where Lambda has the package from the core layer. Processes that a measurement starts get the same path.
    sys.path[:0] = [str(CORE), str(ROOT / "simulator")]
    status = 0
    for name in wanted:
        status = importlib.import_module(f"bench.{name}").run() or status
    return status


if __name__ == "__main__":
    sys.exit(main())
