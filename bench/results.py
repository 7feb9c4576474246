"""Memory of reading the results of one import: ``python -m bench.results [--millions 1 7.2]``.

A process of its own does what `monitor_import` does at the end of a list import of which it has to know every contact:
it reads the results page by page and keeps what became of each. The largest chunk of plain addresses, 180 MB, has 7.2
million of 24 characters.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import cast

from rich.console import Console
from rich.table import Table

from bench._memory import peak_memory
from bench._processes import measure_apart
from listrak_relay.adapters.listrak.calls import PAGE_SIZE
from listrak_relay.domain.run.manifest import Action
from listrak_relay.messages import FollowImport
from listrak_relay.ports.listrak_email import EmailGateway, ResultPage
from listrak_relay.use_cases.email.import_results import ImportResults
from listrak_relay.use_cases.runs.followed_import import Patience
from tests.support.fakes import FakeObjectStore

MOST_MEGABYTES = 1_500
"""The bar: above the idle process; `monitor_import` has 1,769."""

_MEGABYTE = 1_000_000
_USUAL = (1.0, 7.2)


@dataclass(frozen=True)
class Measured:
    """Bytes above the idle process."""

    results: int
    peak: int


class Results:
    """Of an import of so many contacts."""

    def __init__(self, contacts: int) -> None:
        self._contacts = contacts

    def import_results(self, _list: int, _import: int, cursor: str | None = None) -> Iterator[ResultPage]:
        for start in range(int(cursor or 0), self._contacts, PAGE_SIZE):
            end = min(self._contacts, start + PAGE_SIZE)
            words = tuple((f"person.{number:05d}@example.com", "Unsubscribed") for number in range(start, end))
            yield ResultPage(words, str(end) if end < self._contacts else None)


def read(contacts: int, _: Path, result: Connection) -> None:
    gateway = cast("EmailGateway", Results(contacts))
    results = ImportResults(FakeObjectStore(), gateway, 1, Action.UNSUBSCRIBE)
    message = FollowImport("email-0123456789abcdef", "unsubscribe-0001", 1)
    patience = Patience(for_counts=False, for_results=True, time_left=lambda: 900.0)
    found: list[int] = []

    def work() -> None:
        kept = results.refusals(message, patience, everyone=True)
        assert not isinstance(kept, FollowImport)
        found.append(len(kept))

    idle, peak = peak_memory(work)
    if found != [contacts]:
        raise SystemExit(f"{found} of {contacts} results were kept")
    result.send(Measured(contacts, peak - idle))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.results", description=__doc__)
    parser.add_argument("--millions", type=float, nargs="+", default=_USUAL, metavar="N")
    return run(parser.parse_args().millions)


def run(millions: Sequence[float] = _USUAL) -> int:
    """1 if the bar does not hold, else 0."""
    measured = measure_apart([round(size * 1_000_000) for size in millions], lambda *_: None, read, Measured)
    table = Table("results", "MB", "bytes each", title="Reading the results of an import")
    for each in measured:
        table.add_row(f"{each.results:,}", f"{each.peak / _MEGABYTE:,.0f}", f"{each.peak / each.results:.0f}")
    console = Console()
    console.print(table)
    most = max(each.peak for each in measured) / _MEGABYTE
    console.print(f"At most {most:,.0f} MB; the bar is {MOST_MEGABYTES:,}.")
    return 0 if most <= MOST_MEGABYTES else 1


if __name__ == "__main__":
    raise SystemExit(main())
