"""From the drop of a file to its closed run, on the local stack: ``python -m bench way [contacts …]``.

Where the time goes, by what the stack's functions and the simulator say of themselves, and what the relay adds to the
simulator's own time for an import. Each size is a process and a stack of its own, into which a small file is dropped
before, so that functions are warm, and list and fields are there. Without sizes thirty audiences of one list are
dropped at once, too. The emulator of AWS works on the same cores, so that its time is in ours.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench._processes import measure_apart
from bench.ingest.files import make_csv
from listrak_relay.domain.destinations.destinations import MASTER_LIST
from local.lambda_runtime.function import InvocationRecord
from local.stack import LocalStack

SIZES = (12, 1_000, 100_000, 1_000_000, 5_000_000)
AUDIENCES, THEIR_CONTACTS = 30, 1_000
MOST_ADDED = {12: 1.5, 1_000_000: 4.0}
"""The bars: seconds that the relay adds for so many contacts."""
_LONGEST_SECONDS = 1_800.0
_FEW, _ALL = "few.csv", "all.csv"
_FIRST = 1_000
"""Contacts at most of the file that is dropped before."""


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


def run(*sizes: int) -> int:
    console = Console(width=110)
    ways: list[Way] = []
    for size in sizes or SIZES:
        begun = time.monotonic()
        ways += measure_apart([size], _write, _measure, Way)
        console.print(f"{size:,} contacts: {ways[-1].whole:.1f} s; measured in {time.monotonic() - begun:.0f} s")
    _print(console, ways)
    if not sizes:
        (together,) = measure_apart([THEIR_CONTACTS], _write, _at_once, float)
        console.print(f"{AUDIENCES} audiences of {THEIR_CONTACTS:,} contacts at once on one list: {together:.1f} s")
    return _hold(console, ways)


def _write(contacts: int, folder: Path) -> None:
    make_csv(folder / _FEW, min(contacts, _FIRST))
    make_csv(folder / _ALL, contacts)


def _measure(contacts: int, folder: Path, result: Connection) -> None:
    with LocalStack(folder / "stack") as stack:
        _follow(stack, folder / _FEW, contacts, "first")
        result.send(_follow(stack, folder / _ALL, contacts, "again"))


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


def _at_once(_: int, folder: Path, result: Connection) -> None:
    """Seconds from the first drop of thirty audiences of one list to the close of the last."""
    with LocalStack(folder / "stack") as stack:
        _follow(stack, folder / _FEW, THEIR_CONTACTS, "first")
        began = time.time()
        dropped = [stack.drop(f"email/together_{n}/one.csv", folder / _ALL) for n in range(AUDIENCES)]
        closed = [stack.wait_for_run(one, _LONGEST_SECONDS)["closed_at"] for one in dropped]
        result.send(max(datetime.fromisoformat(at).timestamp() for at in closed) - began)


def _of(name: str, made: Iterable[InvocationRecord]) -> list[InvocationRecord]:
    return [one for one in made if one.function.startswith(name)]


def _seconds(made: Iterable[InvocationRecord]) -> float:
    return sum(one.seconds for one in made)


def _print(console: Console, ways: Sequence[Way]) -> None:
    table = Table(title="From the drop to the closed run, seconds")
    for name in ("contacts", "whole", "start", "read", "deliver", "Listrak", "close", "waiting", "relay adds", "share"):
        table.add_column(name, justify="right")
    for way in ways:
        seconds = (way.whole, way.start, way.read, way.deliver, way.listrak, way.close, way.waiting, way.added)
        share = f"{100 * way.added / way.whole:.0f} %"
        table.add_row(f"{way.contacts:,}", *(f"{value:.2f}" for value in seconds), share)
    console.print(table)


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
