"""Records of one sheet of an Excel workbook, by the library python-calamine (in Rust)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import python_calamine
from python_calamine import SheetTypeEnum, SheetVisibleEnum

from listrak_relay.adapters.formats.header import ROWS_LOOKED_AT, find_header
from listrak_relay.adapters.formats.records import NUL, RECORD_LIMIT, TOO_LARGE, TOO_LONG, Record
from listrak_relay.adapters.formats.workbook_digits import StoredDigits
from listrak_relay.adapters.formats.workbook_formats import ShownCells, find_shown_cells
from listrak_relay.adapters.formats.workbook_formulas import lacks_results
from listrak_relay.domain.destinations.data_template import DataTemplate
from listrak_relay.domain.destinations.file_rules import FileRules
from listrak_relay.errors import ConfigurationError, FileRejectedError

_SHOWN_DIGITS = 15

_LAST_YEAR = 9999
_DAY = 24 * 3600

_EXACT = 1 << 53
"""Below here each whole number has a float of its own."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """``names``: of the columns. ``header_row``: as Excel numbers rows, 0 if there is none. ``name``: of the sheet;
    ``others``: of the visible ones that are not read. ``digits``: of numbers that no float holds. ``shown``: cells that
    Excel shows otherwise than by their value alone, None if there is no such format in the workbook."""

    sheet: Any
    names: list[str]
    header_row: int
    name: str
    others: tuple[str, ...]
    digits: StoredDigits
    shown: ShownCells | None = None

    def records(self) -> Iterator[Record]:
        """The rows below the header that are not blank. A row may end early: Excel leaves empty cells out."""
        width = len(self.names)
        for record in _rows(self.sheet, self.shown, self.digits):
            if record.row <= self.header_row:
                continue
            fields, damage = record.fields, None
            if len(fields) > width:
                damage = TOO_LONG
            elif "\0" in record.lines[0]:
                damage = NUL
            elif len(record.lines[0]) - len(fields) >= RECORD_LIMIT:
                damage = TOO_LARGE
            yield Record(record.row, fields + [""] * (width - len(fields)), record.lines, damage)


def open_sheet(path: Path, file: str, rules: FileRules, template: DataTemplate | None) -> Sheet:
    """``file`` is the drop key, for messages.

    Raises:
        FileRejectedError: the workbook cannot be read or has no rows (codes ``workbook_unreadable``, ``file_empty``),
            or it has formulas without results (``workbook_formulas``).
        ConfigurationError: the sheet that the destination names is not there (code ``sheet_unknown``).
    """
    try:
        with _without_panics():
            sheet, name, others = _find_sheet(path, file, rules)
    except (ConfigurationError, FileRejectedError):
        raise
    # The Rust library ends some damage by a panic, which is no Exception; its text may quote a cell.
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise FileRejectedError(
            "workbook_unreadable", f"{file}: the Excel file cannot be read; save it again, or as CSV in UTF-8"
        ) from None
    if lacks_results(path, name):
        raise FileRejectedError(
            "workbook_formulas",
            f"{file}: sheet {name} has formulas without results, which the program that wrote it has not computed, so "
            "that their cells would be empty or 0; open the file in Excel or LibreOffice and save it, or write the "
            "values",
        )
    shown, digits = find_shown_cells(path, name), StoredDigits(path, name)
    rows = [row for row, _ in zip(_rows(sheet, shown, digits), range(ROWS_LOOKED_AT), strict=False)]
    if rules.headerless:
        return Sheet(sheet, list(rules.columns), rules.skip_lines or 0, name, others, digits, shown)
    after = [row for row in rows if row.row > (rules.skip_lines or 0)]
    header = find_header(after, template) if rules.skip_lines is None else next(iter(after), None)
    if header is None:
        raise _empty(file)
    return Sheet(sheet, list(rules.columns) or header.fields, header.row, name, others, digits, shown)


def _find_sheet(path: Path, file: str, rules: FileRules) -> tuple[Any, str, tuple[str, ...]]:
    """The sheet to read, its name, and the names of the others: the one that the destination names, or the first that
    is visible and not empty."""
    workbook = python_calamine.load_workbook(str(path))
    names = workbook.sheet_names
    if rules.sheet is not None and rules.sheet not in names:
        raise ConfigurationError(
            "sheet_unknown", f"{file}: the workbook has no sheet {rules.sheet!r}; it has {', '.join(names[:20])}"
        )
    visible = [
        found.name
        for found in workbook.sheets_metadata
        if found.visible is SheetVisibleEnum.Visible and found.typ is SheetTypeEnum.WorkSheet
    ]
    for name in [rules.sheet] if rules.sheet is not None else visible:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.end is not None:
            return sheet, name, tuple(other for other in visible if other != name)
    raise _empty(file)


def _empty(file: str) -> FileRejectedError:
    return FileRejectedError("file_empty", f"{file}: the sheet is empty; give it a row of column names and rows")


@contextmanager
def _without_panics() -> Iterator[None]:
    """What a panic writes past Python to the standard error, and so to the log, may quote a cell."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _rows(sheet: Any, shown: ShownCells | None, digits: StoredDigits) -> Iterator[Record]:
    """Rows that are not blank, without empty cells at their end."""
    formats = shown.rows() if shown else iter(())
    row, formatted = next(formats, (0, {}))
    exact = _Exact(digits)
    texts = {**_TEXTS, float: exact.text}
    for number, cells in enumerate(sheet.iter_rows(), 1):
        fields = [cell if type(cell) is str else texts.get(type(cell), str)(cell) for cell in cells]
        if exact.met:
            exact.put_into(fields, number)
        while row and row < number:
            row, formatted = next(formats, (0, {}))
        if row == number:
            for place, form in formatted.items():
                if place < len(fields):
                    fields[place] = form(cells[place], fields[place])
        while fields and not fields[-1]:
            fields.pop()
        if fields:
            yield Record(number, fields, [",".join(fields)], None)


