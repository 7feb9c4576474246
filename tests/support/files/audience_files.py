"""Reads audience files with DuckDB for the tests."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from listrak_relay.adapters.duckdb.audience_reader import DuckDbAudienceReader
from listrak_relay.adapters.duckdb.sessions import Sessions
from listrak_relay.adapters.duckdb.writing.chunk_files import ChunkSizes
from listrak_relay.adapters.unpacking.limits import UnpackLimits
from listrak_relay.domain.destinations.destinations import AudienceDestination, EmailDestination, SmsDestination
from listrak_relay.domain.destinations.file_rules import FileRules
from listrak_relay.domain.run.manifest import AUDIENCE_MARK, Action
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.ports.reading import IngestedAudience, LocalChunk, LocalFile
from tests.support.files.slices import content_of

EMAIL = EmailDestination("email")
SMS = SmsDestination("sms")
LIMITS = UnpackLimits(unpacked=1_000_000_000)


@dataclass(frozen=True, slots=True)
class Read:
    """What became of a file: the result, delivered rows by row number, rejects and duplicates as written."""

    result: IngestedAudience
    rows: dict[int, tuple[Action, list[str]]]
    rejects: list[dict[str, str]]
    duplicates: list[tuple[int, int]]

    @property
    def values(self) -> dict[int, list[str]]:
        return {row: fields for row, (_, fields) in self.rows.items()}

    @property
    def reasons(self) -> dict[int, str]:
        return {int(reject["row"]): reject["reason"] for reject in self.rejects}


def read_file(
    folder: Path,
    body: str | bytes,
    destination: AudienceDestination = EMAIL,
    *,
    audience: str = "vip",
    max_chunk_bytes: int = 1_000_000,
    one_by_one_rows: int = 1_000,
    sms_chunk_rows: int = 5_000,
) -> Read:
    """Read a file of this text and check that every row is accounted for."""
    path, out = folder / "people.csv", folder / "out"
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    sizes = ChunkSizes(max_bytes=max_chunk_bytes, one_by_one_rows=one_by_one_rows, sms_rows=sms_chunk_rows)
    reader = DuckDbAudienceReader(Sessions(memory_limit_mb=256, threads=2, limits=LIMITS), sizes)
    source = DroppedFile("drop", f"{destination.name}/{audience}/people.csv", "v1", 0, "2026-01-31T00:00:00Z")
    result = reader.read([LocalFile(source.key, path)], source, destination, audience, out)
    read = Read(result, _rows(result), _rejects(result), _duplicates(result))
    _check(read, out)
    return read


def with_file(**rules: Any) -> EmailDestination:
    """The built-in email destination, with these `FileRules`."""
    return replace(EMAIL, file=FileRules(**rules))


def read(body: str | bytes, **rules: Any) -> Read:
    """`read_file` for the built-in email destination with these `FileRules`, in a folder that is removed."""
    with TemporaryDirectory() as folder:
        return read_file(Path(folder), body, with_file(**rules))


def _rows(result: IngestedAudience) -> dict[int, tuple[Action, list[str]]]:
    rows: dict[int, tuple[Action, list[str]]] = {}
    for chunk in result.chunks:
        records = _records(content_of(chunk.content))
        numbers = [int(number) for number in content_of(chunk.row_numbers).splitlines()]
        assert numbers == sorted(numbers)
        assert chunk.rows == len(records) == len(numbers)
        rows |= {
            number: (chunk.action, record) for number, record in zip(numbers, _unmarked(chunk, records), strict=True)
        }
    return rows


def _unmarked(chunk: LocalChunk, records: list[list[str]]) -> list[list[str]]:
    """Without the audience mark, which ends every row but those of people who are to be unsubscribed."""
    if chunk.action is Action.UNSUBSCRIBE:
        return records
    assert all(record[-1] == AUDIENCE_MARK for record in records)
    return [record[:-1] for record in records]


def _rejects(result: IngestedAudience) -> list[dict[str, str]]:
    if result.rejects is None:
        return []
    with result.rejects.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _duplicates(result: IngestedAudience) -> list[tuple[int, int]]:
    if result.duplicates is None:
        return []
    header, *records = _records(result.duplicates.read_bytes())
    assert header == ["row", "kept_row"]
    return [(int(row), int(kept)) for row, kept in records]


def _records(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))


def _check(read: Read, out: Path) -> None:
    result = read.result
    assert result.rows_read == len(read.rows) + len(read.rejects) + len(read.duplicates)
    assert (result.rejected, result.duplicates_dropped) == (len(read.rejects), len(read.duplicates))
    assert sum(result.reasons.values()) == len(read.rejects)
    assert [int(reject["row"]) for reject in read.rejects] == sorted(int(reject["row"]) for reject in read.rejects)
    chunks = {part.path.name for chunk in result.chunks for part in (chunk.content, chunk.row_numbers)}
    known = chunks | {"rejects.csv", "duplicates.csv"}
    assert {path.name for path in out.iterdir()} <= known
