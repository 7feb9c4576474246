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

import csv
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from listrak_relay.adapters.csv_line_ends import joined
from listrak_relay.adapters.csv_records import RECORD_LIMIT, KeyField, Record, RecordReader
from listrak_relay.adapters.csv_survey import CsvSurvey
from listrak_relay.adapters.duckdb_contacts import Contacts
from listrak_relay.adapters.duckdb_proof import adds_up
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
_STORED_TOGETHER = 122_880
"""Rows of a DuckDB row group."""

_LEAST_BUFFER, _MOST_BUFFER, _BUFFER_STEP = 16_000_000, 64_000_000, 4_000_000
"""Bytes; the first is DuckDB's own for rows of `RECORD_LIMIT`."""

_CLEAN_LINE_LIMIT = 8 * RECORD_LIMIT + 1_000
"""Bytes: four for a character, doubled if each is a quote."""


@dataclass(frozen=True, slots=True)
class Source:
    """``row``: SQL for the row number in the file. ``breaks``: line breaks may be inside values. ``damaged``: rows set
    apart, which are in file ``damaged_path`` (``row, reason, record``); ``together``: they follow each other.
    ``records``: rows and blank lines after the header. ``broken_end``: the file ends in the middle of a damaged
    row. ``plain``: no value holds a comma, a quote or a line break."""

    way: str
    row: str
    rows: int
    breaks: bool
    records: int
    damaged: int = 0
    damaged_path: Path | None = None
    together: bool = False
    broken_end: bool = False
    plain: bool = False

    @property
    def even(self) -> bool:
        """Each row's number is one more than that of the row before."""
        return self.row != "row"

    def row_of(self, rowid: str) -> str:
        """SQL for the row number of a rowid, where they are `even`."""
        return self.row.replace("rowid", rowid)


@dataclass(frozen=True, slots=True)
class Shape:
    """``width``: columns of the run. ``derived``: SQL for the columns that table ``source`` has beside them.
    ``key``: the column of the run that holds a contact key in every sound row; None if there is none such."""

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
class Layout:
    """How a file fits into the run. ``order``: for each column of the run its place in the file, None: the same.
    ``null_word``: text that stands for an empty value. ``offset``: added to the file's row numbers."""

    order: tuple[int, ...] | None = None
    null_word: str | None = None
    offset: int = 0


PLAIN = Layout()


def load(
    session: duckdb.DuckDBPyConnection,
    path: Path,
    facts: CsvSurvey,
    shape: Shape,
    work: Path,
    layout: Layout = PLAIN,
) -> Source:
    """``work``: a folder for passing files.

    Raises:
        FileRejectedError: rows cannot be told apart (code ``quotes_unreadable``).
    """
    source = load_fast(session, path, facts, shape, layout)
    facts.wait()
    return source or load_exact(session, path, facts, shape, work, layout)


def create_source(session: duckdb.DuckDBPyConnection, shape: Shape, layout: Layout, rows: str, *, row: str = "") -> int:
    """Make table ``source`` of what ``rows`` gives (``c0`` … as in the file, and a column named ``row`` if that is
    said); how many rows there are."""
    if layout.order is not None or layout.null_word is not None:
        order = layout.order or tuple(range(shape.width))
        values = [column(place) for place in order]
        if layout.null_word is not None:
            values = [f"nullif({value}, {literal(layout.null_word)})" for value in values]
        named = ", ".join(f"{value} AS {column(i)}" for i, value in enumerate(values))
        rows = f"(SELECT {row + ', ' if row else ''}{named} FROM {rows})"
    created = session.execute(f"CREATE TABLE source AS SELECT *, {shape.derived} FROM {rows}").fetchone()
    return int(created[0]) if created else 0


def load_fast(
    session: duckdb.DuckDBPyConnection,
    path: Path,
    facts: CsvSurvey,
    shape: Shape,
    layout: Layout = PLAIN,
) -> Source | None:
    """None if the file needs the exact way.

    The bytes may still be counted meanwhile. The beginning of the file then says how to read it, and what it says is
    looked at again when all is known.
    """
    width = shape.width
    seen = facts.glance or facts
    if seen.newline is None or not _may_be_fast(seen, width, layout):
        return None
    columns = ", ".join(f"{literal(column(i))}: 'VARCHAR'" for i in range(width))
    options = csv_options(
        delimiter=facts.dialect.delimiter,
        quote=facts.dialect.quote,
        newline=seen.newline,
        line_limit=RECORD_LIMIT,
    )
    try:
        rows = create_source(
            session,
            shape,
            layout,
            f"read_csv({literal(str(path))}, columns = {{{columns}}}, skip = {facts.first_lines}, "
            f"buffer_size = {_buffer_size(facts.size, seen)}, {options})",
        )
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        # Besides faults of the file, its parallel reader has forms of a file that it does not take.
        return None
    facts.wait()
    if facts.newline == seen.newline and _may_be_fast(facts, width, layout) and adds_up(session, facts, rows):
        first = 1 + facts.header_row + layout.offset
        breaks = rows != facts.lines - facts.first_lines
        plain = facts.dialect.delimiter == "," and not facts.quotes
        return Source("fast", f"rowid + {first}", rows, breaks=breaks, records=rows, plain=plain)
    session.execute("DROP TABLE source")
    return None