class _Exact:
    """Follows the rows of a sheet from the first one on that has a number which no float holds. ``met``: there was one
    since digits were last put into a row."""

    def __init__(self, digits: StoredDigits) -> None:
        self.met = False
        self._digits = digits
        self._cells: Iterator[tuple[int, int, str]] | None = None
        self._next: tuple[int, int, str] | None = None

    def text(self, number: float) -> str:
        if number.is_integer() and -_EXACT < number < _EXACT:
            return str(int(number))
        self.met = self.met or abs(number) >= _EXACT
        return _shown(number)

    def put_into(self, fields: list[str], row: int) -> None:
        self.met = False
        if self._cells is None:
            self._cells = self._digits.cells()
            self._next = next(self._cells, None)
        while self._next and self._next[0] <= row:
            found, place, digits = self._next
            if found == row and place < len(fields):
                fields[place] = digits
            self._next = next(self._cells, None)


def _moment(moment: datetime) -> str:
    # It is a fraction of a day there, which is seldom a whole number of seconds.
    if moment.year < _LAST_YEAR:
        moment += timedelta(milliseconds=500)
    moment = moment.replace(microsecond=0)
    return moment.date().isoformat() if moment.time() == time() else moment.isoformat(sep="T")


def _time(clock: time) -> str:
    """To the second, as Excel shows it; behind the last of a day comes the first."""
    seconds = round(clock.hour * 3600 + clock.minute * 60 + clock.second + clock.microsecond / 1e6) % _DAY
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _duration(length: timedelta) -> str:
    """Hours, however many, minutes and seconds, as Excel shows it."""
    seconds = round(abs(length.total_seconds()))
    sign = "-" if length < timedelta() and seconds else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _shown(number: float) -> str:
    """Digits without an exponent, which would not say a phone number or an id; not more of them than Excel shows, since
    those behind are noise of its arithmetic."""
    shown = format(number, f".{_SHOWN_DIGITS}g")
    return format(Decimal(shown).normalize(), "f") if "e" in shown else shown


_TEXTS: Mapping[type, Callable[[Any], str]] = {
    type(None): lambda _: "",
    bool: lambda cell: "true" if cell else "false",
    datetime: _moment,
    time: _time,
    date: date.isoformat,
    timedelta: _duration,
}
