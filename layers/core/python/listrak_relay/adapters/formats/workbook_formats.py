"""Cells that Excel shows otherwise than by their value alone: with leading zeros by their number format, or a moment
that is stored as text. What reads the values knows no formats."""

from __future__ import annotations

import operator
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.parsers import expat

Form = Callable[[Any, str], str]
"""The text that Excel shows, of a cell's value and the text that it would be without a format."""

_ZEROS = re.compile(r"(?:\[[$][^\]]*\])?((?:0|[-+() /:]|\\.|\"[^\"]*\"|_.)+)(?:;.*)?")
_SIGN = re.compile(r'0|\\(.)|"([^"]*)"|_.|(.)')
_MOST_ZEROS = 20
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?[0-9]{1,15})\]([^;\[]*);([^;\[]*)(?:;.*)?")
"""Of a format with one section for numbers that meet it, and another for all others, as ZIP codes have."""

_COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}

_STYLES = "xl/styles.xml"
_BLOCK = 1 << 16
_LOOKED_AT = 1 << 22
"""Bytes of a sheet. Who writes moments as texts writes all so."""

_MOMENT_TYPE = "d"
_MOMENT_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*\bt=[\"']d[\"']")
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?Z?")
"""As ISO/IEC 29500 has it in its strict form, and SheetJS with ``cellDates``: ``2026-01-31T17:23:48.000Z``, whose zone
no cell has."""


@dataclass(frozen=True, slots=True)
class ShownCells:
    """``part``: of the workbook, the sheet. ``forms``: by number of a cell's style."""

    path: Path
    part: str
    forms: Mapping[int, Form]

    def rows(self) -> Iterator[tuple[int, dict[int, Form]]]:
        """Number of a row and its cells of such a style, by their place from 0 on; in the order of the file."""
        row, place = 0, -1
        found: dict[int, Form] = {}
        for name, attributes in elements(self.path, self.part, ("row", "c")):
            if name == "row":
                if found:
                    yield row, found
                row, place, found = int(attributes.get("r") or row + 1), -1, {}
                continue
            place = place_of(attributes["r"]) if "r" in attributes else place + 1
            form = _moment if attributes.get("t") == _MOMENT_TYPE else self.forms.get(int(attributes.get("s") or 0))
            if form:
                found[place] = form
        if found:
            yield row, found


def find_shown_cells(path: Path, sheet: str) -> ShownCells | None:
    """None: no cell of this sheet is shown otherwise than by its value, or the workbook does not tell."""
    try:
        part, forms = part_of(path, sheet), _forms(path)
        shown = part is not None and (bool(forms) or _has_moments(path, part))
    except (expat.ExpatError, KeyError, ValueError, zipfile.BadZipFile):
        return None
    return ShownCells(path, part, forms) if part and shown else None


def _has_moments(path: Path, part: str) -> bool:
    with zipfile.ZipFile(path) as archive, archive.open(part) as stream:
        return _MOMENT_CELL.search(stream.read(_LOOKED_AT)) is not None


def _moment(_: Any, text: str) -> str:
    """As a cell that has it as a number."""
    found = _MOMENT.fullmatch(text)
    if not found:
        return text
    return found[1] if found[2] == "00:00:00" else f"{found[1]}T{found[2]}"


def _forms(path: Path) -> dict[int, Form]:
    with zipfile.ZipFile(path) as archive:
        if _STYLES not in archive.namelist():
            return {}
    codes: dict[str, str] = {}
    forms: dict[int, Form] = {}
    inside, number = False, 0
    for name, attributes in elements(path, _STYLES, ("numFmt", "cellXfs", "xf", "cellStyles", "dxfs")):
        match name:
            case "numFmt":
                codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            case "cellXfs":
                inside = True
            case "xf" if inside:
                if form := _form_of(codes.get(attributes.get("numFmtId", ""), "")):
                    forms[number] = form
                number += 1
            case "xf":
                pass
            case _:
                inside = False
    return forms


def _form_of(code: str) -> Form | None:
    """Of a format that shows leading zeros, with or without signs between the digits (``00000-0000``)."""
    if condition := _CONDITION.fullmatch(code):
        return _conditional(condition)
    found = _ZEROS.fullmatch(code)
    signs = [
        (sign[0] == "0", sign[1] or sign[2] or sign[3] or "") for sign in _SIGN.finditer(found[1] if found else "")
    ]
    zeros = sum(is_digit for is_digit, _ in signs)
    if not 1 < zeros <= _MOST_ZEROS:
        return None
    first = next(place for place, (is_digit, _) in enumerate(signs) if is_digit)

    def form(value: Any, text: str) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return text
        digits = f"{abs(round(value)):0{zeros}d}"
        extra = len(digits) - zeros
        shown, place = ["-"] if round(value) < 0 else [], 0
        for number, (is_digit, sign) in enumerate(signs):
            if not is_digit:
                shown.append(sign)
                continue
            # More digits than the format has stand before its first.
            end = place + 1 + (extra if number == first else 0)
            shown.append(digits[place:end])
            place = end
        return "".join(shown)

    return form


def _conditional(condition: re.Match[str]) -> Form | None:
    holds, bound = _COMPARED[condition[1]], float(condition[2])
    first, other = _form_of(condition[3]), _form_of(condition[4])

    def form(value: Any, text: str) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return text
        chosen = first if holds(value, bound) else other
        return chosen(value, text) if chosen else text

    return form if first or other else None


def part_of(path: Path, sheet: str) -> str | None:
    """Name of the member that has this sheet."""
    relation = next(
        (
            value
            for _, attributes in elements(path, "xl/workbook.xml", ("sheet",))
            if attributes.get("name") == sheet
            for key, value in attributes.items()
            if key.endswith(":id")
        ),
        None,
    )
    for _, attributes in elements(path, "xl/_rels/workbook.xml.rels", ("Relationship",)):
        if attributes.get("Id") == relation:
            return posixpath.normpath(posixpath.join("xl", attributes.get("Target", ""))).removeprefix("/")
    return None


def elements(path: Path, part: str, names: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    """Names and attributes of the elements of these names. What the workbook unpacks to has been looked at before."""
    found: list[tuple[str, dict[str, str]]] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name in names:
            found.append((name, attributes))

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    with zipfile.ZipFile(path) as archive, archive.open(part) as stream:
        while block := stream.read(_BLOCK):
            parser.Parse(block)
            yield from found
            found.clear()


def place_of(reference: str) -> int:
    """Of a cell such as ``B7`` in its row, from 0 on."""
    column = 0
    for letter in reference.rstrip("0123456789").upper():
        column = column * 26 + ord(letter) - 64
    return column - 1
