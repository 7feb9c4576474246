"""What is in the bytes of a delimited file.

The counts let the fast parser's result be proved afterwards, and tell which cleaning the values can need at all.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path

from listrak_relay.adapters.formats.delimited.grammar import Dialect
from listrak_relay.domain.destinations.file_rules import NULL_MARK

_BEGINNING = 1 << 22
"""Bytes of a larger file that are counted before the rest of it."""

_COUNTED = 1 << 16
"""Bytes counted at a time: so few stay in the processor's cache."""

_CONTROL = bytes((*range(9), 11, 12, *range(14, 32), 127))
_BACKSLASH = b"\\"
_OVERLAP = 8
"""Bytes of the block before that are looked at again, as a word for no value in quotes has."""

_UNICODE_SPACES = tuple(c.encode() for c in "\u0085\u00a0\u200b\u2028\u2029\u3000\ufeff")


@dataclass(slots=True)
class CsvSurvey:
    """``file``: the drop key. ``names``: of the columns. ``header_row``: row number of the header, or of the last row
    before the data where there is none (0: the data begins at once). ``first_lines``: physical lines up to there,
    ``first_delimiters``, ``first_quotes`` and ``first_opening`` what is in them; ``first_size`` their bytes.

    ``nameless``: columns at the end of every row that have neither a name nor values, as a delimiter after the last
    value makes them; ``names`` has none for them. ``row_end``: of nearly all rows, None if there are several kinds.
    ``newline``: ``\\n`` or ``\\r\\n`` if every line ends so, None if the ends are mixed. ``lines``: physical lines,
    the first ones among them; ``ended``: the last one has an end. ``delimiters``, ``quotes``: of the whole file.
    ``opening``: quotes that stand where a value can begin, which is behind a delimiter or at the beginning of a line.
    ``controls``: control characters are present. ``odd_spaces``: white space other than plain spaces, or line breaks
    known to Unicode only, are present. ``null_marks``: one of `Dialect.null_marks` is present, ``quoted_null_marks``:
    one in quotes as well. ``wrapped``: a value is written as a formula that keeps its text, ``="02139"``.
    ``blank_lines``: empty lines are present; only looked for in files of a single column. ``spaced_quotes``: a space is
    beside a quote.

    ``counting``: goes on still, and what has to do with bytes is not known before `wait` returns; ``glance`` is of the
    beginning of the file, ``size`` bytes of it.
    """

    file: str
    dialect: Dialect
    names: list[str]
    size: int
    header_row: int = 1
    first_lines: int = 1
    first_delimiters: int = 0
    first_quotes: int = 0
    first_opening: int = 0
    first_size: int = 0
    nameless: int = 0
    row_end: str | None = None
    newline: str | None = "\n"
    lines: int = 0
    ended: bool = True
    delimiters: int = 0
    quotes: int = 0
    opening: int = 0
    nul: bool = False
    controls: bool = False
    odd_spaces: bool = False
    null_marks: bool = False
    quoted_null_marks: bool = False
    wrapped: bool = False
    blank_lines: bool = False
    spaced_quotes: bool = False
    glance: CsvSurvey | None = None
    counting: Future[None] | None = None

    def wait(self) -> None:
        """Until everything is counted."""
        if self.counting:
            self.counting.result()

    @property
    def plain_start(self) -> bool:
        """Each row up to the header is one line, without quotes before the header."""
        return self.header_row == self.first_lines and (self.header_row <= 1 or not self.first_quotes)


def count_bytes(path: Path, found: CsvSurvey) -> None:
    """Fill in what is in the lines up to the header, and in the whole file. All that comes before is known."""
    _count_first(path, found)
    _count(path, found)


def count_bytes_beside(path: Path, found: CsvSurvey) -> None:
    """As `count_bytes`, but of a larger file only what is in its beginning; a thread counts the rest while the caller
    goes on. The file must stay there until `CsvSurvey.wait`."""
    if found.size <= _BEGINNING:
        count_bytes(path, found)
        return
    _count_first(path, found)
    found.glance = replace(found, size=_BEGINNING)
    _count(path, found.glance, blocks=_BEGINNING // _COUNTED)
    thread = ThreadPoolExecutor(1)
    found.counting = thread.submit(_count, path, found)
    thread.shutdown(wait=False)


def _count_first(path: Path, found: CsvSurvey) -> None:
    newline = found.dialect.newline
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline=newline) as stream:
        # No more than the sample has passed already; a row of several lines before the header makes it no plain start.
        first = "".join(stream.readline(_BEGINNING) for _ in range(found.first_lines))
    found.first_size = len(first.encode("utf-8", "surrogateescape"))
    found.first_delimiters = first.count(found.dialect.delimiter)
    found.first_quotes = first.count('"')
    found.first_opening = sum(f"\n{first}".count(mark + '"') for mark in (found.dialect.delimiter, "\n"))


