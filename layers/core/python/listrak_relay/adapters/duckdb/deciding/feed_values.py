"""SQL that brings values of a feed into the form that Listrak publishes, where warehouses write them in another."""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from listrak_relay.adapters.duckdb.sql.expressions import (
    bare,
    column,
    literal,
    literals,
    matches,
    quickly_trimmed,
    total,
    trimmed,
)
from listrak_relay.adapters.duckdb.sql.rules import exact_number, is_date, is_no_number, is_real_date, named_day
from listrak_relay.domain.feeds import rules as feed_rules
from listrak_relay.domain.feeds.column import BOOLEAN_WORDS, FeedColumn, Kind
from listrak_relay.domain.feeds.header import FeedHeader, FileColumn
from listrak_relay.domain.values import dates
from listrak_relay.domain.values.dates import has_time
from listrak_relay.domain.values.text import IGNORABLE, WHITE_SPACE

NUMBERS = (Kind.INTEGER, Kind.DECIMAL)
DATES = (Kind.MOMENT, Kind.DATE, Kind.PAST_DATE)

_PLAIN_SPACES = " \t\n\r"
_SPACES = "".join(sign for sign in WHITE_SPACE if sign not in IGNORABLE)


@dataclass(frozen=True, slots=True)
class Rewriting:
    """SQL for the new value, and for whether it is needed."""

    value: str
    needed: str


def in_published_form(found: FileColumn) -> Rewriting | None:
    """None: such values are sent as they are. What is not of its kind (and sent with a warning) is left alone."""
    raw = column(found.index)
    if not found.values:
        return _in_form(found, raw)
    said = in_other_words(found.values, raw)
    form = _in_form(found, said)
    value = f"CASE WHEN {form.needed} THEN {form.value} ELSE {said} END" if form else said
    return Rewriting(value, f"({said} IS DISTINCT FROM {raw}{f' OR ({form.needed})' if form else ''})")


def as_sent(found: FileColumn) -> str:
    """SQL for a value of the column as Listrak gets it."""
    raw, changed = column(found.index), in_published_form(found)
    return f"(CASE WHEN {changed.needed} THEN {changed.value} ELSE {raw} END)" if changed else raw


def count_changed(session: duckdb.DuckDBPyConnection, header: FeedHeader, rows: str) -> int:
    """How many values of the ``rows`` (SQL, a condition) are sent in another form than they have."""
    needed = [changed.needed for found in header.columns if (changed := in_published_form(found))]
    each = total(f"coalesce(({condition})::INTEGER, 0)" for condition in needed)
    counted = session.execute(f"SELECT coalesce(sum({each}), 0) FROM source WHERE {rows}").fetchone()
    return int(counted[0]) if counted else 0


def without_signs(found: FileColumn) -> Rewriting | None:
    """An address, number or date without signs around it that nobody can see, and without the apostrophe of
    spreadsheets; white space that can be seen does no harm alone and stays, around an address that of ASCII. None: the
    column may hold any text."""
    if found.rules is None or found.rules.kind not in (Kind.EMAIL, Kind.PHONE, *NUMBERS, *DATES):
        return None
    raw = column(found.index)
    harmless = _SPACES if found.rules.kind in (*NUMBERS, *DATES) else _PLAIN_SPACES
    # Such signs come before or after the printable ASCII characters, and trimming is slow.
    outside = f"({raw} < '(' OR {raw} > '~' OR right({raw}, 1) > '~')"
    return Rewriting(bare(raw), f"{outside} AND coalesce({bare(raw)}, '') <> {trimmed(raw, harmless)}")


def in_other_words(values: Sequence[tuple[str, str]], raw: str) -> str:
    """SQL for what a data template has sent instead of a value; NULL for no value."""
    if not values:
        return raw
    words = " ".join(f"WHEN {literal(word)} THEN nullif({literal(other)}, '')" for word, other in values)
    return f"(CASE lower({trimmed(raw)}) {words} ELSE {raw} END)"


