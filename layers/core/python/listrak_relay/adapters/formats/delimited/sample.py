"""The beginning of a delimited file, to be read under one dialect or another until one fits."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from listrak_relay.adapters.formats.delimited.grammar import Dialect
from listrak_relay.adapters.formats.delimited.reader import RecordReader
from listrak_relay.adapters.formats.records import Record
from listrak_relay.errors import FileRejectedError

_CHARACTERS = 2_000_000
_ROWS = 1_000
_TELLING = 1_000
_LONGEST = 100_000
_BLOCK = 1 << 20
_QUOTE, _BACKSLASH = b'"', b"\\"
_AGAIN = 8_000_000
"""Characters read a second time, after which a dialect does not fit and its sample ends."""


@dataclass(frozen=True, slots=True)
class Start:
    """``text``: of the file's beginning, bytes that are no text as surrogates. ``whole``: the file ends there.
    ``telling``: lines from anywhere in it that hold both a quote and a backslash."""

    text: str
    whole: bool
    telling: tuple[str, ...] = ()

    def rows(self, dialect: Dialect, limit: int, width: int | None = None) -> list[Record]:
        """The first rows that are not blank. ``width``: see `RecordReader`."""
        found: list[Record] = []
        stream = io.StringIO(self.text, newline=dialect.newline)
        reader = RecordReader(stream, dialect, file="", width=width, key=None, again_limit=_AGAIN)
        try:
            for record in reader:
                if any(map(str.strip, record.lines)):
                    found.append(record)
                if len(found) >= limit:
                    return found
        except FileRejectedError:
            return found
        # Where the text was cut there is no end of a row.
        return found if self.whole else found[: max(1, len(found) - 1)]

    def sound(self, dialect: Dialect) -> dict[str, Record]:
        """Of the first thousand rows those that are sound and as long as most are, by their text."""
        rows = self.rows(dialect, _ROWS)
        width = usual_width(rows)
        if any(row.damage or len(row.lines) > 1 for row in rows):
            # Knowing the width, the reader finds the rows that a quote left open, or two stray ones, have swallowed.
            rows = self.rows(dialect, _ROWS, width)
        rows += self.telling_rows(dialect, width)
        return {"".join(row.lines): row for row in rows if row.damage is None and len(row.fields) == width}

    def telling_rows(self, dialect: Dialect, width: int) -> list[Record]:
        """What is in the `telling` lines; a value that goes on in another line is damaged there."""
        stream = io.StringIO("".join(self.telling), newline=dialect.newline)
        try:
            return list(RecordReader(stream, dialect, file="", width=width, key=None, again_limit=_AGAIN))
        except FileRejectedError:
            return []


def start_of(path: Path) -> Start:
    """Of a file in UTF-8."""
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        text = stream.read(_CHARACTERS)
        whole = not stream.read(1)
    if whole and not ("\\" in text and '"' in text):
        return Start(text, whole)  # of thousands of small parts each look into one counts
    return Start(text, whole, tuple(islice(_telling(path), _TELLING)))


def _telling(path: Path) -> Iterator[str]:
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            if _BACKSLASH in block and _QUOTE in block:
                block += stream.readline(_LONGEST)
                for line in block.splitlines(keepends=True):
                    if _BACKSLASH in line and _QUOTE in line and len(line) <= _LONGEST:
                        yield line.decode("utf-8", "surrogateescape")


def usual_width(rows: list[Record]) -> int:
    """How many fields most sound rows have; of two numbers as frequent the larger one."""
    widths = Counter(len(row.fields) for row in rows if row.damage is None)
    return max(widths, key=lambda width: (widths[width], width), default=0)
