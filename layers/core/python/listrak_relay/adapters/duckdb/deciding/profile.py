"""Finds the type and the longest value of each profile column, and the SQL that writes its values."""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from listrak_relay.adapters.duckdb.deciding.verdicts import DELIVERED
from listrak_relay.adapters.duckdb.sql.expressions import cleaned, column, literal, matches, trimmed
from listrak_relay.adapters.duckdb.sql.rules import american_date, is_date
from listrak_relay.domain.columns.columns import Column
from listrak_relay.domain.columns.field_types import DATE_LENGTH, NUMERIC_PATTERN, default_length, is_identifier_name
from listrak_relay.domain.consent.statements import Statement
from listrak_relay.domain.run.manifest import FieldType, ProfileColumn
from listrak_relay.domain.values.text import CONTROL_CHARACTERS, LINE_BREAKS, WHITE_SPACE
from listrak_relay.errors import ConfigurationError

_SAMPLE_ROWS = 2_048
_DECLARED = {"text": FieldType.TEXT, "numeric": FieldType.NUMERIC, "date": FieldType.DATE}

CARRIES_VALUES = f"{DELIVERED} AND action <> {Statement.NO.value}"


@dataclass(frozen=True, slots=True)
class Profile:
    """``values``: SQL for each of ``columns``, giving the text to write or NULL. ``possible``: for each column the
    types that all its values have, the best first. ``mended``: values in which line breaks became spaces; ``controls``:
    in which control characters did."""

    columns: tuple[ProfileColumn, ...]
    values: tuple[str, ...]
    possible: tuple[tuple[FieldType, ...], ...]
    mended: int
    controls: int


@dataclass(slots=True)
class _Field:
    """What is known of one profile column so far. ``value``: SQL for its clean value, NULL when blank."""

    column: Column
    value: str
    candidates: list[FieldType]
    declared: FieldType | None
    agreed: FieldType | None = None
    longest: int = 0

    @property
    def data_type(self) -> FieldType:
        """Text where there is no value to tell by."""
        found = self.candidates[0] if self.candidates and self.longest else FieldType.TEXT
        return self.declared or self.agreed or found

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
    agreed: Mapping[str, FieldType] | None = None,
) -> Profile:
    """``unclean``: values can hold more than plain spaces to trim, or line breaks, or control characters. ``agreed``:
    types by profile field that are not to be found here."""
    unclean = unclean and _is_unclean(session, columns)
    fields = [_field(c, unclean=unclean) for c in columns]
    for field in fields:
        field.agreed = (agreed or {}).get(field.column.field)
    _drop_candidates(session, fields, f"(SELECT * FROM source WHERE {CARRIES_VALUES} LIMIT {_SAMPLE_ROWS})")
    everything = f"(SELECT * FROM source WHERE {CARRIES_VALUES})"
    spaced_fields = _drop_candidates(session, fields, everything, spaced=not unclean)
    for field in spaced_fields:
        field.value = f"nullif({trimmed(column(field.column.index))}, '')"
        field.candidates = _candidates(field.column)
    _drop_candidates(session, spaced_fields, everything)
    mended, controls = _count_cleaned(session, columns, everything) if unclean else (0, 0)
    return Profile(
        tuple(_profile_column(field, max_text_length) for field in fields),
        tuple(_written(field) for field in fields),
        tuple(tuple(field.candidates) for field in fields),
        mended,
        controls,
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
    declared = _DECLARED.get(source.value_type or "")
    value = f"nullif({cleaned(name)}, '')" if unclean else name
    return _Field(source, value, [] if declared else _candidates(source), declared)


def _candidates(source: Column) -> list[FieldType]:
    return [FieldType.DATE] if is_identifier_name(source.field) else [FieldType.NUMERIC, FieldType.DATE]


def _drop_candidates(
    session: duckdb.DuckDBPyConnection, fields: Sequence[_Field], rows: str, *, spaced: bool = False
) -> list[_Field]:
    """Keep the types that every value has (all if there is no value), and note the longest value. Gives the fields of
    which a value begins or ends with a space (looked for if ``spaced``)."""
    tests = {FieldType.NUMERIC: lambda v: matches(v, NUMERIC_PATTERN), FieldType.DATE: is_date}
    # No space is at an end of a number or a date, so that only text has to be looked at.
    looked_at = [field for field in fields if spaced and not field.candidates]
    expressions = list(map(_has_space_at_end, looked_at))
    for field in fields:
        expressions.append(f"max(length({field.value}))")
        expressions += [f"coalesce(bool_and({tests[kind](field.value)}), true)" for kind in field.candidates]
    answers = iter(_one_row(session, expressions, rows))
    found = [field for field in looked_at if next(answers)]
    for field in fields:
        field.longest = next(answers) or 0
        field.candidates = [kind for kind in field.candidates if next(answers)]
    late = [field for field in fields if spaced and not field.candidates and field not in looked_at]
    at_end = _one_row(session, list(map(_has_space_at_end, late)), rows)
    return found + [field for field, answer in zip(late, at_end, strict=True) if answer]


def _has_space_at_end(field: _Field) -> str:
    # In the order of text a space comes before every printable character.
    return f"coalesce(bool_or({field.value} < '!' OR ends_with({field.value}, ' ')), false)"


def _count_cleaned(session: duckdb.DuckDBPyConnection, columns: Iterable[Column], rows: str) -> tuple[int, int]:
    names = [column(c.index) for c in columns]
    if not names:
        return 0, 0
    patterns = (LINE_BREAKS, CONTROL_CHARACTERS)
    counts = [
        " + ".join(f"count(*) FILTER (WHERE regexp_matches({trimmed(name)}, {literal(pattern)}))" for name in names)
        for pattern in patterns
    ]
    mended, controls = _one_row(session, counts, rows)
    return mended, controls


def _one_row(session: duckdb.DuckDBPyConnection, expressions: list[str], rows: str) -> tuple[Any, ...]:
    if not expressions:
        return ()
    found = session.execute(f"SELECT {', '.join(expressions)} FROM {rows}").fetchone()
    return tuple(found or ())


def _written(field: _Field) -> str:
    if field.data_type is FieldType.DATE:
        return american_date(field.value, field.date_format)
    return field.value


def _profile_column(field: _Field, max_text_length: int) -> ProfileColumn:
    rule = field.column.rule
    longest = min(field.longest, DATE_LENGTH) if field.data_type is FieldType.DATE else field.longest
    return ProfileColumn(
        name=field.column.field,
        data_type=field.data_type,
        longest=DATE_LENGTH if field.data_type is FieldType.DATE and longest else longest,
        max_length=(rule.max_length if rule else None) or default_length(field.data_type, max_text_length),
        declared=field.declared is not None,
        role=field.column.role,
    )
