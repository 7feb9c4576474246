"""Writes the rows that are not sent, or are although something is wrong, with the reason and as they stand in the file.

In three steps, of which the second needs nothing that the rest of the writing does, and so may be done beside it.
"""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

import csv
from bisect import bisect_left
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import duckdb

from listrak_relay.adapters.duckdb.deciding.verdicts import Reason
from listrak_relay.adapters.duckdb.loading.row_texts import RowTexts
from listrak_relay.adapters.duckdb.loading.source import ROW_GROUP, LoadedRows, stretches
from listrak_relay.adapters.duckdb.sql.csv_files import as_csv, copy_csv, csv_options, line_limit
from listrak_relay.adapters.duckdb.sql.expressions import column, literal
from listrak_relay.adapters.duckdb.sql.session import FETCH_ROWS
from listrak_relay.adapters.formats.records import DETAILS as DAMAGE_DETAILS
from listrak_relay.adapters.formats.records import RAW_LIMIT
from listrak_relay.domain.run.rejects import REJECT_COLUMNS, RejectOutcome

_ROWS_AT_ONCE = 10 * ROW_GROUP


def write_rejects(
    session: duckdb.DuckDBPyConnection,
    source: LoadedRows,
    width: int,
    reasons: list[Reason],
    path: Path,
    also: str = "''",
) -> dict[str, int]:
    """All steps, one after the other: see `list_rows` and `write_listed`."""
    list_rows(session, source, width, reasons, also=also)
    return write_listed(session, source, look_up_texts(session, source, path), path)


def write_warnings(
    session: duckdb.DuckDBPyConnection,
    source: LoadedRows,
    width: int,
    reasons: list[Reason],
    path: Path,
    *,
    code: str,
    also: str,
) -> dict[str, int]:
    """Write rows that are sent although something is wrong, if there are any; how many by reason code. ``code``: SQL
    for the code of the reason."""
    list_rows(session, source, width, reasons, code=code, also=also)
    _tell_texts(session, look_up_texts(session, source, path))
    return _write(session, RejectOutcome.WARNED, path)


def write_damaged(session: duckdb.DuckDBPyConnection, source: LoadedRows, path: Path) -> None:
    """Write the rejects file of a source of which nothing but the damaged rows is to be told."""
    write_rejects(session, source, 0, [], path)


def list_rows(
    session: duckdb.DuckDBPyConnection,
    source: LoadedRows,
    width: int,
    reasons: list[Reason],
    *,
    code: str = "verdict",
    also: str = "''",
) -> None:
    """Make table ``reject`` of the rows that have one of ``reasons``, each as the CSV of its ``width`` columns.
    ``code``: SQL for the code of the reason. ``also``: SQL for what the detail is to say besides."""
    session.execute(
        "CREATE OR REPLACE TABLE reject (row BIGINT, reason VARCHAR, field VARCHAR, detail VARCHAR, record VARCHAR)"
    )
    if reasons:
        known = ", ".join(f"({r.code}, {literal(r.reason)}, {literal(r.column)}, {literal(r.detail)})" for r in reasons)
        # Where the whole of one file is a text its rows are looked up there, and no other column has to be read here.
        retold = source.even and bool(source.texts)
        record = literal("") if retold else as_csv([column(index) for index in range(width)])
        # From the end on: DuckDB drops from memory what was used longest ago, and who reads next reads from the start.
        for stretch in reversed(stretches(source.rows, _ROWS_AT_ONCE)):
            session.execute(
                f"INSERT INTO reject SELECT {source.row}, reason, field, detail || {also}, {record} "
                f"FROM source JOIN (VALUES {known}) AS known (code, reason, field, detail) ON {code} = code "
                f"WHERE {stretch}"
            )


def look_up_texts(session: duckdb.DuckDBPyConnection, source: LoadedRows, path: Path) -> Path | None:
    """A file of the listed rows as they stand in theirs, of those whose file is a text; None if there is no such file.
    ``path``: it is beside that. ``session``: of its own, where another goes on meanwhile."""
    if not source.texts:
        return None
    passing = path.with_suffix(".texts")
    ends = [texts.offset + texts.last for texts in source.texts]

    def file_of(row: int) -> RowTexts | None:
        place = bisect_left(ends, row)
        return source.texts[place] if place < len(ends) and row > source.texts[place].offset else None

    # One query, however many thousand files there are.
    listed = _fetched(session.execute("SELECT row FROM reject ORDER BY row"))
    with passing.open("w", encoding="utf-8", newline="") as stream:
        write = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow
        for texts, rows in groupby(listed, file_of):
            if texts is not None:
                offset = texts.offset
                for number, text in texts.read(row - offset for row in rows):
                    write((number + offset, text))
    return passing


def write_listed(
    session: duckdb.DuckDBPyConnection, source: LoadedRows, texts: Path | None, path: Path
) -> dict[str, int]:
    """Write the rejects file if there is a reject, damaged rows included; rejected rows by reason code. ``texts``: what
    `look_up_texts` gave."""
    _tell_texts(session, texts)
    if source.damaged_path is not None and source.damaged:
        _add_damaged(session, source.damaged_path)
    return _write(session, RejectOutcome.REJECTED, path)


def _tell_texts(session: duckdb.DuckDBPyConnection, passing: Path | None) -> None:
    if passing is None:
        return
    session.execute(
        f"UPDATE reject SET record = told.record FROM read_csv({literal(str(passing))}, "
        "columns = {'row': 'BIGINT', 'record': 'VARCHAR'}, "
        f"parallel = false, {csv_options(line_limit=line_limit(RAW_LIMIT))}) AS told WHERE reject.row = told.row"
    )
    passing.unlink()


def _fetched(found: duckdb.DuckDBPyConnection) -> Iterator[int]:
    while batch := found.fetchmany(FETCH_ROWS):
        yield from (row for (row,) in batch)


def _add_damaged(session: duckdb.DuckDBPyConnection, damaged: Path) -> None:
    known = ", ".join(f"({literal(reason)}, {literal(detail)})" for reason, detail in DAMAGE_DETAILS.items())
    session.execute(
        "INSERT INTO reject SELECT row, reason, NULL, detail, record "
        f"FROM read_csv({literal(str(damaged))}, "
        "columns = {'row': 'BIGINT', 'reason': 'VARCHAR', 'record': 'VARCHAR'}, "
        f"parallel = false, {csv_options(line_limit=line_limit(RAW_LIMIT))}) "
        f"JOIN (VALUES {known}) AS known (reason, detail) USING (reason)"
    )


def _write(session: duckdb.DuckDBPyConnection, outcome: RejectOutcome, path: Path) -> dict[str, int]:
    counts = session.execute("SELECT reason, count(*) FROM reject GROUP BY ALL ORDER BY ALL").fetchall()
    if counts:
        values = ("row", literal(outcome), "reason", "nullif(field, '')", "detail", "record")
        named = ", ".join(f"{value} AS {name}" for name, value in zip(REJECT_COLUMNS, values, strict=True))
        session.execute(copy_csv(f"SELECT {named} FROM reject ORDER BY reject.row", path, header=True))
    return {str(reason): int(count) for reason, count in counts}
