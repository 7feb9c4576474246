"""Dates and moments as databases, spreadsheets and people write them.

Patterns are matched in full, by Python's `re` and by RE2 alike. The forms are those of ISO 8601 and of what Snowflake
(``2026-01-31 17:23:48.000 +0000``), BigQuery (`` UTC``), Postgres and Redshift (``+00``), Spark (``.000Z``), DB2
(``2026-01-31-17.23.48.000000``), Oracle (``31-JAN-26 05.23.48.000000 PM``), SAS (``31JAN2026:17:23:48``), Excel
(``1/31/2026 17:23``), browsers (``1/31/2026, 5:23:48 PM``), and readr and programs of Japan (``2026/01/31 17:23:48``)
write. A number of seconds is no date unless a data template says so.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

UTC = "UTC"

_DAY = r"[1-9][0-9]{3}(?:-[0-9]{2}-[0-9]{2}|/[0-9]{2}/[0-9]{2})"
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
_ZONE = r" ?(?:Z|UTC|GMT|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?)"
_CLOCK = ",? [0-9]{1,2}:[0-5][0-9](?::[0-5][0-9](?:\\.[0-9]{1,9})?)?(?:[ \u202f\u00a0]?[APap][Mm])?"

_DB2_TIME = r"-(?:[01][0-9]|2[0-3])\.[0-5][0-9]\.[0-5][0-9](?:\.[0-9]{1,9})?"

MOMENT_PATTERN = rf"{_DAY}(?:[T ]{_TIME}(?:{_ZONE})?|{_DB2_TIME})?"
"""A day, or a day and a time, with or without a zone."""

ZONED_PATTERN = rf"{_DAY}[T ]{_TIME}{_ZONE}"

AMERICAN_PATTERN = rf"[0-9]{{1,2}}/[0-9]{{1,2}}/[1-9][0-9]{{3}}(?:{_CLOCK})?"
"""Month, day and year."""

SLASHED_PATTERN = rf"[0-9]{{1,2}}/[0-9]{{1,2}}/(?:[1-9][0-9]{{3}}|[0-9]{{2}})(?:{_CLOCK})?"

DOTTED_PATTERN = rf"[0-9]{{1,2}}\.[0-9]{{1,2}}\.(?:[1-9][0-9]{{3}}|[0-9]{{2}})(?:{_CLOCK})?"

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED_CLOCK = r"[ :]([0-9]{1,2})[:.]([0-5][0-9])(?:[:.]([0-5][0-9](?:\.[0-9]{1,9})?))?(?: ?([APap])[Mm])?"

NAMED_PATTERN = (
    rf"([0-9]{{1,2}})[- ]?((?i:{'|'.join(_MONTH_NAMES)}))[- ]?([1-9][0-9]{{3}}|[0-2][0-9]|[5-9][0-9])"
    rf"(?:{_NAMED_CLOCK})?"
)
"""Day, month by its English name and year, then hour, minute, second and the half of the day, in its groups. Years of
two digits are read where Excel and Oracle mean the same by them, which is not so from 30 to 49. A zone behind the time
is not read."""

ZERO_PATTERN = r"0000-00-00(?:[T ]00:00:00(?:\.0{1,9})?)?|0?0/0?0/0000|0?1/0/1900(?: 0{1,2}:00(?::00)?)?"
"""What MySQL and Excel write where there is no date."""

_MONTHS = 12

_CENTURY_TURNS = 30
"""Two digits up to here are of this century, as Excel reads them."""

_MOMENT, _SLASHED, _DOTTED, _NAMED, _ZERO = map(
    re.compile, (MOMENT_PATTERN, SLASHED_PATTERN, DOTTED_PATTERN, NAMED_PATTERN, ZERO_PATTERN)
)
_OFFSET = re.compile(r" ?(?:Z|UTC|GMT|([+-])([0-9]{2}):?([0-9]{2})?)$")


class DateOrder(StrEnum):
    """What the values of a column say together of how its dates are to be read.

    USUAL: year first, or month, day and a year of four digits. SHORT: a year of two digits too. DAY_FIRST: with dots,
    the day comes first. DOUBT: with slashes, some have a day where others could have a month, so only those are read
    that have a day above 12 in the second place.
    """

    USUAL = ""
    SHORT = "short"
    DAY_FIRST = "day_first"
    DOUBT = "doubt"


def read_day(text: str, order: DateOrder = DateOrder.USUAL, zone: str = UTC) -> date | None:
    """The day; of a moment with a zone that in ``zone`` (an IANA name), of one without the day as it is written. None
    if it is no real date."""
    try:
        if _MOMENT.fullmatch(text):
            return _in_zone(text, zone)
        if named := _NAMED.fullmatch(text):
            return date(_whole_year(named[3]), _MONTH_NAMES.index(named[2].lower()) + 1, int(named[1]))
        if _SLASHED.fullmatch(text):
            month, day, year = _day_of(text).split("/")
            if order is DateOrder.DOUBT and int(day) <= _MONTHS:
                return None
        elif order is DateOrder.DAY_FIRST and _DOTTED.fullmatch(text):
            day, month, year = _day_of(text).split(".")
        else:
            return None
        if len(year) == 2 and order is DateOrder.USUAL:  # noqa: PLR2004 - two digits
            return None
        return date(_whole_year(year), int(month), int(day))
    except (ValueError, OverflowError):
        return None


def has_time(date_format: str) -> bool:
    """Whether a strptime format reads more than a day."""
    return bool(set("HIMSfp") & set(re.findall("%(.)", date_format)))


def is_zone(name: str) -> bool:
    """Whether it is the IANA name of a time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def american(day: date) -> str:
    """``MM/DD/YYYY``, which Listrak takes (help.listrak.com, "Formatting a list of contacts for import")."""
    return f"{day.month:02}/{day.day:02}/{day.year:04}"


def iso_of_american(text: str) -> str:
    """``YYYY-MM-DD`` of ``MM/DD/YYYY``."""
    return f"{text[6:]}-{text[:2]}-{text[3:5]}"


NO_DATE = ("NaT", "NaN", "nan")
"""What programs write for no value in a column of dates."""


def is_zero(text: str) -> bool:
    """Whether it is what programs write where there is no date."""
    return _ZERO.fullmatch(text) is not None


def _day_of(text: str) -> str:
    return text.split(" ")[0].removesuffix(",")


def _in_zone(text: str, zone: str) -> date:
    text = text[:10].replace("/", "-") + text[10:]
    day = date.fromisoformat(text[:10])
    found = _OFFSET.search(text, 11)
    if found is None:
        return day
    minutes = int(found[2] or 0) * 60 + int(found[3] or 0)
    offset = timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes))
    clock = datetime.fromisoformat(f"{text[:10]}T{text[11:16]}").replace(tzinfo=offset)
    return clock.astimezone(timezone.utc if zone == UTC else ZoneInfo(zone)).date()  # noqa: UP017


def _whole_year(year: str) -> int:
    if len(year) > 2:  # noqa: PLR2004 - two digits
        return int(year)
    return int(year) + (2000 if int(year) < _CENTURY_TURNS else 1900)