def _in_form(found: FileColumn, raw: str) -> Rewriting | None:
    kind, value = found.rules.kind if found.rules else None, quickly_trimmed(raw)
    if kind in DATES and found.date_format:
        own = is_date(value, found.date_format)
        with_time = kind is Kind.MOMENT and has_time(found.date_format)
        wanted = (moment_by if with_time else day_by)(found.date_format, value)
        return Rewriting(wanted, f"coalesce({own}, false)")
    if kind is Kind.MOMENT:
        return Rewriting(moment(value), f"NOT ({matches(value, feed_rules.MOMENT_PATTERN)}) AND {is_moment(value)}")
    if kind in (Kind.DATE, Kind.PAST_DATE):
        in_form = f"(strlen({value}) = 10 AND substr({value}, 5, 1) = '-')"
        return Rewriting(day(value), f"NOT {in_form} AND {is_moment(value)}")
    if found.rules and any(map(str.isdecimal, words := words_of(found.rules))):
        code = f"split_part({value}, '.', 1)"
        return Rewriting(
            f"CASE lower({value}) WHEN 't' THEN 'true' WHEN 'f' THEN 'false' ELSE {code} END", is_code(value, words)
        )
    if kind is Kind.INTEGER:
        exact = exact_number(value)
        has_exponent = f"contains(lower({value}), 'e')"
        number = f"CASE WHEN {has_exponent} THEN CAST(CAST({exact} AS HUGEINT) AS VARCHAR) "
        number += f"ELSE split_part({value}, '.', 1) END"
        is_other = f"(contains({value}, '.') OR {has_exponent}) AND {is_whole(value)}"
    elif kind is Kind.DECIMAL:
        number = f"rtrim(rtrim(CAST({exact_number(value)} AS VARCHAR), '0'), '.')"
        is_other = f"contains(lower({value}), 'e') AND {matches(value, feed_rules.EXPONENT_PATTERN)}"
    else:
        return None
    no_number = is_no_number(value)
    return Rewriting(f"CASE WHEN {no_number} THEN NULL ELSE {number} END", f"({no_number} OR ({is_other}))")


def words_of(rules: FeedColumn) -> Sequence[str]:
    """Those that a column takes which takes no other value; empty for any other column."""
    return BOOLEAN_WORDS if rules.kind is Kind.BOOLEAN else rules.allowed


def is_code(value: str, words: Sequence[str]) -> str:
    """Whether it is one of the ``words`` as databases write it, and Listrak does not: digits with a point and zeros
    behind them, as of a quantity, and Postgres's ``t`` and ``f``."""
    codes = [word for word in words if word.isdecimal()]
    if not codes:
        return "false"
    point = f"contains({value}, '.') AND {matches(value, feed_rules.CODE_PATTERN)}"
    letters = f"lower({value}) IN ('t', 'f')" if words == BOOLEAN_WORDS else "false"
    return f"({letters} OR ({point} AND split_part({value}, '.', 1) IN ({literals(codes)})))"


def is_whole(value: str) -> str:
    """Whether it is a whole number, also with zeros behind a point or an exponent."""
    exact = exact_number(value)
    exponent = f"{matches(value, feed_rules.EXPONENT_PATTERN)} AND coalesce({exact} = round({exact}, 0), false)"
    return f"({matches(value, feed_rules.WHOLE_PATTERN)} OR ({exponent}))"


def day_by(date_format: str, value: str) -> str:
    """The day of a value that is written in a data template's format."""
    return f"strftime(try_strptime({value}, {literal(date_format)}), '%Y-%m-%d')"


def moment_by(date_format: str, value: str) -> str:
    """The same with its time, without a zone: the format tells none."""
    return f"strftime(try_strptime({value}, {literal(date_format)}), '%Y-%m-%dT%H:%M:%S')"


