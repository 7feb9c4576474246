"""Asks all values of the profile columns at once what type they are of, and how long the longest is."""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import duckdb

from listrak_relay.adapters.duckdb.deciding.profile_fields import ProfileField
from listrak_relay.adapters.duckdb.sql.expressions import WIDE, in_one_column, matches
from listrak_relay.adapters.duckdb.sql.rules import is_american_day, is_iso_day
from listrak_relay.adapters.duckdb.sql.tallies import is_timed, tallies_of
from listrak_relay.domain.columns.field_types import DATE_LENGTH, NUMERIC_PATTERN, is_identifier_name
from listrak_relay.domain.run.manifest import FieldType


def drop_candidates(
    session: duckdb.DuckDBPyConnection,
    fields: Sequence[ProfileField],
    rows: str,
    *,
    spaced: bool = False,
    few_rows: bool = False,
) -> list[ProfileField]:
    """Keep the types in whose own form every value is (all if there is no value), and note how many values there are
    and the longest. Gives the fields of which a value begins or ends with a space (looked for if ``spaced``).
    ``few_rows``: reading the question takes longer than answering it."""
    looks, of_none = partial(_looks, spaced=spaced), (0, 0, True, True, 0, 0, False)
    answers = _of_each(session, fields, looks, rows, of_none, few_rows=few_rows)
    spaced_fields, late = [], []
    for field, (longest, count, numeric, date, iso_days, month_first, spaces) in zip(fields, answers, strict=True):
        field.longest, field.values, field.iso_days, field.month_first = longest or 0, count, iso_days, month_first
        fits = {FieldType.NUMERIC: numeric, FieldType.DATE: date}
        before, field.candidates = field.candidates, [kind for kind in field.candidates if fits[kind]]
        if spaces:
            spaced_fields.append(field)
        elif spaced and not field.candidates and (before or len(fields) > WIDE):
            late.append(field)
    found = _of_each(session, late, _has_space_at_end, rows, (False,))
    return spaced_fields + [field for field, (spaces,) in zip(late, found, strict=True) if spaces]


def count_mixed(
    session: duckdb.DuckDBPyConnection, fields: Sequence[ProfileField], sample: str, everything: str
) -> None:
    """Count what the values are of columns that are in no type's own form, where some of the sample are of a type, or
    words for no value, which the report is to tell."""
    mixed = [field for field in fields if field.values and not field.declared and not field.candidates]
    tallies = tallies_of(session, [field.value for field in mixed], sample, few_rows=True)
    close = [
        field
        for field, tally in zip(mixed, tallies, strict=True)
        if not tally.values or tally.empty or tally.any_of_a_type(identifier=is_identifier_name(field.column.field))
    ]
    for field, tally in zip(close, tallies_of(session, [field.value for field in close], everything), strict=True):
        field.counted = tally


def count_timed(session: duckdb.DuckDBPyConnection, fields: Sequence[ProfileField], rows: str) -> list[int]:
    declared = [field for field in fields if field.declared is FieldType.DATE and field.longest > DATE_LENGTH]
    counts = iter(one_row(session, [f"count(*) FILTER (WHERE {is_timed(field.value)})" for field in declared], rows))
    return [
        next(counts) if field in declared else field.tally.timed * (field.data_type is FieldType.DATE)
        for field in fields
    ]


def _of_each(
    session: duckdb.DuckDBPyConnection,
    fields: Sequence[ProfileField],
    tests: Callable[[str, Sequence[FieldType]], list[str]],
    rows: str,
    of_none: tuple[Any, ...],
    *,
    few_rows: bool = False,
) -> list[tuple[Any, ...]]:
    """The answers of ``tests`` (which give SQL for a value and its candidates) for each field. ``of_none``: those where
    there is no row."""
    if len(fields) > (1 if few_rows else WIDE):
        # The engine takes its time to read each word.
        both = ", ".join(tests("value", (FieldType.NUMERIC, FieldType.DATE)))
        long = in_one_column([field.value for field in fields], rows)
        found = session.execute(f"SELECT place, {both} FROM ({long}) GROUP BY place").fetchall()
        answers = {place: tuple(answer) for place, *answer in found}
        return [answers.get(place, of_none) for place in range(len(fields))]
    expressions = [test for field in fields for test in tests(field.value, field.candidates)]
    row, width = one_row(session, expressions, rows), len(of_none)
    return [row[place : place + width] for place in range(0, len(row), width)]


def _looks(value: str, candidates: Sequence[FieldType], *, spaced: bool) -> list[str]:
    numeric = _own_form(FieldType.NUMERIC, value) if FieldType.NUMERIC in candidates else ["false"]
    date = _own_form(FieldType.DATE, value) if FieldType.DATE in candidates else ["false", "0", "0"]
    # No space is at an end of a number or a date, so that only text has to be looked at.
    space = ["false"] if candidates or not spaced else _has_space_at_end(value, candidates)
    return [f"max(length({value}))", f"count({value})", *numeric, *date, *space]


def _own_form(kind: FieldType, value: str) -> list[str]:
    """Of all values together: whether they are in a form of this type; of dates also how many begin with the year, and
    how many of the others have a day that can be no month."""
    if kind is FieldType.NUMERIC:
        return [f"coalesce(bool_and({matches(value, NUMERIC_PATTERN)}), true)"]
    day = f"CASE WHEN {is_iso_day(value)} THEN true WHEN {value} IS NOT NULL THEN {is_american_day(value)} END"
    # No month is above 12, and nearly every year is; whoever begins with less has to be looked through.
    slashed = f"CASE WHEN {value} >= '13' THEN false ELSE contains({value}, '/') END"
    return [
        f"coalesce(bool_and({day}), true)",
        f"count(*) FILTER (WHERE NOT {slashed})",
        f"count(*) FILTER (WHERE CASE WHEN {slashed} THEN substr({value}, 4, 2) > '12' ELSE false END)",
    ]


def _has_space_at_end(value: str, _candidates: Sequence[FieldType]) -> list[str]:
    # In the order of text a space comes before every printable character.
    return [f"coalesce(bool_or({value} < '!' OR ends_with({value}, ' ')), false)"]


def one_row(session: duckdb.DuckDBPyConnection, expressions: list[str], rows: str) -> tuple[Any, ...]:
    if not expressions:
        return ()
    found = session.execute(f"SELECT {', '.join(expressions)} FROM {rows}").fetchone()
    return tuple(found or ())
