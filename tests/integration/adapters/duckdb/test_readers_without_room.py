"""A file that takes more memory or disk than the function has is named so, by every reader and at every step; it is no
fault of the program, and none of the file's form."""

from __future__ import annotations

import multiprocessing
import os
import resource
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from errno import EIO, ENOSPC
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest

from listrak_relay.adapters.duckdb.audience_reader import DuckDbAudienceReader
from listrak_relay.adapters.duckdb.feed_reader import DuckDbFeedReader
from listrak_relay.adapters.duckdb.range_reader import DuckDbRangeReader
from listrak_relay.adapters.duckdb.sessions import Sessions
from listrak_relay.adapters.duckdb.sql.csv_files import copy_csv
from listrak_relay.adapters.duckdb.writing.chunk_files import ChunkSizes
from listrak_relay.domain.destinations.destinations import FeedDestination
from listrak_relay.domain.destinations.feed_settings import Feed, default_settings
from listrak_relay.domain.reading.ranges import Range, RangeLayout, Span
from listrak_relay.domain.run.job import IngestJob
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.errors import FileRejectedError, FileTooLargeError
from listrak_relay.ports.ranges import RangeTask
from listrak_relay.ports.reading import LocalFile
from listrak_relay.use_cases.ingest_ranges import NextStep
from tests.support.files.audience_files import EMAIL, LIMITS
from tests.support.files.range_files import Ranges

PLENTY_MB, TOO_LITTLE_MB = 256, 2
ROWS = 50_000
SIZES = ChunkSizes(max_bytes=10_000_000, one_by_one_rows=1_000, sms_rows=1_000)
FILE_LIMIT = 100_000
"""Bytes that a file may have on the disk that is full: fewer than any of the readers has to write."""


def people(rows: int = ROWS) -> bytes:
    return b"email,city\n" + b"".join(b"person%d@example.com,Town %d\n" % (n, n * 7_919) for n in range(rows))


def damaged_people(rows: int = ROWS) -> bytes:
    return people(rows) + b'x"y,\n'


def people_as_json(rows: int = ROWS) -> bytes:
    return b"".join(b'{"email": "person%d@example.com", "city": "Town %d"}\n' % (n, n * 7_919) for n in range(rows))


def people_as_parquet(rows: int = ROWS) -> bytes:
    with TemporaryDirectory() as folder, duckdb.connect() as session:
        path = Path(folder) / "people.parquet"
        session.execute(
            "COPY (SELECT 'person' || n || '@example.com' AS email, md5(n::VARCHAR) AS city "
            f"FROM range({rows}) AS all_rows (n)) TO '{path}' (FORMAT parquet)"
        )
        return path.read_bytes()


def products(rows: int = ROWS) -> bytes:
    return b"sku,title\n" + b"".join(b"sku%d,Title %d\n" % (n, n * 7_919) for n in range(rows))


def dropped(path: Path, key: str) -> tuple[list[LocalFile], DroppedFile]:
    return [LocalFile(key, path)], DroppedFile("drop", key, "v1", path.stat().st_size, "2026-01-31T00:00:00Z")


def read_audience(path: Path, megabytes: int, out: Path) -> int:
    files, source = dropped(path, "email/vip/people")
    reader = DuckDbAudienceReader(Sessions(memory_limit_mb=megabytes, threads=1, limits=LIMITS), SIZES)
    return reader.read(files, source, EMAIL, "vip", out).rows_read


def read_feed(path: Path, megabytes: int, out: Path) -> int:
    files, source = dropped(path, "products/products.csv")
    reader = DuckDbFeedReader(Sessions(memory_limit_mb=megabytes, threads=1, limits=LIMITS))
    return reader.read(files, source, FeedDestination("products", feed=default_settings(Feed.PRODUCTS)), out).rows_read


