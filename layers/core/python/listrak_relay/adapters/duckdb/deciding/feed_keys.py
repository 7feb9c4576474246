"""Rows of a feed that have a key of an earlier or a later one again."""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from listrak_relay.adapters.duckdb.deciding.feed_values import as_sent
from listrak_relay.adapters.duckdb.deciding.verdicts import DELIVERED, find_duplicates
from listrak_relay.adapters.duckdb.sql.expressions import column, quickly_trimmed
from listrak_relay.adapters.duckdb.sql.session import bounded_operators
from listrak_relay.domain.destinations.feed_settings import SameKey
from listrak_relay.domain.feeds.header import FeedHeader

AGAIN = -2
"""Verdict of a row that another one of its key is sent for."""

_KEPT = {SameKey.FIRST: "min", SameKey.LAST: "max"}


def key_of(header: FeedHeader, key: tuple[str, ...]) -> str:
    """SQL for the first of its columns that is filled, as it is sent; NULL if none is."""
    return _first_of(map(as_sent, header.named(key)))


def drop_same_keys(session: duckdb.DuckDBPyConnection, header: FeedHeader, same_key: SameKey) -> None:
    """Make table ``duplicate`` (``dropped``, ``kept``: rowids), and have one row of each key sent, if that is asked.

    All rows that can be read count, whatever rule they break: of a row that breaks one none of less worth takes the
    place.
    """
    if same_key is SameKey.SEND:
        session.execute("CREATE TABLE duplicate (dropped BIGINT, kept BIGINT)")
        return
    keys = [_first_of(column(c.index) for c in header.named(key)) for key in header.table.keys]
    has_all = " AND ".join(f"{key} IS NOT NULL" for key in keys)
    # No value holds the character, since such a row is damaged.
    whole = " || chr(0) || ".join(keys)
    find_duplicates(session, f"source WHERE {has_all}", "rowid", f"({whole})", kept=_KEPT[same_key])
    session.execute(f"UPDATE source SET verdict = {AGAIN} WHERE rowid IN (SELECT dropped FROM duplicate)")


def repeated_keys(session: duckdb.DuckDBPyConnection, header: FeedHeader) -> int:
    """Rows that are sent and whose key an earlier one has too: Listrak keeps one of them."""
    keys = ", ".join(key_of(header, key) for key in header.table.keys)
    with bounded_operators(session):
        counted = session.execute(
            "SELECT coalesce(sum(rows - 1), 0) FROM ("
            f"SELECT count(*) AS rows FROM source WHERE {DELIVERED} GROUP BY {keys})"
        ).fetchone()
    return int(counted[0]) if counted else 0


def _first_of(values: Iterable[str]) -> str:
    return f"coalesce({', '.join(map(_trimmed_key, values))})"


def _trimmed_key(value: str) -> str:
    """NULL if blank."""
    return f"nullif({quickly_trimmed(value)}, '')"
