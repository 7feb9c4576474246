"""CSV as all our files have it: ``\\n`` ends, quotes where they are needed."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

_END = "\r\n"

_LONGEST_FIELD = 8_000_000
"""Characters. The record of a rejected row is one field, and a record has up to a million characters, some of which are
quotes that are doubled. Python's own limit is 131,072."""


class _Shorter:
    """Takes lines that end in ``\\r\\n`` and writes them with ``\\n``."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, line: str) -> int:
        return self._stream.write(line.removesuffix(_END) + "\n")


def csv_writer(stream: TextIO) -> Any:
    """A `csv.writer` whose lines end in ``\\n``. ``stream`` is opened with ``newline=""``.

    Before Python 3.13 that module puts a carriage return in quotes only where it is part of the line end, and a bare
    one would end the line for whoever reads it.
    """
    return csv.writer(_Shorter(stream), lineterminator=_END)


def csv_rows(lines: Iterable[str]) -> Iterator[list[str]]:
    """The rows of a file of ours. ``lines``: opened with ``newline=""``."""
    # The limit is one for the whole process, and whoever reads files that are not ours sets it lower.
    csv.field_size_limit(max(_LONGEST_FIELD, csv.field_size_limit()))
    yield from csv.reader(lines)
