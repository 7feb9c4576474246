"""CSV as all our files have it: ``\\n`` ends, quotes where they are needed."""

from __future__ import annotations

import csv
from typing import Any, TextIO

_END = "\r\n"


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
