"""Files whose records are read one by one: these go into table ``source``, damaged ones are set apart in a file."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, Protocol

import duckdb

from listrak_relay.adapters.duckdb.loading.row_texts import RowTexts, texts_of_records
from listrak_relay.adapters.duckdb.loading.source import Layout, LoadedRows, Shape, create_source
from listrak_relay.adapters.duckdb.sql.csv_files import csv_options, line_limit
from listrak_relay.adapters.duckdb.sql.expressions import literal, text_columns
from listrak_relay.adapters.formats.json_records import JsonRecords
from listrak_relay.adapters.formats.number_columns import WORDS, words_among_numbers
from listrak_relay.adapters.formats.records import RECORD_LIMIT, Record
from listrak_relay.adapters.formats.workbook_records import Sheet
from listrak_relay.domain.destinations.file_rules import NULL_MARK, RAISED_NULL
from listrak_relay.domain.reading.notes import Way
from listrak_relay.errors import FileRejectedError

_LOOKED_AT = 1_000
"""Rows of a sheet, by which words for no value are told."""


@dataclass(frozen=True, slots=True)
class RecordedTable:
    """JSON or a sheet of Excel."""

    content: JsonRecords | Sheet
    names: list[str]
    file: str
    notes: dict[str, Any]
    unclean: bool = True

    @property
    def size(self) -> int:
        """Bytes of the file; 0 of a sheet, which is never read together with others."""
        return self.content.path.stat().st_size if isinstance(self.content, JsonRecords) else 0

    def again(self) -> Callable[[], Iterator[Record]]:
        """Begins to read the records of a JSON file anew."""
        assert isinstance(self.content, JsonRecords)  # noqa: S101 - a sheet is read once
        return partial(self.content.records, self.names)

    def load(
        self, session: duckdb.DuckDBPyConnection, shape: Shape, work: Path, layout: Layout
    ) -> tuple[LoadedRows, int]:
        layout = without_raised_null(layout)
        if isinstance(self.content, JsonRecords):
            again = self.again()
            source = load_records(session, again(), shape, work, layout, self.file)
            texts = RowTexts(layout.offset, source.records, partial(texts_of_records, again))
            return replace(source, texts=(texts,)), source.records
        # What was a mark for no value in a text that was opened in Excel is still one.
        records = self.content.records()
        first = list(islice(records, _LOOKED_AT))
        words = words_among_numbers(WORDS, [record.fields for record in first if record.damage is None])
        if words:
            self.notes["words_for_no_value"] = list(words)
        layout = replace(layout, null_words=(*layout.null_words, NULL_MARK, *words))
        source = load_records(session, chain(first, records), shape, work, layout, self.file)
        return source, source.records


def without_raised_null(layout: Layout) -> Layout:
    return replace(layout, null_words=(*layout.null_words, RAISED_NULL))


class PartRecords(Protocol):
    """Records of one file, once. ``last``: number of the last row in the file, when all are taken."""

    @property
    def last(self) -> int: ...

    def __iter__(self) -> Iterator[Record]: ...


@dataclass(slots=True)
class NumberedRecords:
    """Those of a file in which nothing that counts follows the last one. ``begin``: reads the file."""

    begin: Callable[[], Iterator[Record]]
    last: int = 0

    def __iter__(self) -> Iterator[Record]:
        for record in self.begin():
            self.last = record.row
            yield record


@dataclass(slots=True)
class Chain:
    """Records of files one behind the other, numbered through. ``lasts``: the last row number in each that is read."""

    parts: Sequence[PartRecords]
    lasts: list[int] = field(default_factory=list)

    def __iter__(self) -> Iterator[Record]:
        offset = 0
        for part in self.parts:
            for record in part:
                yield replace(record, row=record.row + offset)
            self.lasts.append(part.last)
            offset += part.last


def json_table(records: JsonRecords, names: list[str], encoding: str) -> RecordedTable:
    """``names``: of the columns. ``encoding``: in the words of the report."""
    notes = {"format": records.format.value, "encoding": encoding}
    return RecordedTable(records, names, records.file, notes)


def load_records(
    session: duckdb.DuckDBPyConnection,
    records: Iterable[Record],
    shape: Shape,
    work: Path,
    layout: Layout,
    file: str,
) -> LoadedRows:
    """Load sound records, all of one width, and set damaged ones apart. ``file``: the drop key, for messages."""
    clean, damaged = work / "clean.csv", work / "damaged.csv"
    parts = _piece(records, clean, damaged, layout.offset)
    created = create_source(
        session,
        shape,
        layout,
        f"read_csv({literal(str(clean))}, columns = {{'row': 'BIGINT', {text_columns(shape.width)}}}, "
        "parallel = false, "
        f"{csv_options(line_limit=line_limit(RECORD_LIMIT))})",
        row="row",
    )
    if created.rows != parts.sound:
        raise FileRejectedError(
            "file_unreadable",
            f"{file}: {parts.sound} sound rows were found, {created.rows} could be loaded; write the file anew as "
            "plain CSV",
        )
    clean.unlink()
    return LoadedRows(
        Way.EXACT,
        "row",
        created.rows,
        parts.breaks,
        parts.last_row,
        parts.damaged,
        damaged,
        parts.together,
        nulls=created.nulls,
    )


@dataclass(slots=True)
class _Pieces:
    """How many rows are sound and damaged; whether sound ones have line breaks; the last row number of the file; the
    first and the last damaged row."""

    sound: int = 0
    damaged: int = 0
    breaks: bool = False
    last_row: int = 0
    first_damaged: int = 0
    last_damaged: int = 0

    @property
    def together(self) -> bool:
        return self.last_damaged - self.first_damaged + 1 == self.damaged


def _piece(records: Iterable[Record], clean: Path, damaged: Path, offset: int) -> _Pieces:
    """Write sound rows and damaged ones apart; the damaged ones go behind those that are there already."""
    parts = _Pieces()
    with (
        clean.open("w", encoding="utf-8", newline="", buffering=1 << 20) as clean_stream,
        damaged.open("a", encoding="utf-8", newline="") as damaged_stream,
    ):
        # All quoted: before Python 3.13 the module leaves a carriage return bare if the line end has none.
        write_clean = csv.writer(clean_stream, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow
        write_damaged = csv.writer(damaged_stream, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow
        for record in records:
            parts.last_row = record.row
            if record.damage:
                parts.damaged += 1
                parts.first_damaged = parts.first_damaged or record.row
                parts.last_damaged = record.row
                write_damaged((record.row + offset, record.damage, record.raw))
            else:
                parts.sound += 1
                parts.breaks = parts.breaks or len(record.lines) > 1
                write_clean((record.row + offset, *record.fields))
    return parts
