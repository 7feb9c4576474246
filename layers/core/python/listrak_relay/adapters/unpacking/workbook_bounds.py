"""Bounds of what a workbook would take in memory, found in its bytes: a proof for nearly all that it is harmless, in a
fraction of the time that looking at each of its cells takes. What is written in another way than programs write a
sheet, so that bytes might not show what a reader would see, is not proved."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_LONGEST_REST = 1 << 22
"""Bytes without a tag that are kept for the next block."""

_IRREGULAR = re.compile(rb'<c(?=[ />\t\r\n])(?! r="[A-Z]{1,3}[0-9]{1,7}"(?: [a-z]{1,2}="\w*")* ?/?>)')
"""The beginning of a cell that has not its place first and then nothing but plain attributes."""

_PREFIXED = re.compile(rb"<\w+:c[\s/>]")
_COLUMNS = re.compile(rb'<c r="([A-Z]+)')
_ROWS = re.compile(rb'<c r="[A-Z]+([0-9]+)')
_MARKS_OF_SHEETS = (b"sheetData", b"\0")
_SHARED_CELL = b't="s"'
_END_OF_TEXT = b"</si>"


@dataclass(slots=True)
class SheetBounds:
    """Of one XML part. ``regular``: it is proved. ``has_cells``: there are, or may be, some in it, as in no other part
    than a sheet. ``shared``: cells, at most, whose text is a shared one."""

    regular: bool = True
    has_cells: bool = False
    shared: int = 0
    _columns: set[bytes] = field(default_factory=set)
    _rows: set[bytes] = field(default_factory=set)
    _rest: bytes = b""

    def feed(self, block: bytes) -> None:
        if not self.regular:
            return
        text = self._rest + block
        end = text.rfind(b"<")
        self.has_cells = self.has_cells or any(mark in text for mark in _MARKS_OF_SHEETS)
        whole, self._rest = (text[:end], text[end:]) if end >= 0 else (b"", text)
        self.regular = len(self._rest) <= _LONGEST_REST and _is_plain(text) and not _is_irregular(whole)
        self._rows.update(_ROWS.findall(whole))
        self._columns.update(_COLUMNS.findall(whole))
        self.shared += whole.count(_SHARED_CELL)

    @property
    def cells(self) -> int:
        """Of the smallest block that holds all cells, those without a value too."""
        if not self._columns:
            return 0
        columns = [_number(letters) for letters in self._columns]
        rows = [int(digits) for digits in self._rows]
        return (max(columns) - min(columns) + 1) * (max(rows) - min(rows) + 1)


@dataclass(slots=True)
class TextBounds:
    """Of the shared texts. ``longest``: bytes, at least as many as any of them has characters."""

    regular: bool = True
    longest: int = 0
    _begun: int = 0

    def feed(self, block: bytes) -> None:
        self.regular = self.regular and _is_plain(block)
        parts = block.split(_END_OF_TEXT)
        sizes = list(map(len, parts))
        sizes[0] += self._begun
        self.longest = max(self.longest, *sizes)
        # An end that is cut in two joins two texts to a longer one.
        self._begun = sizes[-1]


def _is_irregular(text: bytes) -> bool:
    return bool(_IRREGULAR.search(text) or (b":c" in text and _PREFIXED.search(text)))


def _is_plain(text: bytes) -> bool:
    """Whether it is in an encoding of single bytes, and has no entities of its own, comments and other such marks."""
    return b"\0" not in text and b"<!" not in text


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
