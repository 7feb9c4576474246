"""What is written of a table too large to be looked through at once."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from listrak_relay.adapters.duckdb.audience_reader import DuckDbAudienceReader
from listrak_relay.adapters.duckdb.deciding.verdicts import Reason
from listrak_relay.adapters.duckdb.loading.source import ROW_GROUP, LoadedRows
from listrak_relay.adapters.duckdb.sessions import Sessions
from listrak_relay.adapters.duckdb.sql.session import open_session
from listrak_relay.adapters.duckdb.writing.chunk_files import ChunkSizes
from listrak_relay.adapters.duckdb.writing.rejects import write_rejects
from listrak_relay.adapters.duckdb.writing.stretches import LARGE
from listrak_relay.domain.reading.notes import Way
from listrak_relay.domain.run.manifest import Action
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.ports.reading import LocalFile
from tests.support.files.audience_files import EMAIL, LIMITS
from tests.support.files.slices import content_of


def test_of_millions_of_rows_each_reject_is_listed_once_in_file_order(tmp_path: Path) -> None:
    rows = 25 * ROW_GROUP
    edges = [n * ROW_GROUP + beside for n in range(26) for beside in (-1, 0)][1:-1]
    source = LoadedRows(Way.FAST, "rowid + 2", rows, breaks=False, records=rows)

    with open_session(tmp_path, 256, 2) as session:
        session.execute(
            f"CREATE TABLE source AS SELECT 'person' || range AS c0, "
            f"(CASE WHEN range IN ({', '.join(map(str, edges))}) THEN 3 ELSE 0 END)::SMALLINT AS verdict "
            f"FROM range({rows})"
        )
        counts = write_rejects(session, source, 1, [Reason(3, "bad", "email", "is bad")], tmp_path / "rejects.csv")

    assert counts == {"bad": len(edges)}
    with (tmp_path / "rejects.csv").open(newline="") as stream:
        listed = [(int(line["row"]), line["record"]) for line in csv.DictReader(stream)]
    assert listed == [(n + 2, f"person{n}") for n in edges]


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_a_large_table_is_written_in_parts_that_together_are_its_rows(tmp_path: Path, threads: int) -> None:
    rows, leaving = LARGE + 1_000, 500
    path = tmp_path / "people.csv"
    with path.open("w") as stream:
        stream.write("email,opt_in\n")
        stream.writelines(f"p{n}@example.com,{'no' if n < leaving else 'yes'}\n" for n in range(rows))
    sizes = ChunkSizes(max_bytes=10_000_000, one_by_one_rows=1_000, sms_rows=1_000)
    reader = DuckDbAudienceReader(Sessions(memory_limit_mb=512, threads=threads, limits=LIMITS), sizes)
    source = DroppedFile("drop", "email/vip/people.csv", "v1", path.stat().st_size, "2026-01-31T00:00:00Z")

    result = reader.read([LocalFile(source.key, path)], source, EMAIL, "vip", tmp_path / "out")

    kept = {part.path.name for chunk in result.chunks for part in (chunk.content, chunk.row_numbers)}
    assert {path.name for path in (tmp_path / "out").iterdir()} == kept
    for action, first, end, mark in ((Action.UNSUBSCRIBE, 0, leaving, ""), (Action.SUBSCRIBE, leaving, rows, ",on")):
        chunks = [chunk for chunk in result.chunks if chunk.action is action]
        assert [chunk.chunk_id for chunk in chunks] == [f"{action}-{n:04d}" for n in range(1, len(chunks) + 1)]
        assert len({chunk.content.path for chunk in chunks}) == (threads if action is Action.SUBSCRIBE else 1)
        assert sum(chunk.rows for chunk in chunks) == end - first
        content = b"".join(content_of(chunk.content) for chunk in chunks).decode()
        assert content == "".join(f"p{n}@example.com{mark}\n" for n in range(first, end))
        numbers = b"".join(content_of(chunk.row_numbers) for chunk in chunks).decode()
        assert numbers == "".join(f"{n + 2}\n" for n in range(first, end))
