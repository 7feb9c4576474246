"""Columns with lists or objects in which something tells consent. Keys of objects are looked at, and none is told."""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import duckdb

from listrak_relay.adapters.duckdb.sql.expressions import WIDE, column, finds, literal
from listrak_relay.domain.columns.columns import Column
from listrak_relay.domain.consent.inside import LIST_PATTERN, PAIR_PATTERN, telling_keys
from listrak_relay.domain.consent.statements import HINTS, UNMISTAKABLE
from listrak_relay.domain.destinations.destinations import Channel

_PAIRS = 5_000
"""Different ones of a column; more keys than that are no names."""


def find_inside(
    session: duckdb.DuckDBPyConnection, columns: Sequence[Column], looked_at: str, channel: Channel
) -> Iterator[tuple[Column, int]]:
    """Each such column with how many rows of table ``source`` have such values. ``looked_at``: what stands behind FROM
    for the rows by which columns are found."""
    for item in _with_lists(session, columns, looked_at):
        value = column(item.index)
        keys = telling_keys(_pairs(session, value, looked_at), channel)
        inside = _is_list_of_words(value)
        if keys:
            named = '"(?:' + "|".join(map(re.escape, keys)) + ')"'
            inside = f"({inside} OR {finds(value, named)})"
        [(count,)] = session.execute(f"SELECT count(*) FROM source WHERE {value} IS NOT NULL AND {inside}").fetchall()
        if count:
            yield item, count


def _with_lists(session: duckdb.DuckDBPyConnection, columns: Sequence[Column], looked_at: str) -> list[Column]:
    if not columns:
        return []
    values = [column(item.index) for item in columns]
    if len(values) > WIDE:
        long = f"SELECT unnest(range({len(values)})) AS place, unnest([{', '.join(values)}]) AS value FROM {looked_at}"
        told = session.execute(f"SELECT DISTINCT place FROM ({long}) WHERE {_may_be_one('value')}").fetchall()
        return [columns[place] for (place,) in sorted(told)]
    tests = ", ".join(f"coalesce(bool_or({_may_be_one(value)}), false)" for value in values)
    [answers] = session.execute(f"SELECT {tests} FROM {looked_at}").fetchall()
    return [item for item, found in zip(columns, answers, strict=True) if found]


def _may_be_one(value: str) -> str:
    # Nearly every value is passed over by the cheaper looks.
    shortest = min(len(word.encode()) for word in UNMISTAKABLE)
    return (
        f"CASE WHEN {value} IS NULL OR strlen({value}) < {shortest} THEN false WHEN {_is_json(value)} THEN true "
        f"WHEN {value} BETWEEN '0' AND ':' THEN false ELSE {_is_list_of_words(value)} END"
    )


def _is_json(value: str) -> str:
    """Whether it begins as an object or an array does."""
    return f"(({value} >= '{{' AND {value} < '|') OR ({value} >= '[' AND {value} < '\\'))"


def _is_list_of_words(value: str) -> str:
    plain = f"replace(replace(lower({value}), '_', ' '), '-', ' ')"
    # A single word is none; what it says is counted elsewhere.
    listed = finds(value, "[,;|]")
    return f"CASE WHEN {finds(f'lower({value})', HINTS)} THEN {listed} AND {finds(plain, LIST_PATTERN)} ELSE false END"


def _pairs(session: duckdb.DuckDBPyConnection, value: str, looked_at: str) -> list[str]:
    found = session.execute(
        f"SELECT DISTINCT unnest(regexp_extract_all({value}, {literal(PAIR_PATTERN)}, 0)) AS pair FROM {looked_at} "
        f"WHERE {_is_json(value)} ORDER BY ALL LIMIT {_PAIRS}"
    ).fetchall()
    return [pair for (pair,) in found]