def day(value: str) -> str:
    """The day of a moment; of one with a zone that in UTC, as Listrak reads what has none."""
    found = f"CASE WHEN {_is_named(value)} THEN {named_day(value)} ELSE CAST({_utc(value)} AS DATE) END"
    return f"strftime({found}, '%Y-%m-%d')"


def moment(value: str) -> str:
    """``2026-01-31T17:23:48``, with ``Z`` or an offset where there was one; a day alone stays one."""
    # Nearly all of them are like this, and each replacement takes as long as the question.
    plain = matches(value, r"[0-9-]{10}[ T][0-9:]{8}(\.[0-9]+)?")
    return (
        f"CASE WHEN {plain} THEN left({value}, 10) || 'T' || substr({value}, 12) "
        f"WHEN {_is_named(value)} THEN {_named_moment(value)} ELSE {_numbered_moment(value)} END"
    )


def is_moment(value: str) -> str:
    """Whether it is a real day, with a time or without, in a form of `domain.values.dates` that begins with the year or
    names the month."""
    return (
        f"(CASE WHEN {matches(value, dates.MOMENT_PATTERN)} THEN {is_real_date(value)} "
        f"WHEN {_is_named(value)} THEN {_named_moment(value)} IS NOT NULL WHEN {value} IS NOT NULL THEN false END)"
    )


def _numbered_moment(value: str) -> str:
    dashed = f"regexp_replace({value}, '^(.{{4}})/(..)/', '\\1-\\2-')"
    parted = f"replace({dashed}, ' UTC', 'Z')"
    for old in ("UTC", " GMT", "GMT"):
        parted = f"replace({parted}, '{old}', 'Z')"
    parted = f"regexp_replace({parted}, '^(.{{10}})-(..)\\.(..)\\.', '\\1T\\2:\\3:')"
    parted = f"regexp_replace({parted}, '^(.{{10}}) ', '\\1T')"
    parted = f"replace(regexp_replace({parted}, '([+-][0-9]{{2}})$', '\\1:00'), ' ', '')"
    offset = f"regexp_replace({parted}, '([+-][0-9]{{2}})([0-9]{{2}})$', '\\1:\\2')"
    return f"CASE WHEN strlen({value}) = 10 THEN {dashed} ELSE regexp_replace({offset}, '[+]00:00$', 'Z') END"


def _is_named(value: str) -> str:
    return matches(value, dates.NAMED_PATTERN)


def _named_moment(value: str) -> str:
    """Of what Oracle and SAS write; NULL where there is no such day or hour."""
    names = "['day', 'month', 'year', 'hour', 'minute', 'second', 'half']"
    parts = f"regexp_extract({value}, {literal(f'^{dates.NAMED_PATTERN}$')}, {names})"
    hour, half = "try_cast(p.hour AS INTEGER)", "upper(p.half)"
    clock = (
        f"CASE WHEN p.hour = '' THEN '' WHEN {half} = '' AND {hour} < 24 THEN lpad(p.hour, 2, '0') "
        f"WHEN {half} <> '' AND {hour} BETWEEN 1 AND 12 "
        f"THEN lpad(CAST({hour} % 12 + CASE {half} WHEN 'P' THEN 12 ELSE 0 END AS VARCHAR), 2, '0') END"
    )
    second = "coalesce(':' || nullif(p.second, ''), '')"
    behind = f"CASE p.hour WHEN '' THEN '' ELSE 'T' || ({clock}) || ':' || p.minute || {second} END"
    return f"strftime({named_day(value)}, '%Y-%m-%d') || list_transform([{parts}], lambda p: {behind})[1]"


def _utc(value: str) -> str:
    zoned = f"try_cast({_numbered_moment(value)} AS TIMESTAMPTZ)"
    return f"CASE WHEN strlen({value}) = 10 THEN try_cast({value} AS TIMESTAMP) ELSE timezone('UTC', {zoned}) END"
