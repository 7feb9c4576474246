"""Types of profile fields: which values fit, and how a date is written.

Listrak takes numbers with at most two decimals and dates as ``MM/DD/YYYY`` (help.listrak.com, "Formatting a list of
contacts for import"). Patterns are read by Python's `re` and by RE2.
"""

from __future__ import annotations

import re

from listrak_relay.domain.run.manifest import FieldType

NUMERIC_PATTERN = r"-?(0|[1-9][0-9]{0,14}|(0|[1-9][0-9]{0,12})\.[0-9]{1,2})"
"""A column of such values is numeric: no leading zeros (they would be lost), at most 15 digits and two decimals."""

NUMERIC_LENGTH = 20
DATE_LENGTH = 10

NOT_NUMERIC = "value_not_numeric"
NOT_DATE = "value_not_date"

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


def default_length(data_type: FieldType, max_text_length: int) -> int:
    """Characters to give a profile field of this type when it is made."""
    return {FieldType.NUMERIC: NUMERIC_LENGTH, FieldType.DATE: DATE_LENGTH}.get(data_type, max_text_length)


_NULL_WORD = "if it stands for no value, name it under file.null_word of the destination"
ZEROS = "a date of zeros, which databases write where there is no date, is none: " + _NULL_WORD
LIKE_NO_VALUE = "this looks like a word for no value: " + _NULL_WORD
"""Sentences for values that say by themselves what is the matter with them."""


def detail(reason: str, date_format: str | None = None) -> str:
    """The sentence for a rejected value, without the value. ``date_format``: the one its data template asks for."""
    if reason == NOT_NUMERIC:
        return "The data template says numeric: write a number with at most two decimals, such as 1234.50."
    form = f"in the form {date_format}" if date_format else "such as 2026-01-31 or 01/31/2026"
    return f"This column holds dates: write a real date {form}."
