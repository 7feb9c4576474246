"""`python -m bench [name …]`: run the named measurements, or all of them. Exit status 1: a bar does not hold.

Whole numbers behind a name are the sizes that it measures instead of its own, where it takes any: ``way 12 1000``.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Sequence
from pathlib import Path

import bench

FIRST = "ingest"
SIZED = ("way",)
ROOT = Path(__file__).parents[1]
CORE = ROOT / "layers/core/python"


def main() -> int:
    found = {module.name for module in pkgutil.iter_modules(bench.__path__) if not module.name.startswith("_")}
    names = [FIRST, *sorted(found - {FIRST})]
    wanted = _wanted(sys.argv[1:] or names)
    unknown = sorted({name for name, sizes in wanted if name not in names or (sizes and name not in SIZED)})
    if unknown:
        there_are = f"there are {', '.join(names)}; sizes take {', '.join(SIZED)}"
        print(f"no such measurement: {', '.join(unknown)}; {there_are}", file=sys.stderr)
        return 2
    # Where Lambda has the package from the core layer. Processes that a measurement starts get the same path.
    sys.path[:0] = [str(CORE), str(ROOT / "simulator")]
    status = 0
    for name, sizes in wanted:
        status = importlib.import_module(f"bench.{name}").run(*sizes) or status
    return status


def _wanted(words: Sequence[str]) -> list[tuple[str, list[int]]]:
    """Each name with its sizes."""
    wanted: list[tuple[str, list[int]]] = []
    for word in words:
        if word.isdecimal() and wanted:
            wanted[-1][1].append(int(word))
        else:
            wanted.append((word, []))
    return wanted


if __name__ == "__main__":
    sys.exit(main())
