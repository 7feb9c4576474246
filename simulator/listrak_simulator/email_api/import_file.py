"""Reads an import's delimited text in batches of columns."""

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import Protocol

_BATCH = 8192  # rows; large enough to make the work per batch small, small enough to stay in the processor's cache
_LONGEST_CELL = 16_777_216  # characters

csv.field_size_limit(_LONGEST_CELL)

Columns = list[tuple[str, ...]]


class Layout(Protocol):
    """How an import's request describes its file."""

    @property
    def delimiter(self) -> str: ...

    @property
    def qualifier(self) -> str | None: ...

    @property
    def has_column_names(self) -> bool: ...

    @property
    def width(self) -> int:
        """Columns that a row needs to hold every mapped one."""


def read_batches(file: io.BytesIO, layout: Layout) -> Iterator[Columns]:
    """The cells by column. Empty lines are no rows; cells missing at a row's end are blank.

    Raises:
        csv.Error: the text cannot be read with these settings.
    """
    text = io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="")
    if layout.qualifier:
        reader = csv.reader(text, delimiter=layout.delimiter, quotechar=layout.qualifier)
    else:
        reader = csv.reader(text, delimiter=layout.delimiter, quoting=csv.QUOTE_NONE)
    if layout.has_column_names:
        next(reader, None)
    width = layout.width
    while batch := list(islice(reader, _BATCH)):
        rows = list(filter(None, batch))
        if not rows:
            continue
        if min(map(len, rows)) < width:
            rows = [row + [""] * (width - len(row)) for row in rows]
        yield list(zip(*rows, strict=False))
