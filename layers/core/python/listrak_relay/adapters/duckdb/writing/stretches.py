"""Writing a large table in parts, side by side.

When several threads write the rows of one query in their order, DuckDB keeps what is ahead of its turn in memory: of
ten million rows up to 270 MB, for which rows of the table have to go to the disk and come back. A query of one thread
keeps nothing, so a large table is written by several of these, each a part of its own. That takes a third less time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import duckdb

from listrak_relay.adapters.duckdb.loading.source import ROW_GROUP, stretches

LARGE = 10 * ROW_GROUP
"""Rows from which on it is worth it; each part is a file more, and so may be a chunk more."""

T = TypeVar("T")
StretchWork = Callable[[duckdb.DuckDBPyConnection, int, str], T]
"""Takes a connection of its own, the number of the part from 1 on, and SQL for whether a row of ``source`` is in it."""


@contextmanager
def in_stretches(session: duckdb.DuckDBPyConnection, rows: int) -> Iterator[Callable[[StretchWork[T]], list[T]]]:
    """Gives a function that does work for every part of table ``source``, which has so many ``rows``, and gives what
    came of it by part. The parts follow each other in the order of the rows."""
    if rows < LARGE:
        yield lambda work: [work(session, 1, "true")]
        return
    [(threads,)] = session.execute("SELECT current_setting('threads')").fetchall()
    parts = stretches(rows, -(-rows // (threads * ROW_GROUP)) * ROW_GROUP)

    def side_by_side(work: StretchWork[T]) -> list[T]:
        def one(number: int, part: str) -> T:
            with session.cursor() as own:
                return work(own, number, part)

        return list(pool.map(one, range(1, len(parts) + 1), parts))

    session.execute("SET threads = 1")  # of each query
    with ThreadPoolExecutor(len(parts)) as pool:
        yield side_by_side
    session.execute(f"SET threads = {threads}")
