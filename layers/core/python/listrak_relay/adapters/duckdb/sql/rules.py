"""SQL for the rules that the domain states as words and patterns."""

from __future__ import annotations

from collections.abc import Sequence

from listrak_relay.adapters.duckdb.sql.expressions import literal, matches, trimmed
from listrak_relay.domain.columns import field_types
from listrak_relay.domain.consent import statements
from listrak_relay.domain.consent.names import Reading
from listrak_relay.domain.consent.reading import all_words
from listrak_relay.domain.values import email_address


def common_email(value: str) -> str:
    """Whether it matches `domain.email_address.COMMON_PATTERN`; NULL where the value is."""
    return f"(strlen({value}) <= {email_address.USUAL_LENGTH} AND {matches(value, email_address.COMMON_PATTERN)})"


def usual_email(value: str) -> str:
    """`domain.email_address.is_usual`; NULL where the value is."""
    endings = " OR ".join(f"ends_with(lower({value}), {literal(e)})" for e in email_address.SPECIAL_USE_ENDINGS)
    return (
        f"(strlen({value}) <= {email_address.USUAL_LENGTH} AND {matches(value, email_address.USUAL_PATTERN)} "
        f"AND NOT ({endings}))"
    )


def normal_word(value: str) -> str:
    """`domain.consent.statements.normal_word`; NULL where the value is."""
    normal = f"lower({trimmed(value)})"
    for separator in statements.SEPARATORS:
        normal = f"replace({normal}, {literal(separator)}, ' ')"
    return normal


def is_day(value: str) -> str:
    """Whether a trimmed text is `domain.consent.statements.DAY_PATTERN`; NULL where the value is."""
    return matches(value, statements.DAY_PATTERN)


def statement_code(readings: Sequence[tuple[str, Reading]]) -> str:
    """`domain.consent.reading.read_row` as a code. ``readings``: a value in SQL and how it is read, at least one."""
    codes = [_statement_code(value, reading) for value, reading in readings]
    both = f"least({', '.join(codes)})" if len(codes) > 1 else codes[0]
    return f"{both}::TINYINT"


def _statement_code(value: str, reading: Reading) -> str:
    """Values are first looked up as they are; only those not found are trimmed and looked up again."""
    tests = " ".join(f"WHEN {literal(word)} THEN {said.value}" for word, said in all_words(reading).items())
    rest = f"CASE WHEN {is_day(trimmed(value))} THEN {statements.day(reading.question).value} "
    rest += f"ELSE {statements.other(reading.question).value} END"
    blank = statements.blank(reading.question).value
    other = f"CASE coalesce({normal_word(value)}, '') WHEN '' THEN {blank} {tests} ELSE {rest} END"
    if not tests:
        return f"({other})"
    return f"(CASE lower({value}) {tests} ELSE {other} END)"


def is_date(value: str, date_format: str | None = None) -> str:
    """Whether it is a real date: in ``date_format`` if given, else as `domain.field_types.american_date` reads it.

    NULL or false where it is not.
    """
    if date_format:
        return f"year(try_strptime({value}, {literal(date_format)})) BETWEEN 1000 AND 9999"
    us_as_iso = f"substr({value}, 7, 4) || '-' || left({value}, 2) || '-' || substr({value}, 4, 2)"
    # What comes back as it was is such a date, and casting takes less time than matching. CASE looks at a further form
    # only where it is none of the former; OR would try all on every row.
    plain = (
        f"strlen({value}) = 10 AND {value} BETWEEN '1' AND ':' AND CAST(try_cast({value} AS DATE) AS VARCHAR) = {value}"
    )
    return (
        f"(CASE WHEN {plain} THEN true WHEN {matches(value, field_types.ISO_DATE_PATTERN)} THEN {is_real_date(value)} "
        f"WHEN {matches(value, field_types.US_DATE_PATTERN)} THEN try_cast({us_as_iso} AS DATE) IS NOT NULL "
        f"WHEN {value} IS NOT NULL THEN false END)"
    )


def is_real_date(value: str) -> str:
    """Whether a text that begins like ``2026-01-31`` begins with a day of the calendar."""
    return f"try_cast(left({value}, 10) AS DATE) IS NOT NULL"


def american_date(value: str, date_format: str | None = None) -> str:
    """A value that `is_date`, as ``MM/DD/YYYY``."""
    if date_format:
        return f"strftime(try_strptime({value}, {literal(date_format)}), '%m/%d/%Y')"
    # These functions take a third less time than slices.
    iso = f"concat(substr({value}, 6, 2), '/', substr({value}, 9, 2), '/', left({value}, 4))"
    return f"CASE WHEN substr({value}, 5, 1) = '-' THEN {iso} ELSE {value} END"
