"""Rows as they stand in the file, looked up again for the few that are told of, so that the others cost nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from listrak_relay.adapters.formats.records import RAW_LIMIT, Record

Numbered = Iterator[tuple[int, str]]
"""Number of a row in its file, and its text without the last line end, cut to `RAW_LIMIT`."""


@dataclass(frozen=True, slots=True)
class RowTexts:
    """Of one file, whose rows have the numbers up to ``last`` there, and ``offset`` more in the run. ``read``: takes
    numbers in the file, in rising order, and gives these rows."""

    offset: int
    last: int
    read: Callable[[Iterable[int]], Numbered]


def texts_of_records(records: Callable[[], Iterator[Record]], numbers: Iterable[int]) -> Numbered:
    """``records``: begins to read the file anew."""
    found = records()
    for number in numbers:
        record = next((record for record in found if record.row >= number), None)
        if record is None:
            return
        yield number, record.raw


def texts_of_lines(path: Path, numbers: Iterable[int], *, first: int, skipped: int, quote: bytes) -> Numbered:
    """Of a file in which the row ``first`` comes behind so many ``skipped`` lines, and all line ends outside quotes end
    a row. ``quote``: empty if there is no other line end."""
    with path.open("rb", buffering=1 << 20) as stream:
        lines: Iterator[bytes] = islice(stream, skipped, None)
        rows, place = (_joined(lines, quote) if quote else lines), first
        for number in numbers:
            # Lines between are passed over without a look at each.
            line = next(islice(rows, number - place, None), None)
            if line is None:
                return
            place = number + 1
            yield number, line.decode("utf-8", "backslashreplace").rstrip("\r\n")[:RAW_LIMIT]


def _joined(lines: Iterator[bytes], quote: bytes) -> Iterator[bytes]:
    parts: list[bytes] = []
    inside = False
    for line in lines:
        inside ^= bool(line.count(quote) % 2)
        if inside or parts:
            parts.append(line)
            if inside:
                continue
            line = b"".join(parts)  # noqa: PLW2901 - the row that ends here
            parts = []
        yield line
    if parts:
        yield b"".join(parts)
