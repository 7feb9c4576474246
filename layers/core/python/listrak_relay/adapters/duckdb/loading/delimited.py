"""A CSV file, and how it is loaded into table ``source``, one table row for each row of the file.

Two ways lead there. The *fast* one lets DuckDB parse the file, then proves by counting bytes that no row was merged,
skipped, bent or read too kindly. If anything is odd, the *exact* one reads record by record, sets damaged rows apart,
and hands DuckDB a clean copy with row numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from listrak_relay.adapters.duckdb.loading.delimited_records import DelimitedRecords, line_texts, loading, record_texts
from listrak_relay.adapters.duckdb.loading.proof import adds_up
from listrak_relay.adapters.duckdb.loading.records import load_records
from listrak_relay.adapters.duckdb.loading.source import PLAIN, ROW_GROUP, Layout, LoadedRows, Shape, create_source
from listrak_relay.adapters.duckdb.sql.csv_files import csv_options
from listrak_relay.adapters.duckdb.sql.expressions import column, literal, text_columns
from listrak_relay.adapters.duckdb.sql.session import is_out_of_room
from listrak_relay.adapters.formats.delimited.byte_counts import CsvSurvey
from listrak_relay.adapters.formats.records import RECORD_LIMIT
from listrak_relay.domain.destinations.file_rules import NULL_MARK, FileFormat
from listrak_relay.domain.reading.notes import Way

_LEAST_BUFFER, _MOST_BUFFER, _BUFFER_STEP = 16_000_000, 64_000_000, 4_000_000
"""Bytes; the first is DuckDB's own for rows of `RECORD_LIMIT`."""


_DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}


DOUBTS = {
    True: "few values have any, and those are doubled or stand before line ends, so they are read as escapes of their "
    "writer; if they are part of the values, say file.escape: none in the destination",
    False: "few values have any, which may be escapes of their writer, and are read as part of the values; if they are "
    "escapes, say file.dialect, or file.escape: '\\', in the destination",
}
"""What the report says where it cannot be told, by whether they are read as escapes."""

ODD_QUOTES = (
    "few values are in quotes, which none of them needs, and are read without; if the quotes are part of the values, "
    "say file.quote: none in the destination"
)


@dataclass(frozen=True, slots=True)
class DelimitedTable:
    """``path``: in UTF-8. ``encoding``: that of the dropped file, in the words of the report."""

    path: Path
    facts: CsvSurvey
    encoding: str

    @property
    def names(self) -> list[str]:
        return self.facts.names

    @property
    def size(self) -> int:
        return self.facts.size

    @property
    def unclean(self) -> bool:
        self.facts.wait()
        return self.facts.odd_spaces or self.facts.controls or self.facts.dialect.escapes.are_codes

    @property
    def notes(self) -> dict[str, Any]:
        dialect = self.facts.dialect
        found: dict[str, Any] = {
            "format": FileFormat.DELIMITED.value,
            "delimiter": _DELIMITER_NAMES.get(dialect.delimiter, repr(dialect.delimiter)),
            "encoding": self.encoding,
        }
        if not dialect.quote or dialect.quote != '"':
            found["quote"] = dialect.quote or "none"
        if dialect.escape:
            found["escape"] = dialect.escape
        if dialect.unsure:
            found["backslashes"] = DOUBTS[bool(dialect.escape)]
        if dialect.odd_quotes:
            found["quotes"] = ODD_QUOTES
        if words := dict.fromkeys(mark.strip() for mark in dialect.null_marks if mark != NULL_MARK):
            found["words_for_no_value_outside_quotes"] = list(words)
        if dialect.null_texts:
            found["words_for_no_value"] = list(dialect.null_texts)
        if self.facts.header_row > 1:
            found["lines_before_header"] = self.facts.header_row - 1
        return found

    def load(
        self, session: duckdb.DuckDBPyConnection, shape: Shape, work: Path, layout: Layout
    ) -> tuple[LoadedRows, int]:
        source = load(session, self.path, self.facts, shape, work, layout)
        last = self.facts.header_row + source.records
        if source.way is Way.FAST:
            texts = line_texts(self.path, self.facts, layout, last, breaks=source.breaks)
        else:
            texts = record_texts(self.path, self.facts, shape, layout, last)
        return replace(source, texts=(texts,)), last


