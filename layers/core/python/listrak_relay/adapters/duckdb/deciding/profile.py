"""Finds the type and the longest value of each profile column, and the SQL that writes its values."""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from listrak_relay.adapters.duckdb.deciding.verdicts import DELIVERED
from listrak_relay.adapters.duckdb.sql.expressions import WIDE, cleaned, column, literal, matches, total, trimmed
from listrak_relay.adapters.duckdb.sql.rules import (
    american_date,
    is_american_day,
    is_iso_day,
    iso_as_american,
    plain_number,
)
from listrak_relay.adapters.duckdb.sql.tallies import is_timed, tallies_of
from listrak_relay.domain.columns.columns import Column
from listrak_relay.domain.columns.field_types import DATE_LENGTH, NUMERIC_PATTERN, default_length, is_identifier_name
from listrak_relay.domain.columns.tally import Tally
from listrak_relay.domain.consent.statements import Statement
from listrak_relay.domain.reading.range_types import Agreed
from listrak_relay.domain.run.manifest import CLEARED, FieldType, Form, ProfileColumn
from listrak_relay.domain.values.dates import UTC, DateOrder
from listrak_relay.domain.values.text import CONTROL_CHARACTERS, LINE_BREAKS, WHITE_SPACE
from listrak_relay.errors import ConfigurationError

_SAMPLE_ROWS = 2_048
_DECLARED = {"text": FieldType.TEXT, "numeric": FieldType.NUMERIC, "date": FieldType.DATE}

CARRIES_VALUES = f"{DELIVERED} AND action <> {Statement.NO.value}"


@dataclass(frozen=True, slots=True)
class Profile:
    """``values``: SQL for each of ``columns``, giving the text to write or NULL. ``tallies``: of those whose type is
    not declared. ``mended``: values in which line breaks became spaces; ``controls``: in which control characters
    did. ``timed``: by column, values of which the time is dropped since a date is wanted. ``clears``: SQL for whether a
    row takes a value away, None if no column can."""

    columns: tuple[ProfileColumn, ...]
    values: tuple[str, ...]
    tallies: tuple[Tally | None, ...]
    mended: int
    controls: int
    timed: tuple[int, ...] = ()
    clears: str | None = None


@dataclass(slots=True)
class _Field:
    """What is known of one profile column so far. ``value``: SQL for its clean value, NULL when blank. ``candidates``:
    types in whose own form every value is that was looked at."""

    column: Column
    value: str
    candidates: list[FieldType]
    declared: FieldType | None
    agreed: Agreed | None = None
    longest: int = 0
    values: int = 0
    iso_days: int = 0
    month_first: int = 0
    counted: Tally | None = None

    @property
    def tally(self) -> Tally:
        if self.counted:
            return self.counted
        count = self.values
        if count and FieldType.NUMERIC in self.candidates:
            return Tally(count, numbers=count, plain_numbers=count)
        if count and FieldType.DATE in self.candidates:
            slashed = count - self.iso_days
            return Tally(
                count,
                days=count,
                iso_days=self.iso_days,
                american_days=slashed,
                slashed=slashed,
                month_first=self.month_first,
            )
        return Tally(count)

    @property
    def data_type(self) -> FieldType:
        """Text where there is no value to tell by."""
        if self.declared or self.agreed:
            return self.declared or self.agreed.data_type  # type: ignore[union-attr]
        return self.tally.data_type(identifier=is_identifier_name(self.column.field))

    @property
    def form(self) -> Form:
        if self.declared:
            return Form.OWN
        return self.agreed.form if self.agreed else self.tally.form(self.data_type)

    @property
    def date_order(self) -> DateOrder:
        if self.declared:
            return DateOrder.USUAL
        return self.agreed.date_order if self.agreed else self.tally.date_order

    @property
    def date_format(self) -> str | None:
        return self.column.rule.date_format if self.column.rule else None


def check_date_formats(session: duckdb.DuckDBPyConnection, columns: Sequence[Column]) -> None:
    """Raises ConfigurationError: a data template has a date format of no use here (``date_format_unsupported``)."""
    for field in columns:
        date_format = field.rule.date_format if field.rule else None
        if date_format:
            try:
                session.execute(f"SELECT try_strptime('', {literal(date_format)})")
            except duckdb.InvalidInputException:
                raise ConfigurationError(
                    "date_format_unsupported",
                    f'the data template gives column "{field.header}" the date format {date_format}, which cannot be '
                    "used; write one such as %d.%m.%Y",
                ) from None