def _count(path: Path, found: CsvSurvey, blocks: int | None = None) -> None:
    """Count bytes block by block, ``blocks`` of them or all. A few bytes of the block before are looked at again
    where more than one matters."""
    delimiter = found.dialect.delimiter.encode()
    others = _bytes_of_no_meaning(delimiter)
    returns = pairs = newlines = 0
    before = b"\n"
    with path.open("rb") as stream:
        if stream.read(len(BOM_UTF8)) == BOM_UTF8:
            found.first_size += len(BOM_UTF8)
        else:
            stream.seek(0)
        for block in islice(iter(lambda: stream.read(_COUNTED), b""), blocks):
            if block.endswith(b"\r"):
                block += stream.read(1)  # noqa: PLW2901 - the other half of a line end
            # To take out what nearly all bytes are takes no longer than to count one kind in all of them.
            signs = block.translate(None, others)
            newlines += signs.count(b"\n")
            found.delimiters += (signs if len(delimiter) == 1 else block).count(delimiter)
            quotes = signs.count(b'"')
            found.quotes += quotes
            if b"\r" in signs:
                returns += signs.count(b"\r")
                pairs += block.count(b"\r\n")
            if len(signs.translate(None, _CONTROL)) != len(signs):
                found.controls = True
                found.nul = found.nul or b"\0" in signs
            if not found.odd_spaces:
                found.odd_spaces = _has_odd_spaces(block, before, found.dialect.delimiter)
            _note_null_marks(found, block, before)
            if quotes or len(found.names) == 1:
                _note_pairs(found, before + block, before)
            before = block[-_OVERLAP:]
    if found.dialect.delimiter == "\t" and (found.quotes or not found.dialect.usual):
        # Tabs may be inside quotes or behind an escape, whichever these are.
        found.odd_spaces = True
    if returns:
        found.newline = "\r\n" if returns == pairs == newlines else None
    found.ended = before.endswith(b"\n")
    found.lines = newlines + (not found.ended)


@cache
def _bytes_of_no_meaning(delimiter: bytes) -> bytes:
    """All that are none of the bytes counted one by one."""
    counted = {*_CONTROL, *b'\n\r"', *(delimiter if len(delimiter) == 1 else b"")}
    return bytes(byte for byte in range(256) if byte not in counted)


def _note_null_marks(found: CsvSurvey, block: bytes, before: bytes) -> None:
    marks = found.dialect.null_marks
    if marks == (NULL_MARK,) and _BACKSLASH not in block and _BACKSLASH not in before:
        return
    block, quote = before + block, found.dialect.quote.encode()
    for mark in map(str.encode, marks):
        if not found.null_marks or quote:
            found.null_marks = found.null_marks or mark in block
            found.quoted_null_marks = found.quoted_null_marks or (bool(quote) and quote + mark + quote in block)


def _note_pairs(found: CsvSurvey, block: bytes, before: bytes) -> None:
    """``block`` begins with ``before``, which has been looked at already."""
    delimiter = found.dialect.delimiter
    spaces = " " if delimiter == "\t" else " \t"
    spaced = [pair.encode() for space in spaces for pair in (f'"{space}', f'{space}"')]
    opening = [f'{delimiter}"'.encode(), b'\n"']
    found.opening += sum(block.count(pair) - before.count(pair) for pair in opening)
    if b'="' in block:
        found.wrapped = found.wrapped or any(
            pair in block
            for pair in (b'\n="', b'\n"="', *(mark + b'="' for mark in (delimiter.encode(), delimiter.encode() + b'"')))
        )
    found.spaced_quotes = found.spaced_quotes or any(pair in block for pair in spaced)
    if len(found.names) == 1:
        found.blank_lines = found.blank_lines or b"\n\n" in block or b"\n\r\n" in block


def _has_odd_spaces(block: bytes, before: bytes, delimiter: str) -> bool:
    if delimiter != "\t" and b"\t" in block:
        return True
    if block.isascii() and before.isascii():
        return False
    overlapped = before + block
    # Looking for one byte is many times quicker than looking for several, and these first bytes are rare.
    return any(space[:1] in overlapped and space in overlapped for space in _UNICODE_SPACES)
