"""Writes a feed as Listrak is to have it, and the keys of its rows for those that refer to them.

Only rows that are sent are in either.
"""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

from listrak_relay.adapters.duckdb.deciding.feed_keys import key_of
from listrak_relay.adapters.duckdb.deciding.feed_values import as_sent
from listrak_relay.adapters.duckdb.deciding.verdicts import DELIVERED
from listrak_relay.adapters.duckdb.loading.source import LoadedRows
from listrak_relay.adapters.duckdb.sql.csv_files import copy_csv
from listrak_relay.adapters.duckdb.sql.expressions import identifier
from listrak_relay.adapters.duckdb.sql.session import bounded_operators
from listrak_relay.domain.feeds.header import FeedHeader
from listrak_relay.domain.run.manifest import Action
from listrak_relay.file_slices import whole_file
from listrak_relay.ports.reading import LocalChunk

CHUNK_ID = "feed"


def write_feed(
    session: duckdb.DuckDBPyConnection, source: LoadedRows, header: FeedHeader, out: Path
) -> Iterable[LocalChunk]:
    """One chunk, which is the whole file; none if there is no row to be sent."""
    path, rows_path = out / f"{CHUNK_ID}.csv", out / f"{CHUNK_ID}.rows"
    # Values that are sent in another form are not changed in the table, where they would stay in memory.
    named = ", ".join(f"{as_sent(c)} AS {identifier(c.sent_as)}" for c in header.columns)
    # No ORDER BY: a scan with a filter keeps the order of the table (preserve_insertion_order).
    session.execute(copy_csv(f"SELECT {named} FROM source WHERE {DELIVERED}", path, header=True))
    written = session.execute(copy_csv(f"SELECT {source.row} FROM source WHERE {DELIVERED}", rows_path)).fetchone()
    rows = int(written[0]) if written else 0
    if rows:
        content = whole_file(path)
        yield LocalChunk(CHUNK_ID, Action.RELAY, content, whole_file(rows_path), rows, content.sha256())


def write_keys(session: duckdb.DuckDBPyConnection, header: FeedHeader, out: Path) -> Mapping[str, Path]:
    """By the first column of each key: the keys of the rows that are sent, in the order of their bytes, and how many
    rows have each."""
    table = header.table
    wanted = [table.kept] if table.kept else list((table.refers or {}).values())
    files = {}
    for key in wanted:
        files[key[0]] = out / f"keys-{key[0]}.csv"
        query = f"SELECT {key_of(header, key)} AS key, count(*) FROM source WHERE {DELIVERED} GROUP BY key"
        with bounded_operators(session):
            session.execute(copy_csv(f"SELECT * FROM ({query}) WHERE key IS NOT NULL ORDER BY key", files[key[0]]))
    return files
