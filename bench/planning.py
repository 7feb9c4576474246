"""The figures by which `listrak-relay capacity` plans a night, from the local stack: ``python -m bench planning``.

What a run takes by itself, and what each contact, each look at an import, each phone number and each changed one adds,
in what AWS charges for and in seconds of each function; from runs of two sizes, and of one whose import takes long. It
prints the table of `cli/capacity/measured.py`. Each kind of run is done once before, so that lists and fields are there
and functions are warm.
"""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.ingest.files import make_csv
from bench.price import amounts, put_on_list, texts
from listrak_relay.domain.destinations.destinations import MASTER_LIST
from local.stack import LocalStack

FEW, MANY = 1_000, 1_000_000
"""Contacts. The smaller file is what a run takes by itself."""
FEW_NUMBERS, MANY_NUMBERS = 2_000, 20_000
"""The larger file has as many batches as functions work on at once."""
LONG_IMPORT_SECONDS = 90.0
_USUAL_IMPORT_SECONDS = 0.5
_LONGEST_SECONDS = 1_800.0


@dataclass(frozen=True, slots=True)
class Taken:
    """By one run. ``amounts`` by the names of `COUNTERS`; ``seconds`` by function; ``added``: seconds from the drop to
    the close, without those of its imports; ``looks`` at them."""

    amounts: dict[str, float]
    seconds: dict[str, float]
    added: float
    looks: int


@dataclass(frozen=True, slots=True)
class Share:
    """What one of something takes."""

    amounts: dict[str, float]
    seconds: dict[str, float]


def run(few: int = FEW, many: int = MANY, numbers: tuple[int, int] = (FEW_NUMBERS, MANY_NUMBERS)) -> int:
    with tempfile.TemporaryDirectory(prefix="relay-planning-") as name, LocalStack(Path(name) / "stack") as stack:
        folder = Path(name)
        small, large, slow, row_bytes = _email(stack, folder, few, many)
        right, more, changed = _sms(stack, folder, *numbers)
    shares = {
        "a run of email": Share(small.amounts, small.seconds),
        "a contact": _difference(large, small, many - few),
        "a look at an import": _difference(slow, small, slow.looks - small.looks),
        "a run of SMS": Share(right.amounts, right.seconds),
        "a phone number": _difference(more, right, numbers[1] - numbers[0]),
        "a changed number": _difference(changed, more, numbers[1]),
    }
    console = Console(width=160)
    console.print(_table("What it takes", {what: share.amounts for what, share in shares.items()}))
    console.print(_table("Seconds of functions", {what: share.seconds for what, share in shares.items()}))
    added = f"{small.added:.2f} s to its import of {few:,} and {large.added:.2f} s to that of {many:,}"
    console.print(f"a run adds {added} contacts")
    console.print(f"bytes of a row: {row_bytes:.0f}")
    return 0


def _email(stack: LocalStack, folder: Path, few: int, many: int) -> tuple[Taken, Taken, Taken, float]:
    """A small run, a large one, a small one whose import takes long; and the bytes of a row."""
    small, large = folder / "few.csv", folder / "many.csv"
    make_csv(small, few)
    make_csv(large, many)
    for _ in range(2):
        of_few = _follow(stack, "email/planning/few.csv", small)
    of_many = _follow(stack, "email/planning/many.csv", large)
    stack.simulator.settings(import_processing_seconds=LONG_IMPORT_SECONDS)
    slow = _follow(stack, "email/planning/slow.csv", small)
    stack.simulator.settings(import_processing_seconds=_USUAL_IMPORT_SECONDS)
    return of_few, of_many, slow, large.stat().st_size / many


def _sms(stack: LocalStack, folder: Path, few: int, many: int) -> tuple[Taken, Taken, Taken]:
    """Few numbers and many that are right, and many of which each is changed. Those of the few are among the many."""

    def drop(rows: int, changed: float, name: str) -> Taken:
        file = folder / name
        texts(file, rows, changed)
        return _follow(stack, f"sms/planning/{name}", file)

    put_on_list(stack, many)
    drop(few, 0, "first.csv")
    return drop(few, 0, "few.csv"), drop(many, 0, "many.csv"), drop(many, 1, "changed.csv")


def _follow(stack: LocalStack, key: str, file: Path) -> Taken:
    calls, invocations = len(stack.decisions.all()), len(stack.invocations)
    imports = len(stack.simulator.imports(MASTER_LIST))
    dropped = stack.drop(key, file)
    stored = time.time()
    report = stack.wait_for_run(dropped, _LONGEST_SECONDS)
    assert report["status"] == "COMPLETED", report["status"]
    made = stack.invocations[invocations:]
    seconds: dict[str, float] = defaultdict(float)
    for one in made:
        seconds[one.function.removesuffix("Function")] += one.seconds
    listrak = sum(job["seconds"] for job in stack.simulator.imports(MASTER_LIST)[imports:])
    return Taken(
        amounts(stack, stack.decisions.all()[calls:], made, file.stat().st_size),
        dict(seconds),
        datetime.fromisoformat(report["closed_at"]).timestamp() - stored - listrak,
        sum(one.function == "MonitorImportFunction" for one in made),
    )


def _difference(more: Taken, less: Taken, times: int) -> Share:
    def each(of: Callable[[Taken], dict[str, float]]) -> dict[str, float]:
        names: Iterable[str] = of(more).keys() | of(less).keys()
        return {name: max(0.0, of(more).get(name, 0.0) - of(less).get(name, 0.0)) / times for name in names}

    return Share(each(lambda taken: taken.amounts), each(lambda taken: taken.seconds))


def _table(title: str, rows: dict[str, dict[str, float]]) -> Table:
    names = sorted({name for row in rows.values() for name in row})
    table = Table("of", *names, title=title)
    for what, row in rows.items():
        table.add_row(what, *(f"{row.get(name, 0.0):.3g}" for name in names))
    return table
