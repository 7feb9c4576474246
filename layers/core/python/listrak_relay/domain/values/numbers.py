"""Numbers as databases and programs write them, and as Listrak takes them: digits with at most two decimals.

Patterns are matched in full, by Python's `re` and by RE2 alike.
"""

from __future__ import annotations

import re
from decimal import Decimal

LONGEST_DIGITS = 15
"""So many digits a double holds exactly."""

DECIMAL_PATTERN = r"(?:[+-]0{0,30})?(?:[0-9]{1,15}(?:\.(?:[0-9]{0,2}0*)?)?|\.[0-9]{1,2}0*)"
"""With at most two decimals that are not 0. DB2 fills decimals up with zeros in front (``+00012.50``)."""

LEADING_ZERO_PATTERN = r"0[0-9]+(?:\.[0-9]*)?|[+-]0[0-9]+"
"""Which may mean something. With a sign in front and a point they are none that names anything."""

FILLED_PATTERN = r"^([+-])0+([0-9]+\.)"
"""The beginning of a number whose zeros in front mean nothing; without them it is the two groups."""

EXPONENT_PATTERN = r"[+-]?[0-9](?:\.[0-9]{1,14})?[eE](?:\+?0?[0-9]{1,2}|-0{0,2}[12])"
"""Of which only those are taken that come to at most two decimals."""

OF_ANY_LENGTH_PATTERN = (
    r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?|(?i:[+-]?inf(?:inity)?|[+-]?nan)"
)
"""With any number of decimals, infinite ones, and NaN."""

NO_NUMBER = ("nan", "-nan", "+nan")
"""In lower case; what programs write for no value in a column of numbers."""

_DECIMAL, _EXPONENT = re.compile(DECIMAL_PATTERN), re.compile(EXPONENT_PATTERN)
_BEHIND = re.compile(r"(\.[0-9]{2})0+$")
_CENTS = Decimal("0.01")


def plain(text: str) -> str | None:
    """Digits with at most two decimals, of the very same value; None if it is no such number."""
    if _DECIMAL.fullmatch(text):
        bare = re.sub(FILLED_PATTERN, r"\1\2", text)
        digits = _BEHIND.sub(r"\1", bare.removeprefix("+").removesuffix("."))
        return re.sub(r"^(-?)\.", r"\g<1>0.", digits)
    if not _EXPONENT.fullmatch(text):
        return None
    number = Decimal(text)
    if abs(number) >= 10**LONGEST_DIGITS or number != number.quantize(_CENTS):
        return None
    return format(number.quantize(_CENTS) + 0, "f").removesuffix(".00")
