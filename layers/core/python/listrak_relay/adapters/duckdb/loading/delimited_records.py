"""A CSV file record by record, exactly: for what DuckDB does not take, and for rows that are looked up again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from listrak_relay.adapters.duckdb.loading.row_texts import RowTexts, texts_of_lines, texts_of_records
from listrak_relay.adapters.duckdb.loading.source import Layout, Shape
from listrak_relay.adapters.formats.delimited.byte_counts import CsvSurvey
from listrak_relay.adapters.formats.delimited.line_ends import joined
from listrak_relay.adapters.formats.delimited.reader import AGAIN_LIMIT, RecordReader
from listrak_relay.adapters.formats.records import Record


@dataclass(slots=True)
class DelimitedRecords:
    """The records below the header, once. When all are taken ``last`` is the number of the last row in the file,
    ``nulls`` says how many values were a word for no value, and ``broken_end`` whether the file ends in the middle of a
    damaged row."""

    path: Path
    facts: CsvSurvey
    shape: Shape
    layout: Layout
    last: int = 0
    nulls: int = 0
    broken_end: bool = False

    def __iter__(self) -> Iterator[Record]:
        """
        Raises:
            FileRejectedError: rows cannot be told apart (code ``quotes_unreadable``).
        """
        facts = self.facts
        order = self.layout.order or tuple(range(self.shape.width))
        key = self.shape.key
        with self.path.open(
            encoding="utf-8-sig", errors="surrogateescape", newline=facts.dialect.newline, buffering=1 << 20
        ) as stream:
            reader = RecordReader(
                stream,
                facts.dialect,
                file=facts.file,
                width=len(facts.names),
                nameless=facts.nameless,
                key=key and replace(key, index=order[key.index]),
                again_limit=AGAIN_LIMIT + 4 * facts.size,
                null_words=self.layout.null_words,
            )
            records: Iterator[Record] = (record for record in reader if record.row > facts.header_row)
            if facts.row_end and facts.newline != facts.row_end:
                records = joined(records, facts.row_end, len(facts.names))
            yield from records
        self.last, self.nulls, self.broken_end = reader.records, reader.nulls, reader.broken_end


def loading(facts: CsvSurvey, layout: Layout) -> Layout:
    """That of what `DelimitedRecords` gives. Words for no value count as they are written, not as what is left when
    escapes are taken off, so where there are escapes the reader has looked for them."""
    return replace(layout, null_words=()) if facts.dialect.escape else layout


def line_texts(path: Path, facts: CsvSurvey, layout: Layout, last: int, *, breaks: bool) -> RowTexts:
    """Of a file that DuckDB took. ``last``: number of its last row. ``breaks``: line breaks may be inside values."""
    quote = facts.dialect.quote.encode() if breaks else b""
    read = partial(texts_of_lines, path, first=facts.header_row + 1, skipped=facts.first_lines, quote=quote)
    return RowTexts(layout.offset, last, read)


def record_texts(path: Path, facts: CsvSurvey, shape: Shape, layout: Layout, last: int) -> RowTexts:
    """Of a file that was read record by record."""

    def again() -> Iterator[Record]:
        return iter(DelimitedRecords(path, facts, shape, layout))

    return RowTexts(layout.offset, last, partial(texts_of_records, again))
