"""Reads ranges of a large file with DuckDB: `ports.ranges.RangeReader`.

A range is read twice: first for what only all ranges together can decide (row numbers, duplicates, how much is
damaged), then to be written. Both times by the code that reads a whole file.
"""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import duckdb

from listrak_relay.adapters.duckdb import range_shapes
from listrak_relay.adapters.duckdb.deciding.consent import look_at
from listrak_relay.adapters.duckdb.deciding.duplicates import DuckDbDuplicateFinder
from listrak_relay.adapters.duckdb.deciding.verdicts import DELIVERED
from listrak_relay.adapters.duckdb.finishing import finish
from listrak_relay.adapters.duckdb.loading.delimited import DelimitedTable
from listrak_relay.adapters.duckdb.loading.records import json_table
from listrak_relay.adapters.duckdb.loading.table import Table
from listrak_relay.adapters.duckdb.loading.tables import are_json, open_tables
from listrak_relay.adapters.duckdb.parsing import Asked, Parsed, notes_of, parse, read_consent
from listrak_relay.adapters.duckdb.sessions import Sessions
from listrak_relay.adapters.duckdb.sql.expressions import literal
from listrak_relay.adapters.duckdb.sql.parquet_files import copy_parquet
from listrak_relay.adapters.duckdb.writing.chunk_files import ChunkSizes
from listrak_relay.adapters.duckdb.writing.rejects import write_damaged
from listrak_relay.adapters.formats.delimited.byte_counts import CsvSurvey, count_bytes
from listrak_relay.adapters.formats.json_layout import JsonLayout
from listrak_relay.adapters.formats.json_records import JsonRecords
from listrak_relay.adapters.formats.text_encoding import evidence_of, to_utf_8
from listrak_relay.adapters.libraries.unusual_email import check_unusual_email
from listrak_relay.adapters.stopwatch import Stopwatch
from listrak_relay.domain.destinations.encodings import UTF_8, shown_name
from listrak_relay.domain.destinations.file_rules import FileFormat
from listrak_relay.domain.reading.encodings import EncodingEvidence
from listrak_relay.domain.reading.range_types import Agreed
from listrak_relay.domain.reading.ranges import FileShape, RangeFacts, RangeKind, WrittenRange
from listrak_relay.domain.run.job import AudienceJob
from listrak_relay.domain.values.email_address import UnusualCheck
from listrak_relay.errors import ConfigurationError, FileRejectedError
from listrak_relay.ports.ranges import LocalWrittenRange, RangeTask, ReadRange
from listrak_relay.ports.reading import LocalFile

Tables = Sequence[tuple[str, Table]]


