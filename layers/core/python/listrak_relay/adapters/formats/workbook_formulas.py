"""Formulas of which a workbook has no results: whoever reads it sees empty cells."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.parsers import expat

from listrak_relay.adapters.formats.workbook_formats import elements, part_of

_BLOCK = 1 << 16
_LOOKED_AT = 1 << 22
"""Bytes of a sheet. A program that computes no results writes none at all."""

_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]|\0")
"""In a sheet; a NUL tells of an encoding of several bytes, in which it looks otherwise."""

_NOT_COMPUTED = ("124519", "1")
"""What XlsxWriter says of the computation (its id, and that it is to be done on opening): it computes nothing, and
writes 0 as the result of each formula. https://xlsxwriter.readthedocs.io/working_with_formulas.html#formula-results"""


def lacks_results(path: Path, sheet: str) -> bool:
    """Whether a cell near the beginning of the sheet has a formula and no result, or one that was not computed. An
    empty text is one."""
    try:
        part = part_of(path, sheet)
        return part is not None and _looks(path, part)
    except (expat.ExpatError, KeyError, zipfile.BadZipFile):
        return False


def _looks(path: Path, part: str) -> bool:
    with zipfile.ZipFile(path) as archive, archive.open(part) as stream:
        start = stream.read(_LOOKED_AT)
    if not _FORMULA.search(start):
        return False
    uncomputed = any(
        (attributes.get("calcId"), attributes.get("fullCalcOnLoad")) == _NOT_COMPUTED
        for _, attributes in elements(path, "xl/workbook.xml", ("calcPr",))
    )
    return _Formulas(none="0" if uncomputed else "").looks(start)


class _Formulas:
    """``none``: what stands for no result of a formula that gives no text."""

    def __init__(self, none: str) -> None:
        self._none = none
        self._formula = self._in_value = self._text = self._found = False
        self._result = ""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        self._parser = parser

    def looks(self, start: bytes) -> bool:
        """``start``: of a sheet, which may be cut anywhere."""
        for place in range(0, len(start), _BLOCK):
            self._parser.Parse(start[place : place + _BLOCK])
            if self._found:
                break
        return self._found

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "c":
                self._formula, self._result = False, ""
                self._text = attributes.get("t") == "str"
            case "f":
                self._formula = True
            case "v":
                self._in_value = True

    def _characters(self, text: str) -> None:
        if self._in_value:
            self._result += text

    def _end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "v":
                self._in_value = False
            case "c" if self._formula and not self._text and self._result in ("", self._none):
                self._found = True
