"""Whether the values of a column fit the profile field they go to, and in which form they go there.

Listrak does not document whether an import cuts or refuses a value that is too long or of the wrong type, so such a row
is rejected here, with a reason. Most columns need no look at single values: what ingest learned of the column is
enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from listrak_relay.domain.run.manifest import FieldType, ProfileColumn

_NUMERIC = re.compile(r"-?[0-9]+(\.[0-9]{1,2})?")
_DATE = re.compile(r"(0[1-9]|1[0-2])/(0[1-9]|[12][0-9]|3[01])/[0-9]{4}")
_ON = frozenset(("on", "true", "1", "yes", "y", "t"))
_OFF = frozenset(("off", "false", "0", "no", "n", "f"))


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a value cannot go: a stable reason and a sentence without the value."""

    reason: str
    detail: str


Check = Callable[[str], str | Misfit]
"""The value as it is to be sent, or why it cannot be."""


def check_for(column: ProfileColumn, data_type: str, max_length: int) -> Check | None:
    """The check for a column that goes to a field of this type (Listrak's word) and length (characters, 0: unknown).

    None: every value of the column fits as it is.
    """
    fits_length = max_length <= 0 or column.longest <= max_length
    match data_type.casefold():
        case "numeric" | "number":
            check, known = _check_numeric, column.data_type is FieldType.NUMERIC
        case "date":
            check, known = _check_date, column.data_type is FieldType.DATE
        case "checkbox" | "radiobutton":
            check, known = _check_switch, False
        case _:
            check, known = _as_it_is, True
    if known and fits_length:
        return None
    return _with_length(check, max_length)


def _with_length(check: Check, max_length: int) -> Check:
    def checked(value: str) -> str | Misfit:
        if not value:
            return value
        result = check(value)
        if isinstance(result, str) and 0 < max_length < len(result):
            return Misfit("value_too_long", f"longer than the profile field's {max_length} characters")
        return result

    return checked


def _as_it_is(value: str) -> str | Misfit:
    return value


def _check_numeric(value: str) -> str | Misfit:
    if _NUMERIC.fullmatch(value):
        return value
    return Misfit("value_not_numeric", "the profile field is Numeric: a plain number with at most two decimals")


def _check_date(value: str) -> str | Misfit:
    if _DATE.fullmatch(value):
        return value
    return Misfit("value_not_date", "the profile field is a Date: write it as YYYY-MM-DD or MM/DD/YYYY")


def _check_switch(value: str) -> str | Misfit:
    word = value.casefold()
    if word in _ON:
        return "on"
    if word in _OFF:
        return "off"
    return Misfit("value_not_switch", "the profile field is a CheckBox or RadioButton: write on or off")