def find_profile(
    session: duckdb.DuckDBPyConnection,
    columns: Sequence[Column],
    max_text_length: int,
    *,
    unclean: bool,
    zone: str = UTC,
    agreed: Mapping[str, Agreed] | None = None,
) -> Profile:
    """``unclean``: values can hold more than plain spaces to trim, or line breaks, or control characters. ``zone``: of
    days, an IANA name. ``agreed``: by profile field what is not to be found here."""
    unclean = unclean and _is_unclean(session, columns)
    fields = [_field(c, unclean=unclean) for c in columns]
    for field in fields:
        field.agreed = (agreed or {}).get(field.column.field)
    sample = f"(SELECT * FROM source WHERE {CARRIES_VALUES} LIMIT {_SAMPLE_ROWS})"
    everything = f"(SELECT * FROM source WHERE {CARRIES_VALUES})"
    _drop_candidates(session, fields, sample)
    spaced_fields = _drop_candidates(session, fields, everything, spaced=not unclean)
    for field in spaced_fields:
        field.value = f"nullif({trimmed(column(field.column.index))}, '')"
        if clearing := _is_cleared(field.column):
            field.value = f"CASE WHEN {clearing} THEN NULL ELSE {field.value} END"
        field.candidates = _candidates(field)
    _drop_candidates(session, spaced_fields, everything)
    _count_mixed(session, fields, sample, everything)
    mended, controls = _count_cleaned(session, columns, everything) if unclean else (0, 0)
    return Profile(
        tuple(_profile_column(field, max_text_length) for field in fields),
        tuple(_written(field, zone) for field in fields),
        tuple(None if field.declared else field.tally for field in fields),
        mended,
        controls,
        tuple(_timed(session, fields, everything)),
        _clears(columns),
    )


def _is_unclean(session: duckdb.DuckDBPyConnection, columns: Sequence[Column]) -> bool:
    """Whether values do hold what they can hold: looking for it takes a tenth of the time of cleaning without need."""
    if not columns:
        return False
    # One text of all values of a row: the engine is started once for it, and each pattern is of single characters.
    row = f"concat({', '.join(column(c.index) for c in columns)})"
    spaces = WHITE_SPACE.replace(" ", "")
    patterns = (LINE_BREAKS, CONTROL_CHARACTERS, f"[{spaces}]")
    found = _one_row(
        session,
        [f"bool_or(regexp_matches({row}, {literal('|'.join(patterns))}))"],
        f"(SELECT * FROM source WHERE {CARRIES_VALUES})",
    )
    return bool(found[0])


def _field(source: Column, *, unclean: bool) -> _Field:
    name = column(source.index)
    value = f"nullif({cleaned(name)}, '')" if unclean else name
    if clearing := _is_cleared(source):
        value = f"CASE WHEN {clearing} THEN NULL ELSE {value} END"
    field = _Field(source, value, [], _DECLARED.get(source.value_type or ""))
    field.candidates = _candidates(field)
    return field


def _candidates(field: _Field) -> list[FieldType]:
    if field.declared:
        return []
    return [FieldType.DATE] if is_identifier_name(field.column.field) else [FieldType.NUMERIC, FieldType.DATE]


def _drop_candidates(
    session: duckdb.DuckDBPyConnection, fields: Sequence[_Field], rows: str, *, spaced: bool = False
) -> list[_Field]:
    """Keep the types in whose own form every value is (all if there is no value), and note how many values there are
    and the longest. Gives the fields of which a value begins or ends with a space (looked for if ``spaced``)."""
    # No space is at an end of a number or a date, so that only text has to be looked at.
    looked_at = [field for field in fields if spaced and not field.candidates]
    found = _of_each(session, looked_at, _has_space_at_end, rows, (False,))
    answers = _of_each(session, fields, _looks, rows, (0, 0, True, True, 0, 0))
    for field, (longest, count, numeric, date, iso_days, month_first) in zip(fields, answers, strict=True):
        field.longest, field.values, field.iso_days, field.month_first = longest or 0, count, iso_days, month_first
        fits = {FieldType.NUMERIC: numeric, FieldType.DATE: date}
        field.candidates = [kind for kind in field.candidates if fits[kind]]
    late = [field for field in fields if spaced and not field.candidates and field not in looked_at]
    found += _of_each(session, late, _has_space_at_end, rows, (False,))
    return [field for field, (spaced_too,) in zip(looked_at + late, found, strict=True) if spaced_too]


def _of_each(
    session: duckdb.DuckDBPyConnection,
    fields: Sequence[_Field],
    tests: Callable[[str, Sequence[FieldType]], list[str]],
    rows: str,
    of_none: tuple[Any, ...],
) -> list[tuple[Any, ...]]:
    """The answers of ``tests`` (which give SQL for a value and its candidates) for each field. ``of_none``: those where
    there is no row."""
    if len(fields) > WIDE:
        # One column of all values, so that what is asked is said once: the engine takes its time to read each word.
        both = ", ".join(tests("value", (FieldType.NUMERIC, FieldType.DATE)))
        long = (
            f"SELECT unnest(range({len(fields)})) AS place, unnest([{', '.join(field.value for field in fields)}]) "
            f"AS value FROM {rows}"
        )
        found = session.execute(f"SELECT place, {both} FROM ({long}) GROUP BY place").fetchall()
        answers = {place: tuple(answer) for place, *answer in found}
        return [answers.get(place, of_none) for place in range(len(fields))]
    expressions = [test for field in fields for test in tests(field.value, field.candidates)]
    row, width = _one_row(session, expressions, rows), len(of_none)
    return [row[place : place + width] for place in range(0, len(row), width)]


