"""Reads an import's delimited text in batches of columns."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Protocol

BATCH_BYTES = 1 << 19
"""Some thousand rows: enough to make the work per batch small, few enough to stay in the processor's cache."""

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


def read_batches(file: io.BytesIO, layout: Layout, batch_bytes: int = BATCH_BYTES) -> Iterator[Columns]:
    """The cells by column. Empty lines are no rows; cells missing at a row's end are blank.

    Raises:
        csv.Error: the text cannot be read with these settings.
    """
    lines = _Lines(file, batch_bytes)
    if layout.qualifier:
        reader = csv.reader(lines, delimiter=layout.delimiter, quotechar=layout.qualifier)
    else:
        reader = csv.reader(lines, delimiter=layout.delimiter, quoting=csv.QUOTE_NONE)
    if layout.has_column_names:
        next(reader, None)
    while lines.fill():
        columns = _split_plain(lines, layout)
        if columns is None:
            columns = _by_column(_rows_of_batch(reader, lines), layout.width)
        if columns:
            yield columns


class _Lines(Iterator[str]):
    """The text's lines, a batch at a time: whoever reads on beyond a batch gets the next one's lines."""

    def __init__(self, file: io.BytesIO, batch_bytes: int) -> None:
        self._batch_bytes = batch_bytes
        self._text = io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="")
        self.batch: list[str] = []
        """Lines not yet taken, the last one first, each with its end."""

    def __next__(self) -> str:
        if not self.fill():
            raise StopIteration
        return self.batch.pop()

    def fill(self) -> bool:
        """False: the text has ended."""
        if not self.batch:
            self.batch = self._text.readlines(self._batch_bytes)[::-1]
        return bool(self.batch)


def _split_plain(lines: _Lines, layout: Layout) -> Columns | None:
    """Takes the whole batch if no line has a qualifier and all have as many delimiters: then no rule of CSV applies,
    and splitting costs a fifth of reading. None otherwise; nothing is taken then."""
    batch = lines.batch[::-1]
    text = "".join(batch).replace("\r\n", "\n").removesuffix("\n")
    if "\r" in text or (layout.qualifier and layout.qualifier in text) or len(text) > _LONGEST_CELL:
        return None
    width, *others = {line.count(layout.delimiter) + 1 for line in batch}
    if others or width < layout.width:
        return None
    lines.batch = []
    if width == 1:
        cells = tuple(filter(None, text.split("\n")))
        return [cells] if cells else []
    row_by_row = text.replace("\n", layout.delimiter).split(layout.delimiter)
    return [tuple(row_by_row[column::width]) for column in range(width)]


def _rows_of_batch(reader: Iterator[list[str]], lines: _Lines) -> Iterator[list[str]]:
    """Its last row may take lines of the next batch: what is left of that comes next."""
    while lines.batch:
        row = next(reader, None)
        if row:
            yield row


def _by_column(rows: Iterable[list[str]], width: int) -> Columns:
    found = list(rows)
    if found and min(map(len, found)) < width:
        found = [row + [""] * (width - len(row)) for row in found]
    return list(zip(*found, strict=False))
