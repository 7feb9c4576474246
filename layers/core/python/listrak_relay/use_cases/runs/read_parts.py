"""What was read of a long list at Listrak, kept in parts so that the next invocation goes on where this one stopped.

A part holds its rows and the cursor behind them, in one object: whoever finds the part finds the place where it ends.
Cursors stay in the WorkBucket, since nobody knows what Listrak puts into them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper

from listrak_relay.domain.values.csv_lines import csv_rows
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.runs.chunk_rows import record_of
from listrak_relay.use_cases.runs.content_types import TEXT


@dataclass(frozen=True, slots=True)
class ReadParts:
    """``key``: of the part of a number, from 0."""

    store: ObjectStore
    key: Callable[[int], str]

    def write(self, part: int, rows: Iterable[Sequence[str]], cursor: str | None) -> None:
        """``cursor``: where the reading goes on, None at the end. A repeat takes the part's place."""
        with self.store.writing(self.key(part), TEXT) as body:
            body.write(f"{json.dumps(cursor)}\n".encode())
            for row in rows:
                body.write(f"{record_of(list(row))}\n".encode())

    def last(self, parts: int) -> int:
        """How many there are, if at least so many."""
        while self._is_there(parts):
            parts += 1
        return parts

    def cursor(self, parts: int) -> str | None:
        """Behind so many parts, of which there is at least one."""
        with self.store.open(self.key(parts - 1)) as body:
            found: str | None = json.loads(body.readline())
            return found

    def rows(self, parts: int) -> Iterator[list[str]]:
        for part in range(parts):
            with self.store.open(self.key(part)) as body, TextIOWrapper(body, encoding="utf-8", newline="") as text:
                text.readline()
                yield from csv_rows(text)

    def _is_there(self, part: int) -> bool:
        try:
            return self.store.size(self.key(part)) > 0
        except FileNotFoundError:
            return False
