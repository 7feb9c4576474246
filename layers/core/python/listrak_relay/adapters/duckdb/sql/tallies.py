"""SQL that counts what the values of columns are: `domain.columns.tally.Tally`."""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from listrak_relay.adapters.duckdb.sql.expressions import in_one_column, literals, matches
from listrak_relay.adapters.duckdb.sql.rules import before_time, is_date, is_number
from listrak_relay.domain.columns.field_types import NUMERIC_PATTERN
from listrak_relay.domain.columns.tally import NO_VALUE_WORDS, Tally
from listrak_relay.domain.values import dates, numbers

_FEW = 4
_LONGEST_WORD = max(map(len, NO_VALUE_WORDS))


def tallies_of(
    session: duckdb.DuckDBPyConnection, values: Sequence[str], rows: str, *, few_rows: bool = False
) -> list[Tally]:
    """One for each of ``values`` (SQL, NULL when blank). ``rows``: what stands behind FROM, of which there may be so
    few that reading the question takes longer than answering it."""
    if len(values) <= (1 if few_rows else _FEW):
        return [_tally_of(session, value, rows) for value in values]
    marked = f"SELECT *, {_MARKS} FROM ({in_one_column(values, rows)}) WHERE value IS NOT NULL"
    found = session.execute(f"SELECT place, {_COUNTS} FROM ({marked}) GROUP BY place").fetchall()
    tallies = {place: Tally(*counted) for place, *counted in found}
    return [tallies.get(place, Tally()) for place in range(len(values))]


def _tally_of(session: duckdb.DuckDBPyConnection, value: str, rows: str) -> Tally:
    marked = f"SELECT *, {_MARKS} FROM (SELECT {value} AS value FROM {rows}) WHERE value IS NOT NULL"
    return Tally(*(session.execute(f"SELECT {_COUNTS} FROM ({marked})").fetchone() or ()))


def is_timed(value: str) -> str:
    """Whether a date has a time with it."""
    return f"({_may_be_timed(value)} AND {is_date(value)})"


def _may_be_timed(value: str) -> str:
    return f"strlen({value}) > 10 AND (contains({value}, ':') OR contains({value}, '.'))"


_WORDS = literals(NO_VALUE_WORDS)
_DOTTED_DAY = f"try_strptime({before_time('value')}, ['%d.%m.%Y', '%d.%m.%y'])"
_SHORT_DAY = f"try_strptime({before_time('value')}, '%m/%d/%y')"


def _if(*conditions: str) -> str:
    """Whether all hold, looked at one after the other: CASE passes over what needs no look, which AND does not."""
    *first, last = conditions
    for condition in reversed(first):
        last = f"CASE WHEN {condition} THEN {last} ELSE false END"
    return last


_SLASH, _DASH = "contains(value, '/')", "substr(value, 5, 1) = '-'"
# Behind one or two digits of a day, and what parts it from the month.
_LETTER = "(substr(value, 3, 1) >= 'A' OR substr(value, 4, 1) BETWEEN 'A' AND 'z')"
_FORMS = {
    "number": _if("NOT contains(value, ' ')", is_number("value")),
    "day": _if("strlen(value) >= 6", f"({_SLASH} OR {_DASH} OR {_LETTER})", is_date("value")),
    "slashed": _if(_SLASH, matches("value", dates.SLASHED_PATTERN)),
    "dotted": _if("contains(value, '.')", matches("value", dates.DOTTED_PATTERN), f"{_DOTTED_DAY} IS NOT NULL"),
    "zeros": _if("value < '2'", f"({_SLASH} OR {_DASH})", matches("value", dates.ZERO_PATTERN)),
}
# Each form begins with a digit, a sign or a point.
_MARKS = ", ".join(_if("value < ':'", test) + f" AS {name}" for name, test in _FORMS.items())

_FIRST, _SECOND = (f"try_cast(split_part(value, '/', {place}) AS UTINYINT)" for place in (1, 2))
_MAY_BE_A_NUMBER = "(value < ':' OR strlen(value) <= 8)"
_OF_ANY_LENGTH = matches("value", numbers.OF_ANY_LENGTH_PATTERN)
_COUNTED = (
    "true",
    f"zeros OR {_if(f'strlen(value) <= {_LONGEST_WORD}', f'lower(value) IN ({_WORDS})')}",
    "number",
    _if("number", matches("value", NUMERIC_PATTERN)),
    _if("value < '1'", matches("value", numbers.LEADING_ZERO_PATTERN)),
    "day",
    _if("day", "strlen(value) = 10 AND substr(value, 5, 1) = '-'"),
    _if("day", "strlen(value) = 10 AND substr(value, 3, 1) = '/'"),
    f"day AND {_may_be_timed('value')}",
    "slashed AND day",
    _if("slashed", f"{_FIRST} <= 12 AND {_SECOND} > 12"),
    _if("slashed", f"{_FIRST} > 12 AND {_SECOND} <= 12"),
    _if("slashed", f"NOT {matches('value', dates.AMERICAN_PATTERN)}", f"{_SHORT_DAY} IS NOT NULL"),
    "dotted",
    _if("dotted", "try_cast(split_part(value, '.', 1) AS UTINYINT) > 12"),
    f"CASE WHEN number THEN true WHEN {_MAY_BE_A_NUMBER} THEN {_OF_ANY_LENGTH} ELSE false END",
    _if("strlen(value) <= 4", f"lower(value) IN ({literals(numbers.NO_NUMBER)})"),
)
"""In the order of the fields of `Tally`."""

_COUNTS = ", ".join(f"count(*) FILTER (WHERE {test})" for test in _COUNTED)
