"""Table ``source`` of a DuckDB session: the rows of a file, in file order, and what is known of them.

Its columns: ``c0`` … the fields as text (NULL when empty), and what its `Shape` says. Of an audience that is
``action`` (code of what the opt status asks for), what the contacts derive, and ``verdict`` (0 for a row whose contact
key is valid at first sight, else `UNDECIDED`). Its ``rowid`` follows the file.
"""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from listrak_relay.adapters.duckdb.loading.row_texts import RowTexts
from listrak_relay.adapters.duckdb.sql.expressions import WIDE, column, literals, total
from listrak_relay.adapters.formats.records import KeyField
from listrak_relay.domain.reading.notes import Way

UNDECIDED = 1

ROW_GROUP = 122_880
"""Rows that DuckDB stores together."""


@dataclass(frozen=True, slots=True)
class LoadedRows:
    """``row``: SQL for the row number in the file. ``breaks``: line breaks may be inside values. ``damaged``: rows set
    apart, which are in file ``damaged_path`` (``row, reason, record``); ``together``: they follow each other.
    ``records``: rows and blank lines after the header. ``broken_end``: the file ends in the middle of a damaged
    row. ``plain``: no value holds a comma, a quote or a line break. ``nulls``: values that were a word for no value.
    ``texts``: rows as they stand in their file, of each file that is a text.
    """

    way: Way
    row: str
    rows: int
    breaks: bool
    records: int
    damaged: int = 0
    damaged_path: Path | None = None
    together: bool = False
    broken_end: bool = False
    plain: bool = False
    nulls: int = 0
    texts: tuple[RowTexts, ...] = ()

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


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file fits into the run. ``order``: for each column of the run its place in the file, None: the same.
    ``null_words``: texts that stand for an empty value. ``offset``: added to the file's row numbers."""

    order: tuple[int, ...] | None = None
    null_words: tuple[str, ...] = ()
    offset: int = 0


PLAIN = Layout()


def stretches(rows: int, size: int) -> list[str]:
    """SQL for whether a row of table ``source``, which has so many ``rows``, is in each stretch of ``size`` rows."""
    return [f"rowid >= {first} AND rowid < {first + size}" for first in range(0, rows, size)]


@dataclass(frozen=True, slots=True)
class Created:
    """``rows`` of table ``source``. ``nulls``: values that were a word for no value, ``null_bytes`` long together."""

    rows: int
    nulls: int = 0
    null_bytes: int = 0


def create_source(
    session: duckdb.DuckDBPyConnection, shape: Shape, layout: Layout, rows: str, *, row: str = ""
) -> Created:
    """Make table ``source`` of what ``rows`` gives (``c0`` … as in the file, and a column named ``row`` if that is
    said)."""
    words = layout.null_words
    if layout.order is not None or words:
        rows = f"({_placed(rows, [column(place) for place in layout.order or range(shape.width)], words, row)})"
    created = session.execute(f"CREATE TABLE source AS SELECT *, {shape.derived} FROM {rows}").fetchone()
    count = int(created[0]) if created else 0
    if not words:
        return Created(count)
    sums = session.execute("SELECT coalesce(sum(nulls), 0), coalesce(sum(null_bytes), 0) FROM source").fetchone()
    for counter in _COUNTERS:
        session.execute(f"ALTER TABLE source DROP COLUMN {counter}")
    nulls, null_bytes = sums or (0, 0)
    return Created(count, int(nulls), int(null_bytes))


_COUNTERS = ("nulls", "null_bytes")


def _placed(rows: str, values: Sequence[str], words: Sequence[str], row: str) -> str:
    """``values`` of ``rows`` as the columns of the run, without ``words``."""
    others = [row] if row else []
    if words and len(values) > WIDE:
        # Said once however many columns there are: to plan a thousand such tests takes longer than to read the rows.
        found = f"list_transform([{', '.join(values)}], lambda value: {_without(words, 'value')}) AS found"
        rows = f"(SELECT {', '.join([*others, found, *_counted(words, values)])} FROM {rows})"
        named = [f"found[{place}] AS {column(place - 1)}" for place in range(1, len(values) + 1)]
        return f"SELECT {', '.join([*others, *named, *_COUNTERS])} FROM {rows}"
    named = [f"{_without(words, value)} AS {column(i)}" for i, value in enumerate(values)]
    return f"SELECT {', '.join([*others, *named, *(_counted(words, values) if words else [])])} FROM {rows}"


def _without(words: Sequence[str], value: str) -> str:
    return f"CASE WHEN {_is_one_of(words, value)} THEN NULL ELSE {value} END" if words else value


def _counted(words: Sequence[str], values: Sequence[str]) -> list[str]:
    if len(values) > WIDE:
        found = f"list_filter([{', '.join(values)}], lambda value: {_is_one_of(words, 'value')})"
        sizes_found = f"list_sum(list_transform({found}, lambda value: strlen(value)))"
        return [f"len({found})::USMALLINT AS nulls", f"coalesce({sizes_found}, 0)::UINTEGER AS null_bytes"]
    nulls = (f"coalesce({_is_one_of(words, value)}, false)::INTEGER" for value in values)
    sizes = (f"CASE WHEN {_is_one_of(words, value)} THEN strlen({value}) ELSE 0 END" for value in values)
    return [f"({total(nulls)})::USMALLINT AS nulls", f"({total(sizes)})::UINTEGER AS null_bytes"]


def _is_one_of(words: Sequence[str], value: str) -> str:
    return f"{value} IN ({literals(words)})"
