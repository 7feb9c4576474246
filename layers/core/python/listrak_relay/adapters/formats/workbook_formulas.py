"""Formulas of which a workbook has no results: whoever reads it sees empty cells."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.parsers import expat

from listrak_relay.adapters.formats.workbook_formats import part_of

_BLOCK = 1 << 16
_LOOKED_AT = 1 << 22
"""Bytes of a sheet. A program that computes no results writes none at all."""


def lacks_results(path: Path, sheet: str) -> bool:
    """Whether a cell near the beginning of the sheet has a formula and no result. An empty text is one."""
    try:
        part = part_of(path, sheet)
        return part is not None and _Formulas().looks(path, part)
    except (expat.ExpatError, KeyError, zipfile.BadZipFile):
        return False


class _Formulas:
    def __init__(self) -> None:
        self._formula = self._in_value = self._result = self._text = self._found = False
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        self._parser = parser

    def looks(self, path: Path, part: str) -> bool:
        left = _LOOKED_AT
        with zipfile.ZipFile(path) as archive, archive.open(part) as stream:
            while left > 0 and not self._found and (block := stream.read(_BLOCK)):
                self._parser.Parse(block)
                left -= len(block)
        return self._found

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "c":
                self._formula = self._result = False
                self._text = attributes.get("t") == "str"
            case "f":
                self._formula = True
            case "v":
                self._in_value = True

    def _characters(self, _text: str) -> None:
        self._result = self._result or self._in_value

    def _end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "v":
                self._in_value = False
            case "c" if self._formula and not self._result and not self._text:
                self._found = True