def load(
    session: duckdb.DuckDBPyConnection,
    path: Path,
    facts: CsvSurvey,
    shape: Shape,
    work: Path,
    layout: Layout = PLAIN,
) -> LoadedRows:
    """``work``: a folder for passing files.

    Raises:
        FileRejectedError: rows cannot be told apart (code ``quotes_unreadable``).
    """
    source = load_fast(session, path, facts, shape, layout)
    facts.wait()
    return source or load_exact(session, path, facts, shape, work, layout)


def load_fast(
    session: duckdb.DuckDBPyConnection,
    path: Path,
    facts: CsvSurvey,
    shape: Shape,
    layout: Layout = PLAIN,
) -> LoadedRows | None:
    """None if the file needs the exact way.

    The bytes may still be counted meanwhile. The beginning of the file then says how to read it, and what it says is
    looked at again when all is known.
    """
    width = shape.width
    seen = facts.glance or facts
    if seen.newline is None or not _may_be_fast(seen, width, layout):
        return None
    words = null_words(layout, seen)
    options = csv_options(
        delimiter=facts.dialect.delimiter,
        quote=facts.dialect.quote,
        newline=seen.newline,
        line_limit=RECORD_LIMIT,
    )
    rows = (
        f"read_csv({literal(str(path))}, columns = {{{text_columns(width)}}}, skip = {facts.first_lines}, "
        f"buffer_size = {_buffer_size(facts.size, seen)}, {options})"
    )
    try:
        created = create_source(session, shape, replace(layout, null_words=words), rows)
    except duckdb.Error as error:
        if is_out_of_room(error):
            raise
        # Besides faults of the file, its parallel reader has forms of a file that it does not take.
        return None
    facts.wait()
    if null_words(layout, facts) != words:
        session.execute("DROP TABLE source")
        return load_fast(session, path, replace(facts, glance=None), shape, layout)
    sound = facts.newline == seen.newline and _may_be_fast(facts, width, layout) and adds_up(session, facts, created)
    if sound and not _has_blank_rows(session, width):
        first = 1 + facts.header_row + layout.offset
        return LoadedRows(
            Way.FAST,
            f"rowid + {first}",
            created.rows,
            breaks=created.rows != facts.lines - facts.first_lines,
            records=created.rows,
            plain=facts.dialect.delimiter == "," and not facts.quotes,
            nulls=created.nulls,
        )
    session.execute("DROP TABLE source")
    return None


def _has_blank_rows(session: duckdb.DuckDBPyConnection, width: int) -> bool:
    """Whether there are rows without a value, which may be delimiters alone and then are none."""
    values = ", ".join(map(column, range(width)))
    blank = f"coalesce({values}) IS NULL"
    return width > 1 and session.execute(f"SELECT count(*) FROM source WHERE {blank}").fetchone() != (0,)  # noqa: S608 - names made here


def null_words(layout: Layout, facts: CsvSurvey) -> tuple[str, ...]:
    """The words that stand for no value wherever they are the whole of one; more are none of the file's."""
    return layout.null_words + (facts.dialect.null_marks if facts.null_marks else ())


def _may_be_fast(facts: CsvSurvey, width: int, layout: Layout) -> bool:
    quoted = bool(facts.quotes) and bool(facts.dialect.quote)
    return not (
        facts.nul
        or not facts.dialect.usual
        or (quoted and any(facts.dialect.quote in word for word in layout.null_words))
        or facts.quoted_null_marks
        or facts.wrapped
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
    wanted = 4 * ROW_GROUP * seen.size // max(1, seen.lines)
    # In steps, since of a size that cannot be parted evenly DuckDB says that it cannot read the file in parallel.
    return min(max(_LEAST_BUFFER, (wanted // _BUFFER_STEP + 1) * _BUFFER_STEP), _MOST_BUFFER)


def load_exact(
    session: duckdb.DuckDBPyConnection,
    path: Path,
    facts: CsvSurvey,
    shape: Shape,
    work: Path,
    layout: Layout = PLAIN,
) -> LoadedRows:
    """Record by record."""
    records = DelimitedRecords(path, facts, shape, layout)
    source = load_records(session, records, shape, work, loading(facts, layout), facts.file)
    return replace(
        source,
        records=records.last - facts.header_row,
        broken_end=records.broken_end,
        nulls=source.nulls + records.nulls,
    )
