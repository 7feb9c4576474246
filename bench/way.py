"""From the drop of a file to its closed run, on the local stack: ``python -m bench way``.

Where the time goes, by what the stack's functions and the simulator say of themselves, and what the relay adds to the
simulator's own time for an import. Each size is dropped twice, into warm functions the second time, which counts. The
emulator of AWS works on the same cores, so that its time is in ours. ``WAY_CONTACTS`` (``12,1000,100000,1000000``,
and ``5000000``) are the sizes.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.ingest.files import make_csv
from listrak_relay.domain.destinations.destinations import MASTER_LIST
from local.lambda_runtime.function import InvocationRecord
from local.relay_client import Dropped
from local.stack import LocalStack

SIZES = "12,1000,100000,1000000,5000000"
AUDIENCES, THEIR_CONTACTS = 30, 1_000
MOST_ADDED = {12: 1.5, 1_000_000: 4.0}
"""The bars: seconds that the relay adds for so many contacts."""
_LONGEST_SECONDS = 1_800.0


@dataclass(frozen=True, slots=True)
class Way:
    """Seconds. ``start``: from the stored file to the begin of its ingest. ``read``: ingest. ``deliver``: whatever
    sends, calls and uploads. ``listrak``: of the imports, as the simulator says. ``close``: closing the run.
    ``waiting``: all the rest, most of it between two looks at an import."""

    contacts: int
    whole: float
    start: float
    read: float
    deliver: float
    listrak: float
    close: float

    @property
    def added(self) -> float:
        return self.whole - self.listrak

    @property
    def waiting(self) -> float:
        return max(0.0, self.added - self.start - self.read - self.deliver - self.close)


def run() -> int:
    console = Console()
    sizes = [int(size) for size in os.environ.get("WAY_CONTACTS", SIZES).split(",")]
    with tempfile.TemporaryDirectory(prefix="relay-way-") as name:
        folder = Path(name)
        with LocalStack(folder / "stack") as stack:
            ways = [_measure(stack, folder, size) for size in sizes]
            together = _at_once(stack, folder)
    _print(console, ways, together)
    return _hold(console, ways)


def _measure(stack: LocalStack, folder: Path, contacts: int) -> Way:
    file = folder / f"{contacts}.csv"
    make_csv(file, contacts)
    try:
        _follow(stack, file, contacts, "first")
        return _follow(stack, file, contacts, "again")
    finally:
        file.unlink()


def _follow(stack: LocalStack, file: Path, contacts: int, name: str) -> Way:
    before, imports = len(stack.invocations), len(stack.simulator.imports(MASTER_LIST))
    dropped = stack.drop(f"email/bench_{contacts}/{name}.csv", file)
    stored = time.time()
    report = stack.wait_for_run(dropped, _LONGEST_SECONDS)
    closed = datetime.fromisoformat(report["closed_at"]).timestamp()
    made = stack.invocations[before:]
    ingest = _of("Ingest", made)
    return Way(
        contacts=contacts,
        whole=closed - stored,
        start=max(0.0, min(one.started_at for one in ingest) - stored),
        read=_seconds(ingest),
        deliver=_seconds(_of("DeliverEmail", made)),
        listrak=sum(job["seconds"] for job in stack.simulator.imports(MASTER_LIST)[imports:]),
        close=_seconds(_of("CloseRun", made)),
    )


def _at_once(stack: LocalStack, folder: Path) -> float:
    """Seconds from the first drop of thirty audiences of one list to the close of the last."""
    file = folder / "one.csv"
    make_csv(file, THEIR_CONTACTS)
    began = time.time()
    dropped: list[Dropped] = [stack.drop(f"email/together_{n}/one.csv", file) for n in range(AUDIENCES)]
    closed = [stack.wait_for_run(one, _LONGEST_SECONDS)["closed_at"] for one in dropped]
    return max(datetime.fromisoformat(at).timestamp() for at in closed) - began


def _of(name: str, made: Iterable[InvocationRecord]) -> list[InvocationRecord]:
    return [one for one in made if one.function.startswith(name)]


def _seconds(made: Iterable[InvocationRecord]) -> float:
    return sum(one.seconds for one in made)


def _print(console: Console, ways: Sequence[Way], together: float) -> None:
    table = Table(title="From the drop to the closed run, seconds")
    for name in ("contacts", "whole", "start", "read", "deliver", "Listrak", "close", "waiting", "relay adds", "share"):
        table.add_column(name, justify="right")
    for way in ways:
        seconds = (way.whole, way.start, way.read, way.deliver, way.listrak, way.close, way.waiting, way.added)
        share = f"{100 * way.added / way.whole:.0f} %"
        table.add_row(f"{way.contacts:,}", *(f"{value:.2f}" for value in seconds), share)
    console.print(table)
    console.print(f"{AUDIENCES} audiences of {THEIR_CONTACTS:,} contacts at once on one list: {together:.1f} s")


def _hold(console: Console, ways: Sequence[Way]) -> int:
    status = 0
    for way in ways:
        if way.contacts in MOST_ADDED:
            held = way.added < MOST_ADDED[way.contacts]
            status |= not held
            console.print(
                f"{'held' if held else 'NOT HELD'}: the relay adds less than {MOST_ADDED[way.contacts]} s for "
                f"{way.contacts:,} contacts: {way.added:.2f} s"
            )
    return status
