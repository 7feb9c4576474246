"""Whether the values of a column fit the profile field they go to, and in which form they go there.

Listrak does not document whether an import cuts or refuses a value that is too long or of the wrong type, so such a row
is rejected here, with a reason. Most columns need no look at single values: what ingest learned of the column is
enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from listrak_relay.domain.columns.field_types import LIKE_NO_VALUE, ZEROS
from listrak_relay.domain.columns.tally import NO_VALUE_WORDS
from listrak_relay.domain.run.manifest import FieldType, Form, ProfileColumn
from listrak_relay.domain.values.dates import NO_DATE, UTC, DateOrder, american, is_zero, iso_of_american, read_day
from listrak_relay.domain.values.numbers import NO_NUMBER, plain
from listrak_relay.domain.values.text import UNSEEN

_ON = frozenset(("on", "true", "1", "yes", "y", "t"))
_OFF = frozenset(("off", "false", "0", "no", "n", "f"))
_ZEROS_BEHIND = re.compile(r"(?<=^[01])\.0+$")
"""As programs write answers that take them for quantities: ``1.0``."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a value cannot go: a stable reason and a sentence without the value."""

    reason: str
    detail: str


Check = Callable[[str], str | Misfit]
"""The value as it is to be sent, or why it cannot be."""


def check_for(column: ProfileColumn, data_type: str, max_length: int, zone: str = UTC) -> Check | None:
    """The check for a column that goes to a field of this type (Listrak's word) and length (characters, 0: unknown).
    ``zone``: of days, an IANA name.

    None: every value of the column fits as it is.
    """
    fits_length = max_length <= 0 or column.longest <= max_length
    as_listrak_has_it = column.form not in (Form.AS_DROPPED, Form.OF_NUMBERS)
    check: Check
    match data_type.casefold():
        case "numeric" | "number":
            check, known = _check_numeric, as_listrak_has_it and column.data_type is FieldType.NUMERIC
        case "date":
            check, known = _date_check(column, zone), as_listrak_has_it and column.data_type is FieldType.DATE
        case "checkbox" | "radiobutton":
            check, known = _check_switch, False
        case _ if column.form is Form.FROM_ISO:
            # What goes to a field of text does not depend on what the other values of the file are.
            check, known = iso_of_american, False
        case _ if column.form is Form.OF_NUMBERS or (not as_listrak_has_it and column.data_type is not FieldType.TEXT):
            # Programs write it where a number or a date is missing, and it is none of a text.
            check, known = _without_nan, False
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
            return Misfit(
                "value_too_long", f"The value is longer than the {max_length} characters of the profile field."
            )
        return result

    return checked


def _as_it_is(value: str) -> str | Misfit:
    return value


def _without_nan(value: str) -> str:
    return "" if value in NO_DATE or value.lower() in NO_NUMBER else value


def _bare(value: str) -> str:
    """Without signs that nobody can see, and the apostrophe by which spreadsheets keep a number as text."""
    return value.strip(UNSEEN).removeprefix("'")


def _check_numeric(value: str) -> str | Misfit:
    found = plain(value)
    if found is None:
        found = plain(_bare(value))
    if found is not None:
        return found
    if value.lower() in NO_NUMBER:
        return ""
    return _misfit("value_not_numeric", value, "the profile field is Numeric: a plain number with at most two decimals")


def _date_check(column: ProfileColumn, zone: str) -> Check:
    day_first = column.date_order is DateOrder.DOUBT

    def check(value: str) -> str | Misfit:
        if column.form is Form.FROM_ISO:
            return value
        day = read_day(value, column.date_order, zone) or read_day(_bare(value), column.date_order, zone)
        if day is not None:
            return american(day)
        if value in NO_DATE:
            return ""
        if day_first and "/" in value:
            return Misfit(NOT_DATE, _IN_DOUBT)
        return _misfit(NOT_DATE, value, _NO_REAL_DATE)

    return check


NOT_DATE = "value_not_date"
_IN_DOUBT = (
    "the profile field is a Date, and with slashes some values of this column have the day in the first place, so "
    "which number is the month cannot be told: write YYYY-MM-DD, or give the column a date_format in the data template"
)
_NO_REAL_DATE = (
    "the profile field is a Date and this is no real date, or not in a form that says by itself which number is the "
    "month: write it as YYYY-MM-DD or MM/DD/YYYY, or give the column a date_format in the data template"
)


def _misfit(reason: str, value: str, otherwise: str) -> Misfit:
    """Why a value is not of its field's type. The value is not in it."""
    if is_zero(value):
        return Misfit(reason, ZEROS)
    if value.lower() in NO_VALUE_WORDS:
        return Misfit(reason, LIKE_NO_VALUE)
    return Misfit(reason, otherwise)


def _check_switch(value: str) -> str | Misfit:
    word = _ZEROS_BEHIND.sub("", _bare(value).casefold())
    if word in _ON:
        return "on"
    if word in _OFF:
        return "off"
    return Misfit("value_not_switch", "The profile field is a CheckBox or RadioButton; write on or off.")
