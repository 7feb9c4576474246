"""Table ``source`` of a DuckDB session: the rows of a file, in file order, and what is known of them.

Its columns: ``c0`` … the fields as text (NULL when empty), and what its `Shape` says. Of an audience that is
``action`` (code of what the opt status asks for), what the contacts derive, and ``verdict`` (0 for a row whose contact
key is valid at first sight, else `UNDECIDED`). Its ``rowid`` follows the file.
"""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from listrak_relay.adapters.duckdb.sql.expressions import column, literal
from listrak_relay.adapters.formats.records import KeyField
from listrak_relay.domain.reading.notes import Way

UNDECIDED = 1

ROW_GROUP = 122_880
"""Rows that DuckDB stores together."""


@dataclass(frozen=True, slots=True)
class Source:
    """``row``: SQL for the row number in the file. ``breaks``: line breaks may be inside values. ``damaged``: rows set
    apart, which are in file ``damaged_path`` (``row, reason, record``); ``together``: they follow each other.
    ``records``: rows and blank lines after the header. ``broken_end``: the file ends in the middle of a damaged
    row. ``plain``: no value holds a comma, a quote or a line break."""

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
    ``null_word``: text that stands for an empty value. ``offset``: added to the file's row numbers."""

    order: tuple[int, ...] | None = None
    null_word: str | None = None
    offset: int = 0


PLAIN = Layout()


def stretches(rows: int, size: int) -> list[str]:
    """SQL for whether a row of table ``source``, which has so many ``rows``, is in each stretch of ``size`` rows."""
    return [f"rowid >= {first} AND rowid < {first + size}" for first in range(0, rows, size)]


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