@dataclass(frozen=True, slots=True)
class DuckDbRangeReader:
    """Ranges of one run may be read by many processes at once. ``unusual``: as `DuckDbAudienceReader` has it."""

    sessions: Sessions
    sizes: ChunkSizes
    unusual: UnusualCheck = check_unusual_email

    def look(self, head: Path, file: str, job: AudienceJob, *, whole: bool) -> FileShape:
        rules, template = job.destination.file, job.destination.data_template
        return range_shapes.find_shape(head, file, rules, template, whole=whole)

    def unpacked(self, stream: BinaryIO, shape: FileShape) -> BinaryIO:
        return range_shapes.unpacked(stream, shape)

    def boundary(self, window: bytes, shape: FileShape) -> int | None:
        return range_shapes.find_boundary(window, shape)

    def read(self, task: RangeTask, out: Path) -> ReadRange:
        number, shape = task.range.number, task.shape
        evidence = evidence_of(task.path) if shape.encoding_open else EncodingEvidence()
        names: tuple[str, ...] = ()
        in_rows = shape.kind is RangeKind.NDJSON
        try:
            with self.sessions.open(shape.file, out) as (session, work):
                tables = self._tables(session, task, work)
                names, in_rows = tuple(tables[0][1].names), are_json([table for _, table in tables])
                parsed = self._parse(session, task, tables, work, Stopwatch())
                keys = tuple(_write_keys(session, parsed, task.plan.partitions, out))
                damaged = out / "damaged.csv" if parsed.source.damaged else None
                if damaged:
                    write_damaged(session, parsed.source, damaged)
                doubtful = look_at(session, parsed.plan, parsed.source.rows)
                facts = replace(_facts(task, parsed, session), evidence=evidence, doubtful=doubtful)
                return ReadRange(facts, keys, damaged)
        except (FileRejectedError, ConfigurationError) as error:
            columns = names and (task.plan.names or names)
            refused = RangeFacts(number, names, in_rows, columns, evidence=evidence, refusal=(error.code, str(error)))
            return ReadRange(refused, (), None)

    @contextmanager
    def duplicates(self, file: str, work: Path) -> Iterator[DuckDbDuplicateFinder]:
        with self.sessions.open(file, work) as (session, _):
            yield DuckDbDuplicateFinder(session)

    def write(
        self, task: RangeTask, keyed: int, dropped: Path | None, agreed: Mapping[str, Agreed], out: Path
    ) -> LocalWrittenRange:
        watch, destination, number = Stopwatch(), task.job.destination, task.range.number
        with ThreadPoolExecutor(1) as beside, self.sessions.open(task.shape.file, out) as (session, work):
            parsed = self._parse(session, task, self._tables(session, task, work), work, watch)
            if _keyed(session) != keyed:
                raise FileRejectedError(
                    "file_changed",
                    f"{task.shape.file}: range {number} was not read as it was before, since another release was "
                    "deployed meanwhile; drop the file again",
                )
            parsed = read_consent(session, parsed, task.consent, self._asked(task))
            if dropped:
                parsed.verdicts.drop_rows(parsed.source.row, f"SELECT row FROM read_parquet({literal(str(dropped))})")
            finished = finish(
                session,
                parsed,
                destination,
                limits=self.sizes.limits_for(destination),
                out=out,
                watch=watch,
                beside=beside,
                agreed=agreed,
            )
        profile = finished.profile
        notes = notes_of(parsed, profile, destination, finished.statements, finished.contradicted)
        written = WrittenRange(
            number,
            profile.columns,
            profile.tallies,
            profile.timed,
            (),
            sum(finished.reasons.values()),
            finished.reasons,
            notes,
        )
        chunks = tuple(replace(chunk, chunk_id=f"{chunk.chunk_id}-r{number:05d}") for chunk in finished.chunks())
        return LocalWrittenRange(written, chunks, finished.rejects)

    def _tables(self, session: duckdb.DuckDBPyConnection, task: RangeTask, work: Path) -> Tables:
        shape, rules, path = task.shape, task.job.destination.file, task.path
        if shape.kind is RangeKind.WHOLE:
            files = self.sessions.unpacking(work).unpack_all(
                [LocalFile(shape.file, path)], shape.file, rules.pgp_secret
            )
            template = task.job.destination.data_template
            return open_tables(
                session,
                files,
                rules,
                template,
                work,
                task.plan.names,
                most_bytes=self.sessions.limits.unpacked,
                dialect=range_shapes.dialect_of(shape) if shape.names else None,
            )
        if shape.encoding != UTF_8:
            path = work / "utf-8"
            to_utf_8(task.path, shape.codec, path)
        encoding = shown_name(shape.encoding)
        if shape.kind is RangeKind.NDJSON:
            records = JsonRecords(path, shape.file, FileFormat.NDJSON, JsonLayout.LINES)
            names = list(task.plan.names) or records.names()
            return [(shape.file, json_table(records, names, encoding))]
        return [(shape.file, DelimitedTable(path, _survey(path, task), encoding))]

    def _parse(
        self, session: duckdb.DuckDBPyConnection, task: RangeTask, tables: Tables, work: Path, watch: Stopwatch
    ) -> Parsed:
        return parse(session, tables, self._asked(task), work, watch, columns=task.plan.names, offset=task.offset)

    def _asked(self, task: RangeTask) -> Asked:
        job = task.job
        return Asked(task.shape.file, job.destination, job.audience, self.unusual)


def _survey(path: Path, task: RangeTask) -> CsvSurvey:
    shape, begins = task.shape, task.range.begins_file
    found = CsvSurvey(
        shape.file,
        range_shapes.dialect_of(shape),
        list(shape.names),
        path.stat().st_size,
        nameless=shape.nameless,
        row_end=shape.row_end,
        header_row=shape.header_row if begins else 0,
        first_lines=shape.first_lines if begins else 0,
    )
    count_bytes(path, found)
    return found


def _facts(task: RangeTask, parsed: Parsed, session: duckdb.DuckDBPyConnection) -> RangeFacts:
    source, names = parsed.source, tuple(parsed.tables[0].names)
    return RangeFacts(
        number=task.range.number,
        names=names,
        names_in_rows=are_json(parsed.tables),
        columns=task.plan.names or names,
        rows=source.rows,
        damaged=source.damaged,
        keyed=_keyed(session),
        last=parsed.last - task.offset,
        broken_end=source.broken_end,
        parts=parsed.parts,
    )


def _keyed(session: duckdb.DuckDBPyConnection) -> int:
    counted = session.execute(f"SELECT count(*) FROM source WHERE {DELIVERED}").fetchone()
    return int(counted[0]) if counted else 0


def _write_keys(session: duckdb.DuckDBPyConnection, parsed: Parsed, partitions: int, out: Path) -> Iterator[Path]:
    key = parsed.verdicts.contacts.normal
    for partition in range(partitions):
        path = out / f"keys-{partition:04d}.parquet"
        # By a hash that is the same in every release, since ranges may be read by two of them.
        mine = f"md5_number_lower({key}) % {partitions} = {partition}" if partitions > 1 else "true"
        keys = f"SELECT {key} AS contact, {parsed.source.row} AS row FROM source WHERE {DELIVERED} AND {mine}"
        session.execute(copy_parquet(keys, path))
        yield path
