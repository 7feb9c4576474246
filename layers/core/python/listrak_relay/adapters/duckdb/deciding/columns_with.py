"""Which columns have a value of some kind."""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from collections.abc import Callable, Sequence

import duckdb

from listrak_relay.adapters.duckdb.sql.expressions import WIDE, column, in_one_column
from listrak_relay.domain.columns.file_columns import Column


def columns_with(
    session: duckdb.DuckDBPyConnection, columns: Sequence[Column], rows: str, test: Callable[[str], str]
) -> list[Column]:
    """Those of ``columns`` with a value that passes the ``test``, which gives SQL for that of one. ``rows``: what
    stands behind FROM."""
    if not columns:
        return []
    values = [column(item.index) for item in columns]
    if len(values) > WIDE:
        long = in_one_column(values, rows)
        told = session.execute(f"SELECT DISTINCT place FROM ({long}) WHERE {test('value')}").fetchall()
        return [columns[place] for (place,) in sorted(told)]
    tests = ", ".join(f"bool_or({test(value)})" for value in values)
    [answers] = session.execute(f"SELECT {tests} FROM {rows}").fetchall()
    return [item for item, found in zip(columns, answers, strict=True) if found]