def _may_be_fast(facts: CsvSurvey, width: int, layout: Layout) -> bool:
    quoted = bool(facts.quotes) and bool(facts.dialect.quote)
    return not (
        facts.nul
        or not facts.dialect.usual
        or (quoted and facts.dialect.quote in (layout.null_word or ""))
        or not facts.plain_start
        or facts.nameless
        or len(facts.names) != width
        or (width == 1 and (facts.blank_lines or facts.quotes))
    )


def _buffer_size(size: int, seen: CsvSurvey) -> int:
    """DuckDB reads a quarter of a buffer at a time, and what is fewer rows than it stores together is copied once
    more to make that many. Smaller files leave it as it is: there is little to win, and memory may be short."""
    if size < _MOST_BUFFER:
        return _LEAST_BUFFER
    wanted = 4 * _STORED_TOGETHER * seen.size // max(1, seen.lines)
    # In steps, since of a size that cannot be parted evenly DuckDB says that it cannot read the file in parallel.
    return min(max(_LEAST_BUFFER, (wanted // _BUFFER_STEP + 1) * _BUFFER_STEP), _MOST_BUFFER)


def load_exact(
    session: duckdb.DuckDBPyConnection,
    path: Path,
    facts: CsvSurvey,
    shape: Shape,
    work: Path,
    layout: Layout = PLAIN,
) -> Source:
    """Record by record."""
    order = layout.order or tuple(range(shape.width))
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="", buffering=1 << 20) as stream:
        reader = RecordReader(
            stream,
            facts.dialect,
            file=facts.file,
            width=len(facts.names),
            nameless=facts.nameless,
            key=shape.key and replace(shape.key, index=order[shape.key.index]),
            again_limit=64_000_000 + 4 * facts.size,
        )
        records: Iterable[Record] = (record for record in reader if record.row > facts.header_row)
        if facts.row_end and facts.newline != facts.row_end:
            records = joined(records, facts.row_end, len(facts.names))
        source = load_records(session, records, shape, work, layout, facts.file)
        return replace(source, records=reader.records - facts.header_row, broken_end=reader.broken_end)


def load_records(
    session: duckdb.DuckDBPyConnection,
    records: Iterable[Record],
    shape: Shape,
    work: Path,
    layout: Layout,
    file: str,
) -> Source:
    """Load sound records, all of one width, and set damaged ones apart. ``file``: the drop key, for messages."""
    clean, damaged = work / "clean.csv", work / "damaged.csv"
    parts = _part(records, clean, damaged, layout.offset)
    columns = ", ".join(f"{literal(column(i))}: 'VARCHAR'" for i in range(shape.width))
    rows = create_source(
        session,
        shape,
        layout,
        f"read_csv({literal(str(clean))}, columns = {{'row': 'BIGINT', {columns}}}, parallel = false, "
        f"{csv_options(line_limit=_CLEAN_LINE_LIMIT)})",
        row="row",
    )
    if rows != parts.sound:
        raise FileRejectedError(
            "file_unreadable",
            f"{file}: {parts.sound} sound rows were found, {rows} could be loaded; write the file anew as plain CSV",
        )
    clean.unlink()
    return Source("exact", "row", rows, parts.breaks, parts.last_row, parts.damaged, damaged, parts.together)


@dataclass(slots=True)
class _Parts:
    """How many rows are sound and damaged; whether sound ones have line breaks; the last row number of the file; the
    first and the last damaged row."""

    sound: int = 0
    damaged: int = 0
    breaks: bool = False
    last_row: int = 0
    first_damaged: int = 0
    last_damaged: int = 0

    @property
    def together(self) -> bool:
        return self.last_damaged - self.first_damaged + 1 == self.damaged


def _part(records: Iterable[Record], clean: Path, damaged: Path, offset: int) -> _Parts:
    """Write sound rows and damaged ones apart; the damaged ones go behind those that are there already."""
    parts = _Parts()
    with (
        clean.open("w", encoding="utf-8", newline="", buffering=1 << 20) as clean_stream,
        damaged.open("a", encoding="utf-8", newline="") as damaged_stream,
    ):
        # All quoted: before Python 3.13 the module leaves a carriage return bare if the line end has none.
        write_clean = csv.writer(clean_stream, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow
        write_damaged = csv.writer(damaged_stream, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow
        for record in records:
            parts.last_row = record.row
            if record.damage:
                parts.damaged += 1
                parts.first_damaged = parts.first_damaged or record.row
                parts.last_damaged = record.row
                write_damaged((record.row + offset, record.damage, record.raw))
            else:
                parts.sound += 1
                parts.breaks = parts.breaks or len(record.lines) > 1
                write_clean((record.row + offset, *record.fields))
    return parts
