"""Types of profile fields: which values fit, and how a date is written.

Listrak takes numbers with at most two decimals and dates as ``MM/DD/YYYY`` (help.listrak.com, "Formatting a list of
contacts for import"). Patterns are read by Python's `re` and by RE2.
"""

from __future__ import annotations

import re
from datetime import date

from listrak_relay.domain.run.manifest import FieldType

NUMERIC_PATTERN = r"-?(0|[1-9][0-9]{0,14}|(0|[1-9][0-9]{0,12})\.[0-9]{1,2})"
"""A column of such values is numeric: no leading zeros (they would be lost), at most 15 digits and two decimals."""

DECLARED_NUMERIC_PATTERN = r"-?([0-9]{1,15}|[0-9]{1,13}\.[0-9]{1,2})"
"""What fits where a data template says numeric: leading zeros mean nothing there."""

ISO_DATE_PATTERN = (
    r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}"
    r"([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
"""ISO 8601 date or timestamp. Of a timestamp the date is kept as written, whatever its time zone."""

US_DATE_PATTERN = r"[0-9]{2}/[0-9]{2}/[1-9][0-9]{3}"
"""``MM/DD/YYYY``."""

NUMERIC_LENGTH = 20
DATE_LENGTH = 10

NOT_NUMERIC = "value_not_numeric"
NOT_DATE = "value_not_date"

_ISO_DATE = re.compile(ISO_DATE_PATTERN)
_US_DATE = re.compile(US_DATE_PATTERN)
_NUMERIC = re.compile(NUMERIC_PATTERN)

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_IDENTIFIER_WORDS = frozenset(
    [
        "account",
        "acct",
        "barcode",
        "card",
        "cell",
        "code",
        "ean",
        "fax",
        "guid",
        "id",
        "ids",
        "isbn",
        "key",
        "mobile",
        "nbr",
        "no",
        "num",
        "number",
        "phone",
        "pin",
        "postal",
        "postcode",
        "ref",
        "reference",
        "sku",
        "tel",
        "telephone",
        "upc",
        "uuid",
        "zip",
        "accountid",
        "accountnumber",
        "amperityid",
        "cardnumber",
        "cellphone",
        "contactid",
        "customerid",
        "loyaltyid",
        "memberid",
        "mobilephone",
        "orderid",
        "ordernumber",
        "phonenumber",
        "postalcode",
        "productid",
        "profileid",
        "storeid",
        "storenumber",
        "userid",
        "zipcode",
    ]
)


def is_identifier_name(column: str) -> bool:
    """Whether a column's name says that its digits name something (a postal code, a phone), not a quantity."""
    return any(word.lower() in _IDENTIFIER_WORDS for word in _WORD.findall(column))


def is_numeric(value: str) -> bool:
    return _NUMERIC.fullmatch(value) is not None


def american_date(value: str) -> str | None:
    """``MM/DD/YYYY`` for an ISO 8601 date or timestamp or a date already so written; None if it is no real date."""
    if _ISO_DATE.fullmatch(value):
        year, month, day = value[:4], value[5:7], value[8:10]
    elif _US_DATE.fullmatch(value):
        month, day, year = value[:2], value[3:5], value[6:]
    else:
        return None
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return None
    return f"{month}/{day}/{year}"


def default_length(data_type: FieldType, max_text_length: int) -> int:
    """Characters to give a profile field of this type when it is made."""
    return {FieldType.NUMERIC: NUMERIC_LENGTH, FieldType.DATE: DATE_LENGTH}.get(data_type, max_text_length)


def detail(reason: str, date_format: str | None = None) -> str:
    """The sentence for a rejected value, without the value. ``date_format``: the one its data template asks for."""
    if reason == NOT_NUMERIC:
        return "The data template says numeric: write digits with at most two decimals, such as 1234.50."
    form = f"in the form {date_format}" if date_format else "such as 2026-01-31 or 01/31/2026"
    return f"This column holds dates: write a real date {form}."
