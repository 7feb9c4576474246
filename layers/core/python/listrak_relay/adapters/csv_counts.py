"""Counts the bytes of a CSV file that matter: they prove what the fast parser made of it, and tell which cleaning the
values can need at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_BLOCK = 1 << 22
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_CONTROL = bytes((*range(9), 11, 12, *range(14, 32), 127))
_UNICODE_SPACES = tuple(c.encode() for c in "\u0085\u00a0\u200b\u2028\u2029\u3000\ufeff")


@dataclass(slots=True)
class CsvCounts:
    """``newline``: ``\\n`` or ``\\r\\n`` if every line ends so, None if the ends are mixed.

    ``lines``: physical lines, the header's among them. ``delimiters``, ``quotes``: bytes. ``controls``: control
    characters are present. ``odd_spaces``: white space other than plain spaces, or line breaks known to Unicode only,
    are present. The next two are only looked for where there are quotes, or if the file has a single column.
    ``blank_lines``: empty lines are present. ``spaced_quotes``: a space is beside a quote.
    """

    newline: str | None = "\n"
    lines: int = 0
    delimiters: int = 0
    quotes: int = 0
    nul: bool = False
    controls: bool = False
    odd_spaces: bool = False
    blank_lines: bool = False
    spaced_quotes: bool = False


def count_bytes(path: Path, delimiter: str, *, single_column: bool) -> CsvCounts:
    """Look through the whole file once, in blocks; the end of each is looked at again with the next, for pairs."""
    found = CsvCounts()
    mark = delimiter.encode()
    spaced_quotes = [b'" ', b' "'] if delimiter == "\t" else [b'" ', b' "', b'"\t', b'\t"']
    returns = pairs = newlines = 0
    before = b"\n"
    with path.open("rb") as stream:
        if stream.read(3) != _BYTE_ORDER_MARK:
            stream.seek(0)
        while block := stream.read(_BLOCK):
            if block.endswith(b"\r"):
                block += stream.read(1)
            newlines += block.count(b"\n")
            found.delimiters += block.count(mark)
            quotes = block.count(b'"') if b'"' in block else 0
            found.quotes += quotes
            if b"\r" in block:
                returns += block.count(b"\r")
                pairs += block.count(b"\r\n")
            if len(block.translate(None, _CONTROL)) != len(block):
                found.controls = True
                found.nul = found.nul or b"\0" in block
            if not found.odd_spaces:
                found.odd_spaces = _has_odd_spaces(block, before, delimiter)
            if quotes or single_column:
                overlapped = before + block
                found.blank_lines = found.blank_lines or b"\n\n" in overlapped or b"\n\r\n" in overlapped
                found.spaced_quotes = found.spaced_quotes or any(pair in overlapped for pair in spaced_quotes)
            before = block[-3:]
    if found.quotes and delimiter == "\t":
        found.odd_spaces = True
    if returns:
        found.newline = "\r\n" if returns == pairs == newlines else None
    found.lines = newlines + (not before.endswith(b"\n"))
    return found


def _has_odd_spaces(block: bytes, before: bytes, delimiter: str) -> bool:
    if delimiter != "\t" and b"\t" in block:
        return True
    if block.isascii() and before.isascii():
        return False
    overlapped = before + block
    # Looking for one byte is many times quicker than looking for several, and these first bytes are rare.
    return any(space[:1] in overlapped and space in overlapped for space in _UNICODE_SPACES)
