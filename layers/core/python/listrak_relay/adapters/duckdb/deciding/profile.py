"""Finds the type and the longest value of each profile column, and the SQL that writes its values."""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from listrak_relay.adapters.duckdb.deciding.profile_fields import (
    is_cleared,
    profile_column,
    profile_field,
    read_as,
    written,
)
from listrak_relay.adapters.duckdb.deciding.profile_types import count_mixed, count_timed, drop_candidates, one_row
from listrak_relay.adapters.duckdb.deciding.verdicts import DELIVERED
from listrak_relay.adapters.duckdb.sql.expressions import column, literal, total, trimmed
from listrak_relay.domain.columns.file_columns import Column
from listrak_relay.domain.columns.tally import Tally
from listrak_relay.domain.consent.statements import Statement
from listrak_relay.domain.reading.range_types import Agreed
from listrak_relay.domain.run.manifest import ProfileColumn
from listrak_relay.domain.values.dates import UTC
from listrak_relay.domain.values.text import CONTROL_CHARACTERS, LINE_BREAKS, WHITE_SPACE
from listrak_relay.errors import ConfigurationError

_SAMPLE_ROWS = 2_048

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
    fields = [profile_field(c, unclean=unclean) for c in columns]
    for field in fields:
        field.agreed = (agreed or {}).get(field.column.field)
    sample = f"(SELECT * FROM source WHERE {CARRIES_VALUES} LIMIT {_SAMPLE_ROWS})"
    everything = f"(SELECT * FROM source WHERE {CARRIES_VALUES})"
    [rows] = one_row(session, ["count(*)"], "source")
    if rows > _SAMPLE_ROWS:
        drop_candidates(session, fields, sample, few_rows=True)
    spaced_fields = drop_candidates(session, fields, everything, spaced=not unclean)
    for field in spaced_fields:
        read_as(field, f"nullif({trimmed(column(field.column.index))}, '')")
    drop_candidates(session, spaced_fields, everything)
    count_mixed(session, fields, sample, everything)
    mended, controls = _count_cleaned(session, columns, everything) if unclean else (0, 0)
    return Profile(
        tuple(profile_column(field, max_text_length) for field in fields),
        tuple(written(field, zone) for field in fields),
        tuple(None if field.declared else field.tally for field in fields),
        mended,
        controls,
        tuple(count_timed(session, fields, everything)),
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
    found = one_row(
        session,
        [f"bool_or(regexp_matches({row}, {literal('|'.join(patterns))}))"],
        f"(SELECT * FROM source WHERE {CARRIES_VALUES})",
    )
    return bool(found[0])


def _count_cleaned(session: duckdb.DuckDBPyConnection, columns: Iterable[Column], rows: str) -> tuple[int, int]:
    names = [column(c.index) for c in columns]
    if not names:
        return 0, 0
    patterns = (LINE_BREAKS, CONTROL_CHARACTERS)
    counts = [
        total(f"count(*) FILTER (WHERE regexp_matches({trimmed(name)}, {literal(pattern)}))" for name in names)
        for pattern in patterns
    ]
    mended, controls = one_row(session, counts, rows)
    return mended, controls


def _clears(columns: Sequence[Column]) -> str | None:
    tests = [test for test in map(is_cleared, columns) if test]
    return " OR ".join(tests) or None
