"""Columns with lists, objects or notes in which something tells consent. Keys are looked at, and none is told."""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import duckdb

from listrak_relay.adapters.duckdb.deciding.columns_with import columns_with
from listrak_relay.adapters.duckdb.sql.expressions import column, finds, literal, literals
from listrak_relay.adapters.duckdb.sql.rules import plain_word
from listrak_relay.domain.columns.file_columns import Column
from listrak_relay.domain.consent.inside import LIST_PATTERN, PAIR_PATTERN, telling_keys
from listrak_relay.domain.consent.statements import (
    ADDRESS_PATTERN,
    HINTS,
    LONGEST_NOTE,
    NOTE_PATTERN,
    REFUSED_PATTERN,
    UNMISTAKABLE,
)
from listrak_relay.domain.consent.suspicion import INSIDE, NOTED, Values
from listrak_relay.domain.destinations.choices import Channel

_PAIRS = 5_000
"""Different ones of a column; more keys than that are no names."""


def find_inside(
    session: duckdb.DuckDBPyConnection, columns: Sequence[Column], looked_at: str, channel: Channel
) -> Iterator[tuple[Column, Values]]:
    """Each such column with how many rows of table ``source`` have such values, as `INSIDE` and `NOTED`. ``looked_at``:
    what stands behind FROM for the rows by which columns are found."""
    for item in columns_with(session, columns, looked_at, _may_be_one):
        value = column(item.index)
        keys = telling_keys(_pairs(session, value, looked_at), channel)
        inside = _where_hinted(value, _is_list_of_words(value))
        if keys:
            named = '"(?:' + "|".join(map(re.escape, keys)) + ')"'
            inside = f"({inside} OR {finds(value, named)})"
        [(held, noted)] = session.execute(
            f"SELECT count_if(inside), count_if(NOT inside AND {_where_hinted(value, _is_note(value))}) FROM "
            f"(SELECT {value}, coalesce({inside}, false) AS inside FROM source WHERE {value} IS NOT NULL)"
        ).fetchall()
        if held or noted:
            yield item, Values({word: count for word, count in ((INSIDE, held), (NOTED, noted)) if count})


def _may_be_one(value: str) -> str:
    return f"({is_json(value)} OR {_where_hinted(value, f'({_is_list_of_words(value)} OR {_is_note(value)})')})"


def is_json(value: str) -> str:
    """Whether it begins as an object or an array does."""
    return f"(({value} >= '{{' AND {value} < '|') OR ({value} >= '[' AND {value} < '\\'))"


def _is_list_of_words(value: str) -> str:
    """Of a hinted value, as is `_is_note`."""
    # A single word is none; what it says is counted elsewhere.
    listed = f"{finds(value, '[,;|]')} AND {finds(plain_word(value), LIST_PATTERN)}"
    return f"({listed} OR {finds(f'lower({value})', REFUSED_PATTERN)})"


def _is_note(value: str) -> str:
    """Whether it is a short text about an opt-out: no word that is counted elsewhere, and no page to leave by."""
    word = plain_word(f"trim({value})")
    link = f"contains({value}, '/') AND {finds(f'lower({value})', ADDRESS_PATTERN)}"
    short = f"strlen({value}) <= {LONGEST_NOTE} AND NOT ({link})"
    return f"({short} AND {finds(word, NOTE_PATTERN)} AND {word} NOT IN ({literals(sorted(UNMISTAKABLE))}))"


def _where_hinted(value: str, test: str) -> str:
    return f"CASE WHEN {finds(f'lower({value})', HINTS)} THEN {test} ELSE false END"


def _pairs(session: duckdb.DuckDBPyConnection, value: str, looked_at: str) -> list[str]:
    found = session.execute(
        f"SELECT DISTINCT unnest(regexp_extract_all({value}, {literal(PAIR_PATTERN)}, 0)) AS pair FROM {looked_at} "
        f"WHERE {is_json(value)} ORDER BY ALL LIMIT {_PAIRS}"
    ).fetchall()
    return [pair for (pair,) in found]
