"""Whether the rows that DuckDB made of a delimited file are the file's, proved by counting bytes.

Every delimiter must either part two fields or stand inside a value, every line end end a row or stand inside a value,
every quote begin or end a value or be doubled inside one, and every other byte be in a value. DuckDB passes over a
delimiter at the end of a row, which would be a field too many, over blank lines, over a row of one quoted empty field,
and over a quote inside a value that is not quoted.
"""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import duckdb

from listrak_relay.adapters.duckdb.loading.source import Created
from listrak_relay.adapters.duckdb.sql.expressions import WIDE, any_of, column, literal, total
from listrak_relay.adapters.formats.delimited.byte_counts import CsvSurvey


def adds_up(session: duckdb.DuckDBPyConnection, facts: CsvSurvey, created: Created) -> bool:
    """``created``: table ``source``, which has all columns of the file.

    A word for empty values that holds a delimiter or a line end is not counted, and the sum then does not come out.
    One that holds a quote must not be there."""
    width, rows = len(facts.names), created.rows
    delimiters = facts.delimiters - facts.first_delimiters - rows * (width - 1)
    line_ends = facts.lines - facts.first_lines - rows
    if not facts.quotes or not facts.dialect.quote:
        return delimiters == 0 and line_ends == 0
    if delimiters < 0 or line_ends < 0:
        return False
    columns = [column(index) for index in range(width)]
    if delimiters == 0 and line_ends == 0 and not facts.spaced_quotes and not _hold_quotes(session, columns):
        return True
    if line_ends and width > 1 and _may_hold_rows(session, columns, facts.dialect.delimiter):
        return False
    # Where none is left over, none is inside a value and none was passed over.
    left = {literal(facts.dialect.delimiter): delimiters, "chr(10)": line_ends}
    left = {mark: count for mark, count in left.items() if count}
    sums = [_sum(columns, partial(_times, mark)) for mark in left]
    sums.append(_sum(columns, partial(_times, "'\"'")))
    sums.append(_sum(columns, "strlen({})".format))
    sums.append(total(_sum(columns, partial(_openings, mark)) for mark in left))
    *found, inside, size, like_openings = session.execute(f"SELECT {', '.join(sums)} FROM source").fetchone() or ()
    if found != list(left.values()):
        return False
    quotes = facts.quotes - facts.first_quotes
    # A value in quotes has one where it begins and one where it ends, and two for each inside. Inside a value without
    # quotes each stands alone, so that with a single one of these the sum falls short.
    in_quotes = facts.opening - facts.first_opening - like_openings
    ends = (rows - (not facts.ended)) * len(facts.newline or "")
    others = facts.size - facts.first_size - quotes - rows * (width - 1) - ends
    return bool(quotes == 2 * (in_quotes + inside) and others == size + created.null_bytes - inside)


def _hold_quotes(session: duckdb.DuckDBPyConnection, columns: list[str]) -> bool:
    inner = " OR ".join(f"contains({value}, '\"')" for value in columns)
    return session.execute(f"SELECT count(*) FROM source WHERE {inner}").fetchone() != (0,)


def _may_hold_rows(session: duckdb.DuckDBPyConnection, columns: list[str], delimiter: str) -> bool:
    """Whether a value has as many delimiters for its line ends as whole rows have: two stray quotes make such."""

    def like_rows(value: str) -> str:
        times, breaks = _times(literal(delimiter), value), _times("chr(10)", value)
        return f"(coalesce(contains({value}, chr(10)), false) AND ({times}) = ({breaks}) * {len(columns) - 1})"

    return session.execute(f"SELECT count(*) FROM source WHERE {any_of(columns, like_rows)}").fetchone() != (0,)


def _sum(columns: list[str], counted: Callable[[str], str]) -> str:
    """Of what is ``counted`` in all values; said once where there are many columns."""
    if len(columns) > WIDE:
        inner = f"list_sum(list_transform([{', '.join(columns)}], lambda value: coalesce({counted('value')}, 0)))"
        return f"coalesce(sum({inner})::BIGINT, 0)"
    return total(f"coalesce(sum({counted(value)}), 0)" for value in columns)


def _times(mark: str, value: str) -> str:
    """How often a mark of one byte is in the values."""
    times = f"strlen({value}) - strlen(replace({value}, {mark}, ''))"
    return f"CASE WHEN contains({value}, {mark}) THEN {times} ELSE 0 END"


def _openings(mark: str, value: str) -> str:
    """Quotes of the file that follow a mark inside values, and so stand where a value could begin."""
    pair = f"{mark} || '\"'"
    pairs = f"(strlen({value}) - strlen(replace({value}, {pair}, ''))) // 2"
    return f"(CASE WHEN contains({value}, {pair}) THEN {pairs} ELSE 0 END) + ends_with({value}, {mark})::INTEGER"
