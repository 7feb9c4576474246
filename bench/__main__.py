"""`python -m bench [name …]`: run the named measurements, or all of them."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

import bench

CORE = Path(__file__).parents[1] / "layers/core/python"


def main() -> int:
    names = [module.name for module in pkgutil.iter_modules(bench.__path__) if not module.name.startswith("_")]
    wanted = sys.argv[1:] or names
    unknown = sorted(set(wanted) - set(names))
    if unknown:
        print(f"no such measurement: {', '.join(unknown)}; there are {', '.join(names)}", file=sys.stderr)
        return 2
    # Where Lambda has the package from the core layer. Processes that a measurement starts get the same path.
    sys.path.insert(0, str(CORE))
    for name in wanted:
        importlib.import_module(f"bench.{name}").run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
