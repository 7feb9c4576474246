"""What a new environment of each function takes before its first event: ``python -m bench starting``.

The functions are built by `sam build` from the pins that are deployed, for this machine, and each handler is imported
by a process of its own that can import nothing else. *As deployed* Python compiles every module, since the layers hold
no compiled ones and Lambda has nowhere to keep them; *compiled* is what is left where it need not. The quickest of some
counts. Memory is the process's own peak as deployed, Python's with it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from tests.support.packaging.built import BuiltFunction, build, size
from tests.support.packaging.importing import Imported, import_as_deployed, import_handler
from tests.support.paths import ROOT

REPEATS = 5
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Start:
    deployed: Imported
    compiled: Imported


def start_of(function: BuiltFunction, repeats: int = REPEATS) -> Start:
    import_handler(function)  # compiles, beside what is deployed
    deployed = _quickest(lambda: import_as_deployed(function), repeats)
    return Start(deployed, _quickest(lambda: import_handler(function), repeats))


def _quickest(measure: Callable[[], Imported], repeats: int) -> Imported:
    return min((measure() for _ in range(repeats)), key=lambda one: one.seconds)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.starting", description=__doc__)
    parser.add_argument("--repeats", type=int, default=REPEATS, metavar="N")
    return run(parser.parse_args().repeats)


def run(repeats: int = REPEATS) -> int:
    functions = build(ROOT / ".build/host", LAMBDA_MACHINE="host")
    unzipped = {function.name: size(function.code, *function.layers) for function in functions}
    starts = {function.name: start_of(function, repeats) for function in functions}
    table = Table("function", "unzipped, MB", "as deployed, s", "compiled, s", "peak, MB", title="Importing a handler")
    for name, start in sorted(starts.items(), key=lambda one: -one[1].deployed.seconds):
        table.add_row(
            name.removesuffix("Function"),
            f"{unzipped[name] / _MEGABYTE:.1f}",
            f"{start.deployed.seconds:.2f}",
            f"{start.compiled.seconds:.2f}",
            f"{start.deployed.peak / _MEGABYTE:.0f}",
        )
    Console().print(table)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
