"""Small parts of one drop that are alike, read as one file.

What is derived from each row takes DuckDB longer to plan (17 ms of the processor) than some thousand rows to read, so
that thousands of parts would take minutes one by one. Rows of delimited parts are therefore written behind each other
first. Each row keeps the number that it has in its part: without line breaks inside values every part has as many rows
as lines below its header. Where that cannot be proved, or DuckDB does not take the rows, all are read record by record,
as those of JSON always are. Parquet parts are read by one query unless one of them is damaged.
"""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import accumulate, islice
from pathlib import Path

import duckdb

from listrak_relay.adapters.duckdb.loading.delimited import DelimitedTable, load_fast
from listrak_relay.adapters.duckdb.loading.delimited_records import DelimitedRecords, line_texts, loading, record_texts
from listrak_relay.adapters.duckdb.loading.parquet import ParquetTable, load_alike
from listrak_relay.adapters.duckdb.loading.records import (
    Chain,
    NumberedRecords,
    RecordedTable,
    load_records,
    without_raised_null,
)
from listrak_relay.adapters.duckdb.loading.row_texts import RowTexts, texts_of_records
from listrak_relay.adapters.duckdb.loading.source import Layout, LoadedRows, Shape
from listrak_relay.adapters.duckdb.loading.table import Table
from listrak_relay.adapters.formats.delimited.byte_counts import CsvSurvey, count_bytes
from listrak_relay.adapters.formats.json_records import JsonRecords

_MOST_BYTES = 1 << 24
"""Of parts that are read together: of so many one damaged row costs the others the fast way."""

Named = tuple[str, Table]


def together(tables: Sequence[Named]) -> Iterator[Sequence[Named]]:
    """Name and table of each file, in their order, those in one sequence that can be read as one."""
    start, size = 0, 0
    for place, (_, table) in enumerate(tables):
        if place > start and (size + table.size > _MOST_BYTES or not _are_alike(tables[start][1], table)):
            yield tables[start:place]
            start, size = place, 0
        size += table.size
    yield tables[start:]


def _are_alike(one: Table, other: Table) -> bool:
    if isinstance(one, DelimitedTable) and isinstance(other, DelimitedTable):
        first, second = one.facts, other.facts
        # Whose bytes are counted while DuckDB reads is no small one.
        return (first.dialect, first.nameless, first.names, first.counting) == (
            second.dialect,
            second.nameless,
            second.names,
            None,
        )
    if isinstance(one, RecordedTable) and isinstance(other, RecordedTable):
        both_json = isinstance(one.content, JsonRecords) and isinstance(other.content, JsonRecords)
        return both_json and one.names == other.names
    if isinstance(one, ParquetTable) and isinstance(other, ParquetTable):
        return one.has_columns_of(other)
    return False


def load_together(
    session: duckdb.DuckDBPyConnection, parts: Sequence[Named], shape: Shape, work: Path, layout: Layout
) -> Iterator[tuple[Sequence[Named], LoadedRows, list[int]]]:
    """Make table ``source`` of what `together` gave, all at once if that can be: some of the parts, what is known of
    their rows, and the last row number of each. The table is to be taken away before the next. ``layout``: of the first
    part.

    Raises:
        FileRejectedError: what `Table.load` raises.
    """
    tables = [table for _, table in parts]
    found = _load_all(session, tables, shape, work, layout) if len(parts) > 1 else None
    if found:
        yield (parts, *found)
        return
    for part in parts:
        source, last = part[1].load(session, shape, work, layout)
        yield [part], source, [last]
        layout = replace(layout, offset=layout.offset + last)


def _load_all(
    session: duckdb.DuckDBPyConnection, tables: Sequence[Table], shape: Shape, work: Path, layout: Layout
) -> tuple[LoadedRows, list[int]] | None:
    delimited = [table for table in tables if isinstance(table, DelimitedTable)]
    if delimited:
        return _load_fast(session, delimited, shape, work, layout) or _load_exact(
            session, delimited, shape, work, layout
        )
    recorded = [table for table in tables if isinstance(table, RecordedTable)]
    if recorded:
        return _load_json(session, recorded, shape, work, layout)
    return load_alike(session, [table for table in tables if isinstance(table, ParquetTable)], shape, layout)


