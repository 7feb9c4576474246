"""What a workbook would take in memory, found before it is read: the reader holds a sheet as one block of cells, which
a single value in the last corner makes larger than any memory, and copies a shared text for each cell that names it."""

from __future__ import annotations

import zipfile
from array import array
from functools import lru_cache
from pathlib import Path
from xml.parsers import expat

from listrak_relay.adapters.unpacking.workbook_bounds import SheetBounds, TextBounds
from listrak_relay.errors import FileRejectedError

MAX_CELLS = 16_000_000
"""Of the smallest block that holds all values of a sheet. About 30 bytes for each."""

_BLOCK = 1 << 20
_SHARED = "sharedstrings.xml"
_BINARY = "xl/workbook.bin"
_LETTERS = 26


def check_workbook(path: Path, file: str, limit: int) -> None:
    """Unpack a workbook once into nothing: what it really holds counts, not what it says it holds.

    Raises:
        FileRejectedError: more than ``limit`` bytes of sheets, or of texts in cells, or more than `MAX_CELLS` cells
            (code ``file_too_large``); or a sheet is no XML (``workbook_unreadable``).
        zipfile.BadZipFile: damaged, or it holds more than it says.
    """
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if any(_plain(member).endswith(_BINARY) for member in members):
            raise FileRejectedError(
                "format_unsupported", f"{file}: this is a binary Excel file; save it as .xlsx or as CSV in UTF-8"
            )
        if not _is_harmless(archive, file, limit):
            _look_at_cells(archive, file, limit)


def _is_harmless(archive: zipfile.ZipFile, file: str, limit: int) -> bool:
    """Whether bounds prove that it takes no more than it may. Raises as `check_workbook` does."""
    left = limit
    texts, sheets = TextBounds(), list[SheetBounds]()
    for member in archive.infolist():
        bounds = texts if _plain(member).endswith(_SHARED) else SheetBounds()
        parser = _Parser(file)
        with archive.open(member) as stream:
            while block := stream.read(_BLOCK):
                left -= len(block)
                _check_left(left, file, limit)
                parser.feed(block)
                bounds.feed(block)
        if isinstance(bounds, SheetBounds) and bounds.has_cells:
            sheets.append(bounds)
    return (
        texts.regular
        and all(sheet.regular and sheet.cells <= MAX_CELLS for sheet in sheets)
        and sum(sheet.shared for sheet in sheets) * texts.longest <= limit
    )


def _look_at_cells(archive: zipfile.ZipFile, file: str, limit: int) -> None:
    """Raises as `check_workbook` does."""
    texts = array("L")
    left = limit
    members = archive.infolist()
    shared = {member.header_offset for member in members if _plain(member).endswith(_SHARED)}
    # The sizes of shared texts come first, since the sheets refer to them.
    for member in sorted(members, key=lambda member: member.header_offset not in shared):
        with archive.open(member) as stream:
            scan = _Scan(file, texts, limit)
            while block := stream.read(_BLOCK):
                left -= len(block)
                _check_left(left, file, limit)
                scan.feed(block)


def _check_left(left: int, file: str, limit: int) -> None:
    if left < 0:
        raise FileRejectedError(
            "file_too_large",
            f"{file}: the workbook holds more than {limit:,} bytes of sheets; drop the rows as CSV",
        )


def _plain(member: zipfile.ZipInfo) -> str:
    return member.filename.replace("\\", "/").lower()


class _Parser:
    """Whether a part is XML. ``root``: the name of its outermost element. ``broken``: it is none, as pictures are."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.root = ""
        self.broken = False
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._began

    def feed(self, block: bytes) -> None:
        """Raises FileRejectedError (``workbook_unreadable``): a sheet or the shared texts are no XML."""
        if self.broken:
            return
        try:
            self.parser.Parse(block)
        except (expat.ExpatError, ValueError):
            # Other parts may be pictures.
            self.broken = True
            if self.root in ("worksheet", "sst") or b"sheetData" in block:
                raise FileRejectedError(
                    "workbook_unreadable",
                    f"{self._file}: a part of the Excel file is no XML; save it again, or as CSV in UTF-8",
                ) from None

    def _began(self, name: str, _: dict[str, str]) -> None:
        self.root = name.rpartition(":")[2]
        self.parser.StartElementHandler = None


class _Scan(_Parser):
    """Of one XML part: the size of each shared text, or how far the values of a sheet reach.

    ``texts``: sizes of the shared texts by number, filled from their part.
    """

    def __init__(self, file: str, texts: array[int], limit: int) -> None:
        super().__init__(file)
        self._texts = texts
        self._left = limit
        self._row = self._column = 0
        self._shared = self._in_value = False
        self._first = (0, 0)
        self._last = (0, 0)
        self._size = 0
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        # Nearly all elements are of the first two kinds, of which there can be millions.
        if name == "c":
            self._in_value, self._shared = False, attributes.get("t") == "s"
            self._column += 1
            if place := attributes.get("r"):
                self._row, self._column = _place(place)
        elif name == "v":
            self._in_value = True
            self._reach()
        elif ":" in name:
            self._begin(name.rpartition(":")[2], attributes)
        elif name == "is":
            self._reach()
        elif name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
        elif name == "si":
            self._size = 0
        if not self.root:
            self.root = name
            if name != "sst":
                # Where the values of a sheet end need not be known.
                self.parser.EndElementHandler = None

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] == "si":
            self._texts.append(self._size)

    def _text(self, text: str) -> None:
        if self.root == "sst":
            self._size += len(text)
        elif self._shared and self._in_value:
            self._in_value = False
            number = int(text)
            self._left -= self._texts[number] if 0 <= number < len(self._texts) else 0
            if self._left < 0:
                raise FileRejectedError(
                    "file_too_large",
                    f"{self._file}: the texts in the cells of the workbook are too large together; drop the rows as "
                    "CSV",
                )

    def _reach(self) -> None:
        row, column = self._row, self._column
        if not self._last[0]:
            self._first = self._last = (row, column)
            return
        if self._first[0] <= row <= self._last[0] and self._first[1] <= column <= self._last[1]:
            return
        self._first = (min(self._first[0], row), min(self._first[1], column))
        self._last = (max(self._last[0], row), max(self._last[1], column))
        rows, columns = (last - first + 1 for first, last in zip(self._first, self._last, strict=True))
        if rows * columns > MAX_CELLS:
            raise FileRejectedError(
                "file_too_large",
                f"{self._file}: a sheet has values in {rows:,} rows and {columns:,} columns, more than {MAX_CELLS:,} "
                "cells; delete what stands apart from the rows, or drop them as CSV",
            )


def _place(text: str) -> tuple[int, int]:
    """Row and column of a cell such as ``B7``, from 1 on. Raises ValueError."""
    letters = text.rstrip("0123456789")
    return int(text[len(letters) :]), _column(letters)


@lru_cache(maxsize=20_000)
def _column(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = column * _LETTERS + ord(letter) - 64
    return column
