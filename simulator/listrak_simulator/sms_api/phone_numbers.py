"""Which phone numbers the simulated Listrak takes, and how it writes them. Inside: digits with country code."""

import re

_NORTH_AMERICAN = {"US", "CA"}
_NATIONAL = re.compile(r"(?:\+?1)?([2-9]\d{2}[2-9]\d{6})", re.ASCII)
_INTERNATIONAL = re.compile(r"\+?([1-9]\d{7,14})", re.ASCII)  # E.164: at most 15 digits with the country code
_COUNTRY_CODE = "1"


def parse(text: str, country: str) -> str | None:
    """Digits with country code, or None where the sender code's ``country`` does not take ``text`` as a number.

    Under a US or CA sender code only North American numbers are taken, their ten digits alone too; elsewhere any
    number of E.164's form. Spaces and punctuation are taken nowhere.
    """
    if country in _NORTH_AMERICAN:
        national = _NATIONAL.fullmatch(text)
        return _COUNTRY_CODE + national[1] if national else None
    international = _INTERNATIONAL.fullmatch(text)
    return international[1] if international else None


def is_in_form(text: str, number: str, form: str, country: str) -> bool:
    """Whether ``text``, which stands for ``number``, is written as the setting ``sms_located_form`` demands."""
    return form == "any" or text == in_form(number, form, country)


def in_form(number: str, form: str, country: str) -> str:
    """``number`` as the settings ``sms_number_form`` and ``sms_located_form`` name it."""
    if form == "plus":
        return f"+{number}"
    if form == "national" and country in _NORTH_AMERICAN:
        return number.removeprefix(_COUNTRY_CODE)
    return number