def _looks(value: str, candidates: Sequence[FieldType]) -> list[str]:
    numeric = _own_form(FieldType.NUMERIC, value) if FieldType.NUMERIC in candidates else ["false"]
    date = _own_form(FieldType.DATE, value) if FieldType.DATE in candidates else ["false", "0", "0"]
    return [f"max(length({value}))", f"count({value})", *numeric, *date]


def _own_form(kind: FieldType, value: str) -> list[str]:
    """Of all values together: whether they are in a form of this type; of dates also how many begin with the year, and
    how many of the others have a day that can be no month."""
    if kind is FieldType.NUMERIC:
        return [f"coalesce(bool_and({matches(value, NUMERIC_PATTERN)}), true)"]
    day = f"CASE WHEN {is_iso_day(value)} THEN true WHEN {value} IS NOT NULL THEN {is_american_day(value)} END"
    return [
        f"coalesce(bool_and({day}), true)",
        f"count(*) FILTER (WHERE NOT contains({value}, '/'))",
        f"count(*) FILTER (WHERE CASE WHEN contains({value}, '/') THEN substr({value}, 4, 2) > '12' ELSE false END)",
    ]


def _count_mixed(session: duckdb.DuckDBPyConnection, fields: Sequence[_Field], sample: str, everything: str) -> None:
    """Count what the values are of columns that are in no type's own form, where there are some of a type at all."""
    mixed = [field for field in fields if field.values and not field.declared and not field.candidates]
    tallies = tallies_of(session, [field.value for field in mixed], sample)
    close = [field for field, tally in zip(mixed, tallies, strict=True) if not tally.values or tally.any_of_a_type]
    for field, tally in zip(close, tallies_of(session, [field.value for field in close], everything), strict=True):
        field.counted = tally


def _timed(session: duckdb.DuckDBPyConnection, fields: Sequence[_Field], rows: str) -> list[int]:
    declared = [field for field in fields if field.declared is FieldType.DATE and field.longest > DATE_LENGTH]
    counts = iter(_one_row(session, [f"count(*) FILTER (WHERE {is_timed(field.value)})" for field in declared], rows))
    return [
        next(counts) if field in declared else field.tally.timed * (field.data_type is FieldType.DATE)
        for field in fields
    ]


def _has_space_at_end(value: str, _candidates: Sequence[FieldType]) -> list[str]:
    # In the order of text a space comes before every printable character.
    return [f"coalesce(bool_or({value} < '!' OR ends_with({value}, ' ')), false)"]


def _count_cleaned(session: duckdb.DuckDBPyConnection, columns: Iterable[Column], rows: str) -> tuple[int, int]:
    names = [column(c.index) for c in columns]
    if not names:
        return 0, 0
    patterns = (LINE_BREAKS, CONTROL_CHARACTERS)
    counts = [
        total(f"count(*) FILTER (WHERE regexp_matches({trimmed(name)}, {literal(pattern)}))" for name in names)
        for pattern in patterns
    ]
    mended, controls = _one_row(session, counts, rows)
    return mended, controls


def _one_row(session: duckdb.DuckDBPyConnection, expressions: list[str], rows: str) -> tuple[Any, ...]:
    if not expressions:
        return ()
    found = session.execute(f"SELECT {', '.join(expressions)} FROM {rows}").fetchone()
    return tuple(found or ())


def _is_cleared(source: Column) -> str | None:
    """SQL for whether a value is the word that takes the value at Listrak away; None where no word does."""
    word = source.rule.clear_word if source.rule else None
    return word and f"coalesce({trimmed(column(source.index))} = {literal(word)}, false)"


def _clears(columns: Sequence[Column]) -> str | None:
    tests = [test for test in map(_is_cleared, columns) if test]
    return " OR ".join(tests) or None


def _written(field: _Field, zone: str) -> str:
    written = _written_value(field, zone)
    clearing = _is_cleared(field.column)
    return f"CASE WHEN {clearing} THEN {literal(CLEARED)} ELSE {written} END" if clearing else written


def _written_value(field: _Field, zone: str) -> str:
    if field.declared is FieldType.NUMERIC:
        return plain_number(field.value)
    if field.form is Form.FROM_ISO:
        return f"CASE WHEN {field.value} IS NOT NULL THEN {iso_as_american(field.value)} END"
    if field.declared is FieldType.DATE:
        return american_date(field.value, field.date_format, zone)
    return field.value


def _profile_column(field: _Field, max_text_length: int) -> ProfileColumn:
    rule = field.column.rule
    in_own_form = field.data_type is FieldType.DATE and field.form is not Form.AS_DROPPED
    return ProfileColumn(
        name=field.column.field,
        data_type=field.data_type,
        longest=DATE_LENGTH if in_own_form and field.longest else field.longest,
        max_length=(rule.max_length if rule else None) or default_length(field.data_type, max_text_length),
        declared=field.declared is not None,
        role=field.column.role,
        form=field.form,
        date_order=field.date_order,
    )
