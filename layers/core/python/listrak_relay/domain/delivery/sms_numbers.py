"""Phone numbers as Listrak writes and takes them.

Listrak documents neither form. So numbers are compared by their digits, and under a sender code of the
North American plan a number without the code 1 is the same as one with it.
"""

from __future__ import annotations

from listrak_relay.domain.destinations.choices import PhoneFormat

_NORTH_AMERICAN = frozenset(
    "US CA PR DO JM BS BB TT BM KY GU VI AS MP AG AI DM GD KN LC MS SX TC VC VG".split()  # noqa: SIM905 - easier to read
)
"""ISO 3166 codes of the countries that share the code 1."""

_WITHOUT_COUNTRY_CODE = 10


def comparable(number: str, country: str) -> str:
    """Digits with country code: the same text for every way to write one number under a sender code of ``country``."""
    digits = "".join(filter(str.isdecimal, number))
    national = not number.startswith("+") and len(digits) == _WITHOUT_COUNTRY_CODE
    return "1" + digits if national and country.upper() in _NORTH_AMERICAN else digits


def sent_form(number: str, form: PhoneFormat) -> str:
    """A number in E.164 (``+17175550100``), or its digits, as Listrak is to get it.

    Outside the North American plan there is no form without the country code, and the digits go.
    """
    digits = number.lstrip("+")
    if form is PhoneFormat.PLUS:
        return "+" + digits
    north_american = digits.startswith("1") and len(digits) == 1 + _WITHOUT_COUNTRY_CODE
    return digits[1:] if form is PhoneFormat.NATIONAL and north_american else digits
