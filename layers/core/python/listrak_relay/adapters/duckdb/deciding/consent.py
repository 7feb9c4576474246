"""What stands in the columns that may tell consent, counted in SQL; no value of a person leaves here."""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

import duckdb

from listrak_relay.adapters.duckdb.deciding.columns_with import columns_with
from listrak_relay.adapters.duckdb.deciding.consent_inside import find_inside, is_json
from listrak_relay.adapters.duckdb.deciding.verdicts import DELIVERED
from listrak_relay.adapters.duckdb.sql.expressions import column, finds, literal, literals, trimmed
from listrak_relay.adapters.duckdb.sql.rules import (
    is_day,
    is_first_day,
    is_no_day,
    normal_word,
    plain_word,
    statement_code,
)
from listrak_relay.domain.columns.file_columns import Column, FileColumns
from listrak_relay.domain.consent.doubts import Doubt
from listrak_relay.domain.consent.statements import HINTS, LOOKED_FOR, UNMISTAKABLE, Question, Statement
from listrak_relay.domain.consent.suspicion import Doubtful, Values

_SAMPLED_CELLS = 2_000_000
_SAMPLED_ROWS = 50_000
_LONGEST_WORD = 40
_MANY_VALUES = 2_000
_STRETCHES = 5
_SHORTEST = min(len(word.encode()) for word in UNMISTAKABLE)
_BLANK, _DAY, _FIRST, _OTHER = "#blank", "#day", "#first", "#other"
"""Where programs begin to count days, there may be a day or none."""


def look_at(session: duckdb.DuckDBPyConnection, plan: FileColumns, rows: int) -> Doubtful:
    """Look into the columns of table ``source``, which has so many ``rows``, that are doubtful by their names, and at
    a sample of the others for words that are about nothing but consent."""
    doubtful = list(plan.doubtful())
    columns = [column for column, _ in doubtful]
    sample = _sample(max(1, len(columns)), rows)
    hinted = columns_with(session, columns, sample, _may_tell)
    wanted = [column for column, doubt in doubtful if doubt is not Doubt.NONE]
    others = [column for column, doubt in doubtful if doubt is Doubt.NONE and column in hinted]
    wanted += columns_with(session, others, sample, _is_unmistakable)
    found = {item.header: _values(session, item) for item in wanted}
    for item, inside in find_inside(session, hinted, sample, plan.channel):
        found[item.header] = found[item.header].joined(inside) if item.header in found else inside
    return Doubtful(found, others_read=plan.ask_who_wants)


def count_statements(session: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Rows that no duplicate and no damage has taken out, by the name of the statement they make."""
    found = session.execute(f"SELECT action, count(*) FROM source WHERE {DELIVERED} GROUP BY ALL ORDER BY ALL")
    return {Statement(code).name.lower(): int(count) for code, count in found.fetchall()}


def count_contradicted(session: duckdb.DuckDBPyConnection, plan: FileColumns) -> int:
    """Of the same rows those of a no for which another column has a yes."""
    # Whoever has opted in on one day may have opted out on another.
    answers = [item for item in plan.consent if item.reading and item.reading.question is not Question.OPTED_IN_ON]
    if len(plan.consent) < 2 or not answers:  # noqa: PLR2004 - one alone contradicts nobody
        return 0
    said = [statement_code([(column(item.index), item.reading)]) for item in answers if item.reading]
    found = session.execute(
        f"SELECT count(*) FROM source WHERE {DELIVERED} AND action = {Statement.NO.value} "
        f"AND {Statement.YES.value} IN ({', '.join(said)})"
    )
    [(rows,)] = found.fetchall()
    return int(rows)


def _sample(columns: int, rows: int) -> str:
    """What stands behind FROM for some of the rows from all over the file, the fewer the more columns there are."""
    sample = min(_SAMPLED_ROWS, max(1_000, _SAMPLED_CELLS // columns))
    if rows <= sample:
        return "source"
    # Stretches one behind the other are read without the rows between them, and several at once.
    size = -(-sample // _STRETCHES)
    starts = sorted({max(0, min(rows - size, place * rows // _STRETCHES)) for place in range(_STRETCHES + 1)})
    stretches = " UNION ALL ".join(f"SELECT * FROM source WHERE rowid >= {at} AND rowid < {at + size}" for at in starts)
    return f"({stretches})"


def _values(session: duckdb.DuckDBPyConnection, item: Column) -> Values:
    value, known = column(item.index), literals(sorted(LOOKED_FOR))
    looked_at = f"SELECT count(DISTINCT {value}) FROM source WHERE rowid < {_SAMPLED_ROWS}"
    [(distinct,)] = session.execute(looked_at).fetchall()
    if distinct > _MANY_VALUES:
        # No column of answers. Words are counted where they stand as they are; taking off what is around them, in
        # every row, would take longer than all the rest of the reading.
        word = plain_word(f"trim({value})")
        said = (
            f"CASE WHEN {value} IS NULL THEN {literal(_BLANK)} {_no_days(value)} WHEN {word} IN ({known}) THEN {word} "
        )
        said += f"ELSE {literal(_OTHER)} END"
        found = session.execute(f"SELECT {said} AS said, count(*) FROM source GROUP BY ALL ORDER BY ALL").fetchall()
    else:
        found = session.execute(
            f"SELECT CASE WHEN coalesce(word, '') = '' THEN {literal(_BLANK)} {_no_days('text')} "
            f"WHEN word IN ({known}) THEN word "
            f"WHEN {is_day('text')} THEN {literal(_DAY)} ELSE {literal(_OTHER)} END AS said, sum(rows) FROM ("
            f"SELECT rows, {trimmed('value')} AS text, CASE WHEN strlen(value) <= {_LONGEST_WORD} "
            f"THEN {normal_word('value')} ELSE value END AS word FROM ("
            f"SELECT {value} AS value, count(*) AS rows FROM source GROUP BY ALL)) GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    counts = {str(told): int(count) for told, count in found}
    days, first, others, blanks = (counts.pop(kind, 0) for kind in (_DAY, _FIRST, _OTHER, _BLANK))
    return Values(counts, days + first, others, blanks + first)


def _no_days(value: str) -> str:
    return f"WHEN {is_no_day(value)} THEN {literal(_BLANK)} WHEN {is_first_day(value)} THEN {literal(_FIRST)}"


def _may_tell(value: str) -> str:
    """Whether a value may be one of `UNMISTAKABLE`, or have something of consent inside."""
    # Nearly every value is passed over by one of the cheaper looks.
    return (
        f"CASE WHEN strlen({value}) < {_SHORTEST} THEN false WHEN {is_json(value)} THEN true "
        f"WHEN {value} BETWEEN '0' AND ':' THEN false ELSE {finds(f'lower({value})', HINTS)} END"
    )


def _is_unmistakable(value: str) -> str:
    word = plain_word(f"trim({value})")
    return f"CASE WHEN {_may_tell(value)} THEN {word} IN ({literals(sorted(UNMISTAKABLE))}) ELSE false END"
