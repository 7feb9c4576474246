"""Reading a file in ranges, beside reading it whole: seconds, processor time and memory, and the same counts.

Each step has a process of its own, as it has a function of its own. S3 is a folder here, so that what is measured is
the reading.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from rich.console import Console
from rich.table import Table

from bench.ingest.defaults import default_audience_reader, default_range_reader
from bench.ingest.files import make_csv
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.destinations.destinations import Destination, EmailDestination
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.job import IngestJob
from listrak_relay.domain.run.manifest import RunManifest
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.domain.values.plain_values import from_json
from listrak_relay.file_slices import FileSlice
from listrak_relay.ports.reading import LocalFile
from listrak_relay.settings.reading import RangeSettings
from listrak_relay.use_cases.ingest_ranges import IngestRanges, Next, NextStep
from listrak_relay.use_cases.runs.job_store import save_job
from listrak_relay.wiring.assembly.ingest_ranges import IngestRangesPorts, range_ingest
from tests.support.fakes import (
    FakeClock,
    FakeDropStore,
    FakeLedger,
    FakeObjectStore,
    FakeQueue,
)
from tests.support.fakes.environment import ENVIRONMENT
from tests.support.fakes.run_ports import fake_run_ports

ROWS = 4_000_000
RANGE_BYTES = 100_000_000
EMAIL = EmailDestination("email")
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Cost:
    """``cpu``: seconds of all cores. ``peak_mb``: most resident memory of the process."""

    seconds: float
    cpu: float
    peak_mb: float


class Folder(FakeObjectStore):
    """Objects as files of a folder."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._root = root

    def open(self, key: str, first: int = 0) -> BinaryIO:
        stream = self._path(key).open("rb")
        stream.seek(first)
        return stream

    def put(self, key: str, body: bytes, content_type: str) -> None:  # noqa: ARG002 - the port's
        self._path(key).write_bytes(body)

    def put_file(self, key: str, path: Path, content_type: str) -> None:  # noqa: ARG002 - the port's
        shutil.copyfile(path, self._path(key))

    def put_slice(self, key: str, part: FileSlice, content_type: str) -> None:  # noqa: ARG002 - the port's
        with part.open() as stream, self._path(key).open("wb") as out:
            shutil.copyfileobj(stream, out, _BLOCK)

    @contextmanager
    def writing(self, key: str, content_type: str) -> Iterator[BinaryIO]:  # noqa: ARG002 - the port's
        with self._path(key).open("wb") as out:
            yield out

    def download(self, key: str, path: Path) -> None:
        shutil.copyfile(self._path(key), path)

    def _path(self, key: str) -> Path:
        return self._root / key.replace("/", "!")


class OneFile(FakeDropStore):
    """One dropped file, on the disk."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def open(self, source: DroppedFile, first: int = 0, end: int | None = None) -> BinaryIO:
        return FileSlice(self._path, first, source.size if end is None else end).open()

    def download(self, source: DroppedFile, path: Path, first: int = 0, end: int | None = None) -> None:
        with self.open(source, first, end) as stream, path.open("wb") as out:
            shutil.copyfileobj(stream, out, _BLOCK)


class Run:
    """One dropped file, read by steps in processes of their own; what they leave lies in ``folder``."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.source = DroppedFile("drop", "email/bench/people.csv", "1", path.stat().st_size, "2026-01-31T00:00:00Z")
        self.path, self.folder = path, folder

    def steps(self) -> IngestRanges:
        store, drops, ledger, queue = Folder(self.folder), OneFile(self.path), FakeLedger(FakeClock()), FakeQueue()
        ledger.open_run(self.source, EMAIL.name, "bench", "owner", 900)
        save_job(store, IngestJob(self.source, EMAIL, "bench", (self.source,)))
        env = ENVIRONMENT | {"RANGE_MB": str(RANGE_BYTES / 1_000_000)}
        ports = IngestRangesPorts(
            run=fake_run_ports(ledger=ledger, store=store, close_queue=queue),
            drops=drops,
            reader=default_range_reader(),
            chunk_queues={Channel.EMAIL: queue, Channel.SMS: queue},
        )
        return range_ingest(ports, RangeSettings.from_env(env))

    def take(self, step: str, number: int) -> NextStep | None:
        return self.steps().take(step, self.source.run_id, number, lambda: 900.0)

    def read_whole(self) -> tuple[int, int, int, int]:
        """Rows read, rejected, duplicates, rows in chunks."""
        reader = default_audience_reader()
        files = [LocalFile(self.source.key, self.path)]
        found = reader.read(files, self.source, EMAIL, "bench", self.folder / "whole")
        return found.rows_read, found.rejected, found.duplicates_dropped, sum(chunk.rows for chunk in found.chunks)

    def counts(self) -> tuple[int, int, int, int]:
        body = (self.folder / keys.manifest_key(self.source.run_id).replace("/", "!")).read_bytes()
        manifest = from_json(RunManifest[Destination], body)
        rows = sum(chunk.rows for chunk in manifest.chunks)
        return manifest.rows_read, manifest.rejected, manifest.duplicates, rows


def in_a_process(work: Callable[[], Any]) -> tuple[Any, Cost]:
    processes = multiprocessing.get_context("fork")
    here, there = processes.Pipe(duplex=False)
    child = processes.Process(target=_child, args=(work, there))
    child.start()
    there.close()
    result: tuple[Any, Cost] = here.recv()
    child.join()
    return result


def _child(work: Callable[[], Any], result: Connection) -> None:
    began = time.perf_counter()
    answer = work()
    used = resource.getrusage(resource.RUSAGE_SELF)
    cost = Cost(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1_000)
    result.send((answer, cost))
    os._exit(0)


def read_in_ranges(run: Run) -> dict[str, list[Cost]]:
    """By step."""
    costs: dict[str, list[Cost]] = {}
    step = "cut"
    while True:
        found, cost = in_a_process(partial(run.take, step, 0))
        costs.setdefault(step, []).append(cost)
        if found.next is Next.END:
            return costs
        for number in json.load(Folder(run.folder).open(found.todo)):
            _, cost = in_a_process(partial(run.take, found.next.value, number))
            costs.setdefault(found.next.value, []).append(cost)
        step = "join" if found.next is Next.READ else "finish"


def run(rows: int = ROWS) -> int:
    """Exit status 1: the counts differ."""
    console = Console()
    table = Table(title=f"Reading {rows:,} rows in ranges of {RANGE_BYTES / 1e6:g} MB, and whole")
    for heading in ("", "times", "seconds each", "seconds in all", "processor seconds", "peak MB"):
        table.add_column(heading, justify="left" if not heading else "right")
    with TemporaryDirectory(prefix="listrak-relay-bench-") as name:
        folder = Path(name)
        make_csv(folder / "people.csv", rows)
        work = Run(folder / "people.csv", folder)
        costs = read_in_ranges(work)
        whole, cost = in_a_process(work.read_whole)
        for step, each in {**costs, "whole": [cost]}.items():
            seconds = [one.seconds for one in each]
            table.add_row(
                step,
                str(len(each)),
                f"{max(seconds):.2f}",
                f"{sum(seconds):.2f}",
                f"{sum(one.cpu for one in each):.2f}",
                f"{max(one.peak_mb for one in each):,.0f}",
            )
        console.print(table)
        found = work.counts()
    console.print(f"rows read, rejected, duplicates, delivered: in ranges {found}, whole {whole}")
    return 0 if found == whole else 1
