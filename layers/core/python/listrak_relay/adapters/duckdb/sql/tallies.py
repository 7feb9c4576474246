"""SQL that counts what the values of columns are: `domain.columns.tally.Tally`."""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from listrak_relay.adapters.duckdb.sql.expressions import literal, matches
from listrak_relay.adapters.duckdb.sql.rules import is_american_day, is_date, is_iso_day, is_number
from listrak_relay.domain.columns.field_types import NUMERIC_PATTERN
from listrak_relay.domain.columns.tally import NO_VALUE_WORDS, Tally
from listrak_relay.domain.values import dates, numbers

_LONGEST_WORD = max(map(len, NO_VALUE_WORDS))


def tallies_of(session: duckdb.DuckDBPyConnection, values: Sequence[str], rows: str) -> list[Tally]:
    """One for each of ``values`` (SQL, NULL when blank). ``rows``: what stands behind FROM."""
    if not values:
        return []
    counts = ", ".join(f"count(*) FILTER (WHERE {test})" for test in _tests("value"))
    # One column of all values, so that what is to be looked at is said once however many columns there are.
    long = f"SELECT unnest(range({len(values)})) AS place, unnest([{', '.join(values)}]) AS value FROM {rows}"
    found = session.execute(f"SELECT place, {counts} FROM ({long}) WHERE value IS NOT NULL GROUP BY place").fetchall()
    tallies = {place: Tally(*counted) for place, *counted in found}
    return [tallies.get(place, Tally()) for place in range(len(values))]


def is_timed(value: str) -> str:
    """Whether a date has a time with it."""
    return f"(strlen({value}) > 10 AND {is_date(value)})"


def _tests(value: str) -> list[str]:
    """In the order of the fields of `Tally`. Each form begins with a digit, a sign or a point."""
    first, second = (f"try_cast(split_part({value}, '/', {place}) AS UTINYINT)" for place in (1, 2))
    slashed = f"contains({value}, '/') AND {matches(value, dates.SLASHED_PATTERN)}"
    slashed_day = f"{matches(value, dates.AMERICAN_PATTERN)} AND {is_date(value)}"
    dotted_day = f"try_strptime(split_part({value}, ' ', 1), ['%d.%m.%Y', '%d.%m.%y'])"
    dotted = f"contains({value}, '.') AND {matches(value, dates.DOTTED_PATTERN)} AND {dotted_day} IS NOT NULL"
    short_day = f"try_strptime(split_part({value}, ' ', 1), '%m/%d/%y')"
    tests = [
        is_number(value),
        matches(value, NUMERIC_PATTERN),
        matches(value, numbers.LEADING_ZERO_PATTERN),
        is_date(value),
        is_iso_day(value),
        is_american_day(value),
        is_timed(value),
        f"{slashed} AND {slashed_day}",
        f"{slashed} AND {first} <= 12 AND {second} > 12",
        f"{slashed} AND {first} > 12",
        f"{slashed} AND NOT {matches(value, dates.AMERICAN_PATTERN)} AND {short_day} IS NOT NULL",
        dotted,
        f"{dotted} AND try_cast(split_part({value}, '.', 1) AS UTINYINT) > 12",
    ]
    words = ", ".join(map(literal, NO_VALUE_WORDS))
    empty = (
        f"(strlen({value}) <= {_LONGEST_WORD} AND lower({value}) IN ({words})) "
        f"OR ({value} BETWEEN '0' AND '2' AND {matches(value, dates.ZERO_PATTERN)})"
    )
    return ["true", empty, *(f"{value} < ':' AND ({test})" for test in tests)]
