"""SQL that brings values of a feed into the form that Listrak publishes, where warehouses write them in another."""

from __future__ import annotations

from dataclasses import dataclass

from listrak_relay.adapters.duckdb.sql.expressions import matches, trimmed
from listrak_relay.adapters.duckdb.sql.rules import is_no_number, is_real_date
from listrak_relay.domain.feeds import rules as feed_rules
from listrak_relay.domain.feeds.column import Kind
from listrak_relay.domain.values import dates

NUMBERS = (Kind.INTEGER, Kind.DECIMAL)


@dataclass(frozen=True, slots=True)
class Rewriting:
    """SQL for the new value, and for whether it is needed."""

    value: str
    needed: str


def in_published_form(kind: Kind, raw: str) -> Rewriting | None:
    """None: such values are sent as they are. What is not of its kind (and sent with a warning) is left alone."""
    value = trimmed(raw)
    if kind is Kind.MOMENT:
        return Rewriting(moment(value), f"NOT ({matches(value, feed_rules.MOMENT_PATTERN)}) AND {_is_moment(value)}")
    if kind in (Kind.DATE, Kind.PAST_DATE):
        return Rewriting(day(value), f"strlen({value}) <> 10 AND {_is_moment(value)}")
    if kind is Kind.INTEGER:
        number = f"split_part({value}, '.', 1)"
        is_other = f"contains({value}, '.') AND {matches(value, feed_rules.WHOLE_PATTERN)}"
    elif kind is Kind.DECIMAL:
        number = f"rtrim(rtrim(CAST(try_cast({value} AS DECIMAL(38, 17)) AS VARCHAR), '0'), '.')"
        is_other = f"contains(lower({value}), 'e') AND {matches(value, feed_rules.EXPONENT_PATTERN)}"
    else:
        return None
    no_number = is_no_number(value)
    return Rewriting(f"CASE WHEN {no_number} THEN NULL ELSE {number} END", f"({no_number} OR ({is_other}))")


def day(value: str) -> str:
    """The day of a moment; of one with a zone that in UTC, as Listrak reads what has none."""
    return f"strftime(CAST({_utc(value)} AS DATE), '%Y-%m-%d')"


def moment(value: str) -> str:
    """``2026-01-31T17:23:48``, with ``Z`` or an offset where there was one; a day alone stays one."""
    parted = f"replace({value}, ' UTC', 'Z')"
    for old in ("UTC", " GMT", "GMT"):
        parted = f"replace({parted}, '{old}', 'Z')"
    parted = f"regexp_replace({parted}, '^(.{{10}}) ', '\\1T')"
    parted = f"replace(regexp_replace({parted}, '([+-][0-9]{{2}})$', '\\1:00'), ' ', '')"
    offset = f"regexp_replace({parted}, '([+-][0-9]{{2}})([0-9]{{2}})$', '\\1:\\2')"
    return f"CASE WHEN strlen({value}) = 10 THEN {value} ELSE regexp_replace({offset}, '[+]00:00$', 'Z') END"


def _utc(value: str) -> str:
    zoned = f"try_cast({moment(value)} AS TIMESTAMPTZ)"
    return f"CASE WHEN strlen({value}) = 10 THEN try_cast({value} AS TIMESTAMP) ELSE timezone('UTC', {zoned}) END"


def _is_moment(value: str) -> str:
    return f"{matches(value, dates.MOMENT_PATTERN)} AND {is_real_date(value)}"
