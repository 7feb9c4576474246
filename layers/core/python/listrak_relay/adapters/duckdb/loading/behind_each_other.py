"""Puts the files of one drop behind each other in table ``source``, with one row numbering."""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from listrak_relay.adapters.duckdb.loading.delimited import DelimitedTable
from listrak_relay.adapters.duckdb.loading.small_parts import load_together, together
from listrak_relay.adapters.duckdb.loading.source import Layout, LoadedRows, Shape
from listrak_relay.adapters.duckdb.loading.table import Table
from listrak_relay.domain.destinations.file_rules import FileRules
from listrak_relay.domain.reading.notes import Way
from listrak_relay.domain.reading.refusals import parts_differ
from listrak_relay.domain.run.manifest import Part
from listrak_relay.domain.values.names import same_name_key


def load_parts(
    session: duckdb.DuckDBPyConnection,
    tables: Sequence[tuple[str, Table]],
    shape: Shape,
    work: Path,
    rules: FileRules,
    *,
    columns: Sequence[str] = (),
    offset: int = 0,
) -> tuple[LoadedRows, tuple[Part, ...], int]:
    """Put the rows of all files, name and table each, behind each other in table ``source``; the last row number comes
    with them. ``columns``: names of the run's, if they are not those of the first file. ``offset``: added to all row
    numbers.

    Raises:
        FileRejectedError: the files have not the same columns (code ``parts_differ``), or what `Table.load` raises.
    """
    (first, table), *others = tables
    wanted = list(columns) or table.names
    # Words that the files themselves show to stand for no value, in quotes too.
    delimited = (found for _, found in tables if isinstance(found, DelimitedTable))
    shown = (word for found in delimited for word in found.facts.dialect.null_texts)
    layout = Layout(null_words=tuple(dict.fromkeys((*rules.null_word, *shown))), offset=offset)
    if not others and wanted == table.names:
        source, last = table.load(session, shape, work, layout)
        return source, (Part(first, offset),), offset + last
    whole: LoadedRows | None = None
    parts: list[Part] = []
    for group in together(tables):
        name, part = group[0]
        placed = replace(layout, order=_order(wanted, part.names, first, name), offset=offset)
        for loaded, source, lasts in load_together(session, group, shape, work, placed):
            selected = "*" if source.row == "row" else f"{source.row} AS row, *"
            begin = "CREATE TABLE whole AS" if whole is None else "INSERT INTO whole"
            session.execute(f"{begin} SELECT {selected} FROM source")
            session.execute("DROP TABLE source")
            for (name, _), last in zip(loaded, lasts, strict=True):
                parts.append(Part(name, offset))
                offset += last
            whole = source if whole is None else _added(whole, source)
    session.execute("ALTER TABLE whole RENAME TO source")
    assert whole is not None  # noqa: S101 - there is at least one file
    return replace(whole, row="row"), tuple(parts), offset


def _added(one: LoadedRows, other: LoadedRows) -> LoadedRows:
    return replace(
        one,
        way=one.way if one.way is other.way else Way.EXACT,
        rows=one.rows + other.rows,
        records=one.records + other.records,
        breaks=one.breaks or other.breaks,
        damaged=one.damaged + other.damaged,
        together=one.together and not other.damaged,
        plain=one.plain and other.plain,
        nulls=one.nulls + other.nulls,
        damaged_path=one.damaged_path or other.damaged_path,
        texts=one.texts + other.texts,
    )


def _order(names: list[str], others: list[str], first: str, file: str) -> tuple[int, ...]:
    places = {same_name_key(name): place for place, name in enumerate(others)}
    wanted = [same_name_key(name) for name in names]
    if len(others) != len(names) or set(places) != set(wanted):
        raise parts_differ(file, others, first, names)
    return tuple(places[key] for key in wanted)
