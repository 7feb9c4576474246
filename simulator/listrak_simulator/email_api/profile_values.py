"""Which values a profile field takes, by its data type. Source: Listrak's help page on formatting a list for import."""

import re
from collections.abc import Callable, Sequence
from datetime import date

from listrak_simulator.email_api.account import ProfileField

DATA_TYPES = ("Text", "Numeric", "RadioButton", "CheckBox", "CommentArea", "Date", "ContentBlock")

_NUMBER = re.compile(r"-?\d+(?:\.\d{1,2})?", re.ASCII)  # at most two decimals
_AMERICAN_DATE = re.compile(r"(\d{2})/(\d{2})/(\d{4})", re.ASCII)
_RADIO = {"on": "on", "true": "on", "1": "on", "off": "off", "false": "off", "0": "off"}
_CHECK = {"on": "on", "off": "off"}
_MOST_SHARED_VALUES = 150_000  # per column; some 20 MB
_SAMPLE = 400  # cells
_REPEATED = 4  # cells for each different value, from which on it pays to share them


def _number(value: str) -> str | None:
    return value if _NUMBER.fullmatch(value) else None


def _date(value: str) -> str | None:
    parts = _AMERICAN_DATE.fullmatch(value)
    if parts is None:
        return None
    month, day, year = map(int, parts.groups())
    try:
        date(year, month, day)
    except ValueError:
        return None
    return value


_STORED: dict[str, Callable[[str], str | None]] = {
    "Numeric": _number,
    "RadioButton": lambda value: _RADIO.get(value.lower()),
    "CheckBox": lambda value: _CHECK.get(value.lower()),
    "Date": _date,
}


def stored_form(field: ProfileField, value: str) -> str | None:
    """What Listrak keeps for ``value``, or None where the field does not take it. A blank is always taken."""
    if not value:
        return ""
    if len(value) > field.max_length:
        return None
    convert = _STORED.get(field.data_type)
    return value if convert is None else convert(value)


class ColumnReader:
    """Turns a file's column into stored values, batch by batch."""

    def __init__(self, field: ProfileField, default: str) -> None:
        self._field = field
        self._default = default
        self._is_text = field.data_type not in _STORED
        self._known = _StoredForms(field)

    def read(self, cells: Sequence[str]) -> tuple[Sequence[str], list[int]]:
        """The values to store and the positions of those refused (stored as blanks)."""
        if self._default:
            cells = [cell or self._default for cell in cells]
        if self._is_text and self._stays_as_it_is(cells):
            return cells, []
        if len(self._known) > _MOST_SHARED_VALUES:
            return self._read_one_by_one(cells)
        values = list(map(self._known.__getitem__, cells))
        refused = self._known.refused
        return values, [at for at, cell in enumerate(cells) if cell in refused] if refused else []

    def _stays_as_it_is(self, cells: Sequence[str]) -> bool:
        """None is too long, and they differ so much that sharing equal ones would only cost."""
        sample = cells[:_SAMPLE]
        return len(set(sample)) * _REPEATED > len(sample) and max(map(len, cells)) <= self._field.max_length

    def _read_one_by_one(self, cells: Sequence[str]) -> tuple[list[str], list[int]]:
        """For columns of ever new values, where looking up what is known would only cost."""
        stored = [stored_form(self._field, cell) for cell in cells]
        return [value or "" for value in stored], [at for at, value in enumerate(stored) if value is None]


class _StoredForms(dict[str, str]):
    """Stored form by value, worked out once for each: most columns of a million rows hold few different values.

    It also lets equal values of a column share one string.
    """

    def __init__(self, field: ProfileField) -> None:
        super().__init__()
        self._field = field
        self.refused: set[str] = set()

    def __missing__(self, value: str) -> str:
        stored = stored_form(self._field, value)
        if stored is None:
            self.refused.add(value)
            stored = ""
        self[value] = stored
        return stored
