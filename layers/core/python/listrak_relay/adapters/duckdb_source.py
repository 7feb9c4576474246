"""Loads a CSV file into table ``source`` of a DuckDB session, one table row for each row of the file, in file order.

Table ``source``: ``c0`` … the fields as text (NULL when empty), and what its `Shape` says. Of an audience that is
``action`` (code of what the opt status asks for), what the contacts derive, and ``verdict`` (0 for a row whose contact
key is valid at first sight, else `UNDECIDED`). Its ``rowid`` follows the file.

Two ways lead there. The *fast* one lets DuckDB parse the file, then proves by counting bytes that no row was merged,
skipped, bent or read too kindly. If anything is odd, the *exact* one reads record by record, sets damaged rows apart,
and hands DuckDB a clean copy with row numbers.
"""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb

from listrak_relay.adapters.csv_counts import CsvCounts, count_bytes
from listrak_relay.adapters.csv_head import CsvHead
from listrak_relay.adapters.csv_parting import CLEAN_LINE_LIMIT, part_rows
from listrak_relay.adapters.csv_records import RECORD_LIMIT, KeyField
from listrak_relay.adapters.duckdb_contacts import Contacts
from listrak_relay.adapters.duckdb_sql import (
    ACTION_CODES,
    column,
    csv_options,
    literal,
    opt_status_code,
)
from listrak_relay.domain.audience import Action
from listrak_relay.domain.columns import ColumnPlan
from listrak_relay.errors import FileRejectedError

UNDECIDED = 1


@dataclass(frozen=True, slots=True)
class Shape:
    """``width``: columns of the file. ``derived``: SQL for the columns that table ``source`` has beside them.
    ``key``: the field that holds a contact key in every sound row; None if there is none such."""

    width: int
    derived: str
    key: KeyField | None = None


def audience_shape(plan: ColumnPlan, contacts: Contacts, unstated: Action) -> Shape:
    """``unstated``: what to do with rows of a file without an opt status column."""
    if plan.opt_status is None:
        action = f"{ACTION_CODES[unstated]}::TINYINT"
    else:
        action = opt_status_code(column(plan.opt_status.index), inverted=plan.inverted)
    verdict = f"(CASE WHEN {contacts.known} THEN 0 ELSE {UNDECIDED} END)::SMALLINT AS verdict"
    derived = ", ".join((f"{action} AS action", *contacts.derived, verdict))
    return Shape(len(plan.columns), derived, KeyField(plan.contact.index, plan.may_be_contact))


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A local file, what its header says, and what its table is to be."""

    path: Path
    head: CsvHead
    shape: Shape

    @property
    def width(self) -> int:
        return self.shape.width

    @property
    def single(self) -> bool:
        return self.width == 1


@dataclass(frozen=True, slots=True)
class Source:
    """``row``: SQL for the row number in the file. ``unclean``: values can hold more than plain spaces to trim, or line
    breaks, or control characters. ``damaged``: rows set apart, in file ``damaged_path`` (``row, reason, record``)."""

    way: str
    row: str
    rows: int
    unclean: bool
    damaged: int = 0
    damaged_path: Path | None = None


def load(session: duckdb.DuckDBPyConnection, file: CsvFile, work: Path) -> Source:
    """``work``: a folder for passing files.

    Raises:
        FileRejectedError: rows cannot be told apart (code ``quotes_unreadable``).
    """
    source, counts = load_fast(session, file)
    return source or load_exact(session, file, counts, work)


def load_fast(session: duckdb.DuckDBPyConnection, file: CsvFile) -> tuple[Source | None, CsvCounts]:
    """No source, and no table, if the file needs the exact way."""
    with ThreadPoolExecutor(1) as pool:
        counting = pool.submit(count_bytes, file.path, file.head.delimiter, single_column=file.single)
        rows = _parse(session, file)
        counts = counting.result()
    if rows is None:
        return None, counts
    if not _proved(session, file, counts, rows):
        session.execute("DROP TABLE source")
        return None, counts
    breaks = rows != counts.lines - 1
    return Source("fast", "(rowid + 2)", rows, breaks or counts.odd_spaces or counts.controls), counts


def load_exact(session: duckdb.DuckDBPyConnection, file: CsvFile, counts: CsvCounts, work: Path) -> Source:
    sound, damaged = work / "sound.csv", work / "damaged.csv"
    parted = part_rows(file.path, file.head, file.shape.key, sound, damaged)
    rows = _create(
        session,
        file,
        f"read_csv({literal(str(sound))}, columns = {{'row': 'BIGINT', {_columns(file)}}}, parallel = false, "
        f"{csv_options(line_limit=CLEAN_LINE_LIMIT)})",
    )
    sound.unlink()
    if rows != parted.sound:
        raise FileRejectedError(
            "file_unreadable",
            f"{file.head.file}: {parted.sound} sound rows were found and {rows} could be loaded; "
            "write the file again as plain CSV",
        )
    unclean = parted.breaks or counts.odd_spaces or counts.controls
    return Source("exact", "row", rows, unclean, parted.damaged, damaged)


def _columns(file: CsvFile) -> str:
    return ", ".join(f"{literal(column(i))}: 'VARCHAR'" for i in range(file.width))


def _create(session: duckdb.DuckDBPyConnection, file: CsvFile, rows: str) -> int:
    created = session.execute(f"CREATE TABLE source AS SELECT *, {file.shape.derived} FROM {rows}").fetchone()
    return int(created[0]) if created else 0


def _parse(session: duckdb.DuckDBPyConnection, file: CsvFile) -> int | None:
    """Rows that DuckDB found, None if it found the file faulty or the header alone needs the exact way."""
    newline = file.head.newline
    if newline is None or not file.head.plain:
        return None
    options = csv_options(delimiter=file.head.delimiter, newline=newline, line_limit=RECORD_LIMIT)
    try:
        return _create(
            session,
            file,
            f"read_csv({literal(str(file.path))}, columns = {{{_columns(file)}}}, skip = 1, {options})",
        )
    except duckdb.InvalidInputException:
        return None


def _proved(session: duckdb.DuckDBPyConnection, file: CsvFile, counts: CsvCounts, rows: int) -> bool:
    """Whether every delimiter of the file either parts two fields or stands inside a value, and every line end either
    ends a row or stands inside a value.

    DuckDB passes over a delimiter at the end of a row (which would be a field too many), spaces beside quotes, blank
    lines, and, where there is but one column, over rows of one quoted empty field.
    """
    if counts.newline != file.head.newline or counts.nul or counts.spaced_quotes:
        return False
    if file.single and (counts.blank_lines or counts.quotes):
        return False
    delimiters = counts.delimiters - file.head.header_delimiters - rows * (file.width - 1)
    line_ends = counts.lines - 1 - rows
    if delimiters == 0 and line_ends == 0:
        return True
    if not counts.quotes or counts.blank_lines or delimiters < 0 or line_ends < 0:
        return False
    columns = [column(i) for i in range(file.width)]
    inside = [" + ".join(_count(mark, c) for c in columns) for mark in (literal(file.head.delimiter), "chr(10)")]
    return session.execute(f"SELECT {', '.join(inside)} FROM source").fetchone() == (delimiters, line_ends)


def _count(mark: str, value: str) -> str:
    return f"coalesce(sum(strlen({value}) - strlen(replace({value}, {mark}, ''))), 0)"
