"""Damaged rows of a Parquet file: values that are no text, that hold NUL, or that are too large."""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from listrak_relay.adapters.duckdb.loading.source import Layout, LoadedRows, Shape, create_source
from listrak_relay.adapters.duckdb.sql.csv_files import as_csv
from listrak_relay.adapters.duckdb.sql.expressions import any_of, column, literal
from listrak_relay.adapters.duckdb.sql.parquet_files import read_parquet
from listrak_relay.adapters.formats.records import BINARY, NUL, RAW_LIMIT, RECORD_LIMIT, TOO_LARGE
from listrak_relay.domain.reading.notes import Way

_FETCH = 1_000


def is_damaged(values: Sequence[str]) -> str:
    """SQL for whether a row is, by ``values`` that are all text."""
    return any_of(values, lambda value: f"({_is_large(value)} OR {_has_nul(value)})")


def set_apart(
    session: duckdb.DuckDBPyConnection,
    path: Path,
    texts: Sequence[str],
    binary: Sequence[str],
    shape: Shape,
    layout: Layout,
    work: Path,
) -> LoadedRows:
    """Make table ``source`` of the sound rows of a file, and a file in ``work`` of those that are damaged. ``texts``:
    SQL for each column's text, with bytes that are no text spelled out; ``binary``: for those in which there can be
    such."""
    values = [column(i) for i in range(len(texts))]
    read = ", ".join(f"nullif({text}, '') AS {column(i)}" for i, text in enumerate(texts))
    no_text = " OR ".join(f"({c} IS NOT NULL AND try(decode({c})) IS NULL)" for c in binary) or "false"
    session.execute(
        f"CREATE TABLE read AS SELECT file_row_number + {1 + layout.offset} AS row, {no_text} AS no_text, {read} "
        f"FROM {read_parquet(path, numbered=True)}"
    )
    damage = (
        f"CASE WHEN no_text THEN {literal(BINARY)} "
        f"WHEN {any_of(values, _is_large)} THEN {literal(TOO_LARGE)} "
        f"WHEN {any_of(values, _has_nul)} THEN {literal(NUL)} END"
    )
    session.execute(f"CREATE VIEW judged AS SELECT *, {damage} AS damage FROM read")
    sound = f"(SELECT row, {', '.join(values)} FROM judged WHERE damage IS NULL ORDER BY row)"
    created = create_source(session, shape, layout, sound, row="row")
    damaged_path = work / "damaged.csv"
    damaged = _write(_damaged_rows(session, values), damaged_path)
    session.execute("DROP VIEW judged")
    session.execute("DROP TABLE read")
    rows, nulls = created.rows, created.nulls
    return LoadedRows(Way.EXACT, "row", rows, True, rows + damaged, damaged, damaged_path, nulls=nulls)


def _is_large(value: str) -> str:
    return f"coalesce(strlen({value}) > {RECORD_LIMIT}, false)"


def _has_nul(value: str) -> str:
    return f"coalesce(contains({value}, chr(0)), false)"


def _damaged_rows(session: duckdb.DuckDBPyConnection, values: list[str]) -> Iterator[tuple[Any, ...]]:
    record = as_csv([f"left({value}, {RAW_LIMIT})" for value in values])
    found = session.execute(f"SELECT row, damage, {record} FROM judged WHERE damage IS NOT NULL ORDER BY row")
    while batch := found.fetchmany(_FETCH):
        yield from batch


def _write(rows: Iterator[tuple[Any, ...]], path: Path) -> int:
    """Behind what other parts have left there; how many."""
    count = 0
    with path.open("a", encoding="utf-8", newline="") as stream:
        write = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow
        for count, row in enumerate(rows, 1):  # noqa: B007 - the last one is the answer
            write(row)
    return count
