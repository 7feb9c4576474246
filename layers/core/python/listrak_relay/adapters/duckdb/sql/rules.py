"""SQL for the rules that the domain states as words and patterns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from listrak_relay.adapters.duckdb.sql.expressions import finds, literal, literals, matches, trimmed
from listrak_relay.domain.columns import field_types
from listrak_relay.domain.consent import statements
from listrak_relay.domain.consent.names import Reading
from listrak_relay.domain.consent.reading import all_words
from listrak_relay.domain.consent.statements import Statement
from listrak_relay.domain.values import dates, email_address, numbers


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


def is_no_day(value: str) -> str:
    """Whether a trimmed text is `domain.consent.statements.NO_DAY_PATTERN`; NULL where the value is."""
    return f"({value} < '2' AND {matches(value, statements.NO_DAY_PATTERN)})"


def is_first_day(value: str) -> str:
    """Whether a trimmed text is `domain.consent.statements.FIRST_DAY_PATTERN`; NULL where the value is."""
    return f"({value} < '2' AND {matches(value, statements.FIRST_DAY_PATTERN)})"


def plain_word(value: str) -> str:
    """`normal_word` of what has no white space around it, in a fraction of the time; NULL where the value is."""
    return f"replace(replace(lower({value}), '_', ' '), '-', ' ')"


def statement_code(readings: Sequence[tuple[str, Reading]]) -> str:
    """`domain.consent.reading.read_row` as a code. ``readings``: a value in SQL and how it is read, at least one."""
    codes = [_statement_code(value, reading) for value, reading in readings]
    both = f"least({', '.join(codes)})" if len(codes) > 1 else codes[0]
    return f"{both}::TINYINT"


def _statement_code(value: str, reading: Reading) -> str:
    """Values are first looked up as they are; only those not found are trimmed and looked up again.

    What a CASE compares is worked out anew for each of its words, so all but the usual ones are looked up in a list.
    """
    words, word = all_words(reading), normal_word(value)
    out = f"{finds(word, statements.out_pattern(reading.question))} AND NOT {finds(word, statements.NEGATED_PATTERN)}"
    rest = f"CASE WHEN coalesce({word}, '') = '' THEN {statements.blank(reading.question).value} "
    rest += f"WHEN {is_no_day(trimmed(value))} THEN {statements.blank(reading.question).value} "
    rest += f"WHEN {is_first_day(trimmed(value))} "
    rest += f"THEN {statements.first_day(reading.question).value} "
    rest += f"WHEN {is_day(trimmed(value))} THEN {statements.day(reading.question).value} "
    rest += f"WHEN {out} THEN {statements.out(reading.question).value} "
    rest += f"ELSE {statements.other(reading.question).value} END"
    if not words:
        return f"({rest})"
    usual = " ".join(f"WHEN {literal(usual)} THEN {words[usual].value}" for usual in _USUAL if usual in words)
    found = f"coalesce({_looked_up(f'lower({value})', words)}, {_looked_up(word, words)}, {rest})"
    return f"(CASE lower({value}) {usual} ELSE {found} END)" if usual else found


_USUAL = ("true", "false", "yes", "no", "1", "0", "y", "n", "subscribed", "unsubscribed")
"""Most files have one of these in nearly every row."""


def _looked_up(value: str, words: Mapping[str, Statement]) -> str:
    """NULL where it is none of the words."""
    known = literals(words)
    codes = ", ".join(str(said.value) for said in words.values())
    return f"([{codes}]::TINYINT[])[list_position([{known}], {value})]"


_AS_ISO = "CAST(try_cast({value} AS DATE) AS VARCHAR) = {value}"


def is_iso_day(value: str) -> str:
    """Whether it is a real ``YYYY-MM-DD``; what comes back from a cast as it was is one, and casting takes less time
    than matching."""
    return f"(strlen({value}) = 10 AND {value} BETWEEN '1' AND ':' AND {_AS_ISO.format(value=value)})"


def is_american_day(value: str) -> str:
    """Whether it is a real ``MM/DD/YYYY``."""
    return (
        f"(strlen({value}) = 10 AND substr({value}, 3, 1) = '/' AND {matches(value, _PADDED)} "
        f"AND {_slashed_day(value)} IS NOT NULL)"
    )


_PADDED = "[0-9]{2}/[0-9]{2}/[1-9][0-9]{3}"


def _slashed_day(value: str) -> str:
    return f"try_strptime({before_time(value)}, '%m/%d/%Y')"


def named_day(value: str) -> str:
    """Of a value of `dates.NAMED_PATTERN`; NULL where the month has no such day."""
    parts = f"regexp_extract({value}, {literal(f'^{dates.NAMED_PATTERN}$')}, ['day', 'month', 'year'])"
    # Two digits are of this century up to 29; the pattern has none from 30 to 49, in which programs differ.
    written = "concat(p.day, p.month, CASE WHEN strlen(p.year) = 4 THEN '' WHEN p.year < '30' THEN '20' ELSE '19' END"
    return f"try_strptime(list_transform([{parts}], lambda p: {written}, p.year))[1], '%d%b%Y')"


def before_time(value: str) -> str:
    """The day of ``1/31/2026 5:23 PM``, as it is written."""
    return f"rtrim(split_part({value}, ' ', 1), ',')"


def is_date(value: str, date_format: str | None = None) -> str:
    """Whether it is a real date: in ``date_format`` if given, else as `domain.values.dates.read_day` reads it.

    NULL or false where it is not.
    """
    if date_format:
        return f"year(try_strptime({value}, {literal(date_format)})) BETWEEN 1000 AND 9999"
    # CASE looks at a further form only where it is none of the former; OR would try all on every row.
    return (
        f"(CASE WHEN {is_iso_day(value)} THEN true WHEN {value} NOT BETWEEN '0' AND ':' THEN false "
        f"WHEN {matches(value, dates.MOMENT_PATTERN)} THEN {is_real_date(value)} "
        f"WHEN {matches(value, dates.AMERICAN_PATTERN)} THEN {_slashed_day(value)} IS NOT NULL "
        f"WHEN {matches(value, dates.NAMED_PATTERN)} THEN {named_day(value)} IS NOT NULL "
        f"WHEN {value} IS NOT NULL THEN false END)"
    )


def is_real_date(value: str) -> str:
    """Whether a text that begins like ``2026-01-31`` begins with a day of the calendar."""
    return f"try_cast(left({value}, 10) AS DATE) IS NOT NULL"


def american_date(value: str, date_format: str | None = None, zone: str = dates.UTC) -> str:
    """A value that `is_date`, as ``MM/DD/YYYY``; see `domain.values.dates.read_day`."""
    if date_format:
        return f"strftime(try_strptime({value}, {literal(date_format)}), '%m/%d/%Y')"
    iso = iso_as_american(value)
    return (
        f"CASE WHEN {_begins_with_the_year(value)} THEN CASE WHEN strlen({value}) = 10 THEN {iso} "
        f"WHEN {matches(value, dates.ZONED_PATTERN)} THEN strftime({_in_zone(value, zone)}, '%m/%d/%Y') ELSE {iso} END "
        f"WHEN strlen({value}) = 10 AND substr({value}, 3, 1) = '/' AND substr({value}, 6, 1) = '/' THEN {value} "
        f"WHEN NOT contains({value}, '/') THEN strftime({named_day(value)}, '%m/%d/%Y') "
        f"ELSE strftime({_slashed_day(value)}, '%m/%d/%Y') END"
    )


def _begins_with_the_year(value: str) -> str:
    # The day of 1/31/2026 ends before the same place.
    fifth = f"substr({value}, 5, 1)"
    return f"({fifth} = '-' OR ({fifth} = '/' AND substr({value}, 8, 1) = '/'))"


def iso_as_american(value: str) -> str:
    """What begins with ``YYYY-MM-DD``, as ``MM/DD/YYYY``."""
    # These functions take a third less time than slices.
    return f"concat(substr({value}, 6, 2), '/', substr({value}, 9, 2), '/', left({value}, 4))"


def _in_zone(value: str, zone: str) -> str:
    """What clocks there show at a moment with a zone."""
    signed = f"regexp_replace(regexp_replace({value}, '(Z|UTC|GMT)$', '+00'), '([+-][0-9]{{2}})$', '\\100')"
    form = "'^(.{10}).(.{5})[0-9:.]* ?([+-][0-9]{2}):?([0-9]{2})$', '\\1 \\2:00\\3:\\4'"
    return f"timezone({literal(zone)}, try_cast(regexp_replace({signed}, {form}) AS TIMESTAMPTZ))"


def exact_number(value: str) -> str:
    """As a decimal that holds every number of a file, with an exponent or without; NULL of what is none."""
    return f"try_cast({value} AS DECIMAL(38, 17))"


def is_number(value: str) -> str:
    """Whether `domain.values.numbers.plain` takes it; NULL where it is NULL."""
    exact = exact_number(value)
    return (
        f"(CASE WHEN {value} >= ':' THEN false WHEN {matches(value, numbers.DECIMAL_PATTERN)} THEN true "
        f"WHEN {matches(value, numbers.EXPONENT_PATTERN)} "
        f"THEN coalesce(abs({exact}) < 1e{numbers.LONGEST_DIGITS} AND {exact} = round({exact}, 2), false) "
        f"WHEN {value} IS NOT NULL THEN false END)"
    )


def is_no_number(value: str) -> str:
    """Whether it is what programs write for no value in a column of numbers."""
    return f"coalesce(strlen({value}) <= 4 AND lower({value}) IN ({literals(numbers.NO_NUMBER)}), false)"


def plain_number(value: str) -> str:
    """A value that `is_number`, as `domain.values.numbers.plain` writes it; NULL of one that `is_no_number`."""
    bare = f"regexp_replace({value}, {literal(numbers.FILLED_PATTERN)}, '\\1\\2')"
    digits = f"regexp_replace(ltrim({bare}, '+'), '(\\.[0-9]{{2}})0+$|\\.$', '\\1')"
    whole = f"regexp_replace(CAST(try_cast({value} AS DECIMAL(18, 2)) AS VARCHAR), '\\.00$', '')"
    return (
        f"CASE WHEN {matches(value, field_types.NUMERIC_PATTERN)} THEN {value} WHEN {is_no_number(value)} THEN NULL "
        f"WHEN contains(lower({value}), 'e') THEN {whole} "
        f"ELSE regexp_replace({digits}, '^(-?)\\.', '\\10.') END"
    )
