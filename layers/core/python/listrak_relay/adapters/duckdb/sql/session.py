"""DuckDB sessions: closed to the outside, bounded in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from listrak_relay.domain.reading.no_room import tells_of_full_disk

FETCH_ROWS = 10_000
"""Rows that are taken from a result at a time, where each is short."""

_GROUPING_MB = 100


def open_session(spill: Path, memory_limit_mb: int, threads: int) -> duckdb.DuckDBPyConnection:
    """An in-memory database that spills into the folder ``spill``."""
    session = duckdb.connect(
        config={
            "memory_limit": f"{memory_limit_mb}MB",
            "threads": str(threads),
            "temp_directory": str(spill),
            "preserve_insertion_order": "true",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
    )
    session.execute("SET enable_progress_bar = false")
    # Moments of a Parquet file are written with their offset from UTC wherever the process runs.
    session.execute("SET TimeZone = 'UTC'")
    # Nothing here outlives the session. Without this the first small update of a large table compresses all of it; that
    # takes longer than the spilling that it saves: of ten million rows 3.5 s, and again at the next update.
    session.execute("SET checkpoint_threshold = '1TB'")
    return session


@contextmanager
def bounded_operators(session: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Queries that group or sort keys keep to `_GROUPING_MB` of memory beside the tables meanwhile. More would push
    rows of a large table out to disk, which takes longer than doing the work in parts. Not for loading, whose threads
    would wait for each other."""
    session.execute(f"SET operator_memory_limit = '{_GROUPING_MB}MB'")
    yield
    session.execute("RESET operator_memory_limit")  # after an error the session is of no use anyway


def is_out_of_room(error: duckdb.Error) -> bool:
    """Whether there was not enough memory or disk, which says nothing about the file.

    No room to spill counts as memory. For a full disk there is no class of error; the text of these tells of no row.
    """
    return isinstance(error, duckdb.OutOfMemoryException) or (
        isinstance(error, duckdb.IOException) and tells_of_full_disk(str(error))
    )