def _load_fast(
    session: duckdb.DuckDBPyConnection, parts: Sequence[DelimitedTable], shape: Shape, work: Path, layout: Layout
) -> tuple[LoadedRows, list[int]] | None:
    if not all(part.facts.plain_start for part in parts):
        return None
    path = work / "together.csv"
    _write_behind_each_other(parts, path)
    first = parts[0].facts
    facts = CsvSurvey(
        first.file,
        first.dialect,
        first.names,
        path.stat().st_size,
        nameless=first.nameless,
        header_row=0,
        first_lines=0,
    )
    count_bytes(path, facts)
    source = load_fast(session, path, facts, shape, layout)
    path.unlink()
    if source is None:
        return None
    rows = [part.facts.lines - part.facts.first_lines for part in parts]
    if source.breaks or source.rows != sum(rows):
        session.execute("DROP TABLE source")
        return None
    lasts = [part.facts.header_row + count for part, count in zip(parts, rows, strict=True)]
    ends = list(accumulate(lasts, initial=layout.offset))[1:]
    _number_rows(session, [(end - count + 1, end + 1) for end, count in zip(ends, rows, strict=True)])
    texts = tuple(
        line_texts(part.path, part.facts, replace(layout, offset=end - last), last, breaks=False)
        for part, end, last in zip(parts, ends, lasts, strict=True)
    )
    return replace(source, row="row", records=sum(lasts), texts=texts), lasts


def _write_behind_each_other(parts: Sequence[DelimitedTable], path: Path) -> None:
    """The rows of all, without headers."""
    with path.open("wb", buffering=1 << 20) as target:
        for part in parts:
            with part.path.open("rb") as stream:
                if stream.read(len(BOM_UTF8)) != BOM_UTF8:
                    stream.seek(0)
                for _ in islice(stream, part.facts.first_lines):
                    pass
                rows = stream.read()
            target.write(rows)
            if rows and not rows.endswith(b"\n"):
                target.write((part.facts.newline or "\n").encode())


def _number_rows(session: duckdb.DuckDBPyConnection, numbers: Sequence[tuple[int, int]]) -> None:
    """Add the column ``row`` to table ``source``. ``numbers``: of the rows of each part the first one, and the one
    behind the last."""
    found = ", ".join(f"({first}, {end})" for first, end in numbers)
    session.execute(
        f"CREATE TABLE numbered AS SELECT row, source.* FROM source POSITIONAL JOIN "
        f"(SELECT unnest(range(first, behind)) AS row FROM (VALUES {found}) AS found (first, behind))"
    )
    session.execute("DROP TABLE source")
    session.execute("ALTER TABLE numbered RENAME TO source")


def _load_exact(
    session: duckdb.DuckDBPyConnection, parts: Sequence[DelimitedTable], shape: Shape, work: Path, layout: Layout
) -> tuple[LoadedRows, list[int]]:
    first = parts[0].facts
    files = [DelimitedRecords(part.path, part.facts, shape, layout) for part in parts]
    chain = Chain(files)
    source = load_records(session, chain, shape, work, loading(first, layout), first.file)
    offsets = accumulate(chain.lasts, initial=layout.offset)
    texts = tuple(
        record_texts(part.path, part.facts, shape, replace(layout, offset=offset), last)
        for part, offset, last in zip(parts, offsets, chain.lasts, strict=False)
    )
    nulls = source.nulls + sum(file.nulls for file in files)
    return replace(source, records=sum(chain.lasts), nulls=nulls, texts=texts), chain.lasts


def _load_json(
    session: duckdb.DuckDBPyConnection, parts: Sequence[RecordedTable], shape: Shape, work: Path, layout: Layout
) -> tuple[LoadedRows, list[int]]:
    contents, layout = [part.again() for part in parts], without_raised_null(layout)
    chain = Chain([NumberedRecords(again) for again in contents])
    source = load_records(session, chain, shape, work, layout, parts[0].file)
    offsets = accumulate(chain.lasts, initial=layout.offset)
    texts = tuple(
        RowTexts(offset, last, partial(texts_of_records, again))
        for again, offset, last in zip(contents, offsets, chain.lasts, strict=False)
    )
    return replace(source, texts=texts), chain.lasts
