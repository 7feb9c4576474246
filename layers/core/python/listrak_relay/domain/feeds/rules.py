"""What a value of a feed must be like.

Patterns are matched in full, on the trimmed value, by RE2 and Python's `re` alike. The forms are those of Listrak's
current pages; dates and moments are ISO 8601, decimals have a point and no symbol.
"""

from __future__ import annotations

from listrak_relay.domain.feeds.column import BOOLEAN_WORDS, FeedColumn, Kind
from listrak_relay.domain.values import email_address

KEY_MISSING = "key_missing"
TOO_LONG = "value_too_long"
NOT_NUMERIC = "value_not_numeric"
NOT_WHOLE = "value_not_whole_number"
NOT_DATE = "value_not_date"
NOT_MOMENT = "value_not_date_time"
NOT_ALLOWED = "value_not_allowed"
PHONE_INVALID = "phone_invalid"
EMAIL_INVALID = email_address.INVALID
STRICT = "strict_destination"
"""The row itself is sound; another one of the file is not."""

INTEGER_PATTERN = r"[+-]?[0-9]{1,18}"
WHOLE_PATTERN = INTEGER_PATTERN + r"(\.0*)?"
"""Also as programs write it that take quantities for fractions; sent without the point."""
CODE_PATTERN = r"[0-9]{1,2}\.0+"
"""A code among words, of a program that takes codes for quantities; sent without the point."""
DECIMAL_PATTERN = r"[+-]?([0-9]{1,18}(\.[0-9]*)?|\.[0-9]+)"
EXPONENT_PATTERN = r"[+-]?[0-9](\.[0-9]{1,14})?[eE](\+?[01]?[0-9]|-0?[1-3])"
"""Sent as digits."""
PHONE_PATTERN = r"\+?[1-9][0-9]{6,14}"
"""E.164, with or without its plus sign."""
DATE_PATTERN = r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}"
MOMENT_PATTERN = (
    DATE_PATTERN
    + r"(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?)?"
)
"""As it is sent; `dates.MOMENT_PATTERN` is what is taken."""
EARLIEST = "1900-01-01"
"""Of a birthday; the latest is the day of the drop: https://www.listrak.com/data-import-schema/customer-schema."""

REASONS = {
    Kind.EMAIL: EMAIL_INVALID,
    Kind.PHONE: PHONE_INVALID,
    Kind.INTEGER: NOT_WHOLE,
    Kind.DECIMAL: NOT_NUMERIC,
    Kind.DATE: NOT_DATE,
    Kind.PAST_DATE: NOT_DATE,
    Kind.MOMENT: NOT_MOMENT,
    Kind.BOOLEAN: NOT_ALLOWED,
    Kind.CHOICE: NOT_ALLOWED,
}
"""Why a value that is not of its column's kind is refused."""

_DETAILS = {
    EMAIL_INVALID: email_address.DETAILS[email_address.INVALID],
    PHONE_INVALID: "This is not a phone number with country code, such as 17175550100; write it so.",
    NOT_WHOLE: "This is not a whole number, such as 4; write it without point, separators and unit.",
    NOT_NUMERIC: "This is not a number such as 24.99; write it with a point, without currency or separators.",
    NOT_MOMENT: "This is not a date and time such as 2026-08-23T17:23:48Z, or a date such as 2026-08-23.",
    STRICT: "Nothing is wrong with this row; the file has others that are, and its destination is strict.",
}
_SHOWN_WORDS = 24


def detail(reason: str, rules: FeedColumn | None = None, date_format: str | None = None) -> str:
    """A sentence that tells what to do, without the value. ``date_format``: by which the data template reads it."""
    if date_format and reason in (NOT_DATE, NOT_MOMENT):
        past = f" from {EARLIEST} to the day of the drop" if rules and rules.kind is Kind.PAST_DATE else ""
        return f"This is not a date{past} in the form {date_format} that the data template gives; correct one of them."
    if reason == TOO_LONG and rules:
        return f"The value is longer than {rules.max_length} characters; Listrak takes no more here."
    if reason == NOT_DATE:
        past = f" from {EARLIEST} to the day of the drop" if rules and rules.kind is Kind.PAST_DATE else ""
        return f"This is not a date{past}, such as 1989-01-16; write it so."
    if reason == NOT_ALLOWED and rules:
        words = BOOLEAN_WORDS if rules.kind is Kind.BOOLEAN else rules.allowed
        return f"This value is not one that Listrak knows; write one of {', '.join(words[:_SHOWN_WORDS])}."
    return _DETAILS[reason]


def key_detail(key: tuple[str, ...]) -> str:
    return f"The row has no {' and no '.join(key)}, by which Listrak knows it; every row needs one."