def range_of(path: Path, megabytes: int) -> tuple[DuckDbRangeReader, RangeTask]:
    [file], source = dropped(path, "email/vip/people.csv")
    reader = DuckDbRangeReader(Sessions(memory_limit_mb=megabytes, threads=1, limits=LIMITS), SIZES)
    job = IngestJob(source, EMAIL, "vip", (source,))
    head = path.with_name("head")
    head.write_bytes(path.read_bytes()[: FILE_LIMIT // 2])
    shape = reader.look(head, source.key, job, whole=False)
    part = Range(1, 0, True, (Span(0, source.size),))
    plan = RangeLayout((source,), (shape,), (part,), partitions=1, names=shape.names)
    return reader, RangeTask(job, plan, part, file.path)


def read_range(path: Path, megabytes: int, out: Path) -> int:
    """A refusal is a fact of the range, and raised by the step that joins all of them."""
    reader, task = range_of(path, megabytes)
    facts = reader.read(task, out).facts
    if facts.refusal:
        raise FileRejectedError(*facts.refusal)
    return facts.rows + facts.damaged


def write_range(path: Path, megabytes: int, out: Path) -> int:
    reader, task = range_of(path, megabytes)
    return sum(chunk.rows for chunk in reader.write(task, ROWS, None, {}, out).chunks)


def find_duplicates(path: Path, megabytes: int, out: Path) -> int:
    """How many rows are none."""
    reader, task = range_of(path, PLENTY_MB)
    [keys] = reader.read(task, out).keys
    small = replace(reader, sessions=replace(reader.sessions, memory_limit_mb=megabytes))
    with small.duplicates(task.job.source.key, out) as finder:
        finder.add({1: keys}, {1: 0})
        _, _, duplicates = finder.write(out)
    return ROWS - duplicates


Reading = Callable[[Path, int, Path], int]
"""Of a file, with so many megabytes of memory, into a folder; how many rows."""

READERS = [
    pytest.param(read_audience, people, id="audience"),
    pytest.param(read_audience, damaged_people, id="audience, record by record"),
    pytest.param(read_audience, people_as_json, id="audience, JSON"),
    pytest.param(read_audience, people_as_parquet, id="audience, Parquet"),
    pytest.param(read_range, people, id="range"),
    pytest.param(read_range, damaged_people, id="range, record by record"),
    pytest.param(write_range, people, id="range, written"),
    pytest.param(read_feed, products, id="feed"),
]


@pytest.mark.parametrize(("read", "body"), [*READERS, pytest.param(find_duplicates, people, id="duplicates")])
def test_a_file_that_takes_more_memory_than_there_is_is_too_large(
    tmp_path: Path, read: Reading, body: Callable[[], bytes]
) -> None:
    path = tmp_path / "dropped"
    path.write_bytes(body())

    with pytest.raises(FileRejectedError, match=r"/p[a-z.]+: .* IngestMemoryMb and IngestTmpMb") as caught:
        read(path, TOO_LITTLE_MB, tmp_path / "out")

    assert caught.value.code == "file_too_large"
    assert not (tmp_path / "out/work").exists()
    assert read(path, PLENTY_MB, tmp_path / "again") >= ROWS


@pytest.fixture(scope="module")
def full_disk() -> Iterator[ProcessPoolExecutor]:
    """A process for which the disk is full as soon as a file that it writes has `FILE_LIMIT` bytes."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _let_files_be_small) as pool:
        yield pool


def _let_files_be_small() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_LIMIT, hard))


def refusal(read: Reading, path: Path, out: Path) -> str:
    try:
        read(path, PLENTY_MB, out)
    except FileRejectedError as error:
        return error.code
    return "none"


@pytest.mark.parametrize(("read", "body"), READERS)
def test_a_file_that_takes_more_disk_than_there_is_is_too_large(
    tmp_path: Path, full_disk: ProcessPoolExecutor, read: Reading, body: Callable[[], bytes]
) -> None:
    path = tmp_path / "dropped"
    path.write_bytes(body())

    assert full_disk.submit(refusal, read, path, tmp_path / "out").result(60) == "file_too_large"


def test_a_disk_without_any_space_left_is_told_from_other_faults_of_a_disk(tmp_path: Path) -> None:
    sessions = Sessions(memory_limit_mb=PLENTY_MB, threads=1, limits=LIMITS)

    with (
        pytest.raises(FileTooLargeError, match=r"email/vip/a\.csv"),
        sessions.open("email/vip/a.csv", tmp_path) as (session, _),
    ):
        session.execute(copy_csv("SELECT * FROM range(1000)", Path("/dev/full")))
    with (
        pytest.raises(duckdb.IOException),
        sessions.open("email/vip/a.csv", tmp_path) as (session, _),
    ):
        session.execute(copy_csv("SELECT * FROM range(1000)", tmp_path / "no such folder" / "file"))


@pytest.mark.parametrize("error", [MemoryError(), OSError(ENOSPC, os.strerror(ENOSPC))])
def test_so_is_what_python_takes_beside_duckdb(tmp_path: Path, error: Exception) -> None:
    sessions = Sessions(memory_limit_mb=PLENTY_MB, threads=1, limits=LIMITS)

    with pytest.raises(FileTooLargeError), sessions.open("email/vip/a.csv", tmp_path):
        raise error


def test_any_other_error_is_left_as_it_is(tmp_path: Path) -> None:
    sessions = Sessions(memory_limit_mb=PLENTY_MB, threads=1, limits=LIMITS)

    with pytest.raises(OSError, match="broken"), sessions.open("email/vip/a.csv", tmp_path):
        raise OSError(EIO, "broken")


@pytest.mark.parametrize("step", ["cut", "read", "join", "write"])
def test_a_run_that_is_read_in_ranges_is_rejected_whichever_step_has_no_room(step: str) -> None:
    ranges = Ranges({"email/vip/people.csv": people(20)}, EMAIL, range_bytes=200)
    full = OSError(ENOSPC, os.strerror(ENOSPC))

    def take(name: str, *rest: Any) -> NextStep | None:
        if name == step:
            store = ranges.store if step == "join" else ranges.drops
            store.script.fail("download", full)
        return ranges.steps.take(name, *rest)

    ranges.take = take
    ranges.run()

    assert ranges.result().refused == "file_too_large"
    assert ranges.manifest.chunks == ()
