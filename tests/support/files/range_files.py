"""Reads one file whole and in ranges, for the tests, and gives both results in one form."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from listrak_relay.adapters.duckdb.audience_reader import DuckDbAudienceReader
from listrak_relay.adapters.duckdb.range_reader import DuckDbRangeReader
from listrak_relay.adapters.duckdb.sessions import Sessions
from listrak_relay.adapters.duckdb.writing.chunk_files import ChunkSizes
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.destinations.destinations import AudienceDestination, Destination
from listrak_relay.domain.reading.ranges import RangeLayout
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.job import IngestJob
from listrak_relay.domain.run.manifest import Part, ProfileColumn, RunManifest
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.domain.values.plain_values import from_json
from listrak_relay.errors import ConfigurationError, FileRejectedError
from listrak_relay.ports.reading import LocalFile
from listrak_relay.ports.time import TimeLeft
from listrak_relay.settings.reading import RangeSettings
from listrak_relay.use_cases.ingest_ranges import Next, NextStep
from listrak_relay.use_cases.ranges.store import RangeStore
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
from tests.support.files.audience_files import EMAIL, LIMITS
from tests.support.files.slices import content_of

READER = (
    Sessions(memory_limit_mb=256, threads=1, limits=LIMITS),
    ChunkSizes(max_bytes=1_000_000, one_by_one_rows=1_000, sms_rows=5_000),
)
WHOLE_LIMIT = 50_000_000


@dataclass(frozen=True, slots=True)
class Result:
    """``rows``: by row number, action and cells of what is delivered. ``refused``: code, if the file was."""

    rows: dict[int, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    rejects: list[list[str]] = field(default_factory=list)
    duplicates: list[list[str]] = field(default_factory=list)
    columns: tuple[ProfileColumn, ...] = ()
    reasons: dict[str, int] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    rows_read: int = 0
    refused: str | None = None


Take = Callable[[str, str, int, TimeLeft], NextStep | None]


def _plenty() -> float:
    return 900.0


class Ranges:
    """A run that is read in ranges, over stores in memory. ``files``: drop key → content; the last one is the run's."""

    def __init__(
        self,
        files: Mapping[str, bytes],
        destination: AudienceDestination,
        *,
        range_bytes: int,
        head_bytes: int = 16_000_000,
    ) -> None:
        self.store, self.drops, self.ledger = FakeObjectStore(), FakeDropStore(), FakeLedger(FakeClock())
        self.queue, self.close_queue = FakeQueue(), FakeQueue()
        dropped = tuple(self.drops.drop(key, body) for key, body in files.items())
        self.source: DroppedFile = dropped[-1]
        self.run_id = self.source.run_id
        self.ledger.open_run(self.source, destination.name, "vip", "owner", 900)
        save_job(self.store, IngestJob(self.source, destination, "vip", dropped))
        settings = RangeSettings.from_env(ENVIRONMENT)
        settings = replace(
            settings, range_bytes=range_bytes, reading=replace(settings.reading, unpacked_limit_bytes=WHOLE_LIMIT)
        )
        ports = IngestRangesPorts(
            run=fake_run_ports(
                ledger=self.ledger, store=self.store, clock=self.ledger.clock, close_queue=self.close_queue
            ),
            drops=self.drops,
            reader=DuckDbRangeReader(*READER),
            chunk_queues={Channel.EMAIL: self.queue, Channel.SMS: self.queue},
        )
        steps = range_ingest(ports, settings)
        self.steps = replace(steps, cutting=replace(steps.cutting, head_bytes=head_bytes))
        self.take: Take = self.steps.take
        self.taken: list[tuple[str, int]] = []

    def run(self) -> None:
        """As the state machine does. ``taken``: each step, and of how many ranges. ``take``: takes one."""
        step, number = "cut", 0
        while True:
            found = self.take(step, self.run_id, number, _plenty)
            self.taken.append((step, 1))
            assert found is not None
            if found.next is Next.END:
                return
            todo: list[int] = json.loads(self.store.objects[found.todo])
            for number in todo:
                assert self.take(found.next.value, self.run_id, number, _plenty) is None
            self.taken.append((found.next.value, len(todo)))
            step = "join" if found.next is Next.READ else "finish"

    @property
    def plan(self) -> RangeLayout:
        return RangeStore(self.store, self.run_id).plan()

    @property
    def manifest(self) -> RunManifest[Destination]:
        return from_json(RunManifest[Destination], self.store.objects[keys.manifest_key(self.run_id)])

    def result(self) -> Result:
        manifest, run = self.manifest, self.ledger.get_run(self.run_id)
        rejects = self._table(keys.rejects_section_key(self.run_id, "ingest"))
        if run.problem_code:
            return Result(rejects=rejects, refused=run.problem_code)
        rows: dict[int, tuple[str, tuple[str, ...]]] = {}
        for chunk in manifest.chunks:
            numbers = [int(number) for number in self.store.objects[chunk.rows_key].split()]
            cells = self._table(chunk.key, header=False)
            assert len(numbers) == len(cells) == chunk.rows
            rows |= {n: (chunk.action.value, tuple(c)) for n, c in zip(numbers, cells, strict=True)}
        assert len({chunk.chunk_id for chunk in manifest.chunks}) == len(manifest.chunks)
        return Result(
            rows,
            rejects,
            self._table(keys.duplicates_key(self.run_id)),
            manifest.columns,
            manifest.reasons,
            manifest.parts,
            manifest.rows_read,
        )

    def _table(self, key: str, *, header: bool = True) -> list[list[str]]:
        body = self.store.objects.get(key, b"")
        return list(csv.reader(io.StringIO(body.decode(), newline="")))[1 if header else 0 :]


def read_in_ranges(
    files: bytes | Mapping[str, bytes],
    range_bytes: int,
    destination: AudienceDestination = EMAIL,
    *,
    head_bytes: int = 16_000_000,
) -> tuple[Result, Ranges]:
    ranges = Ranges(_named(files), destination, range_bytes=range_bytes, head_bytes=head_bytes)
    ranges.run()
    return ranges.result(), ranges


def read_whole(files: bytes | Mapping[str, bytes], destination: AudienceDestination = EMAIL) -> Result:
    with TemporaryDirectory() as name:
        folder, local = Path(name), []
        for place, (key, body) in enumerate(_named(files).items()):
            (folder / f"{place}").write_bytes(body)
            local.append(LocalFile(key, folder / f"{place}"))
        source = DroppedFile("drop", local[-1].name, "v1", 0, "2026-01-31T00:00:00Z")
        try:
            found = DuckDbAudienceReader(*READER).read(local, source, destination, "vip", folder / "out")
        except FileRejectedError as error:
            return Result(rejects=_lines(error.rejects), refused=error.code)
        except ConfigurationError as error:
            return Result(refused=error.code)
        rows: dict[int, tuple[str, tuple[str, ...]]] = {}
        for chunk in found.chunks:
            numbers = map(int, content_of(chunk.row_numbers).split())
            cells = _read(content_of(chunk.content))
            rows |= {n: (chunk.action.value, tuple(c)) for n, c in zip(numbers, cells, strict=True)}
        return Result(
            rows,
            _lines(found.rejects),
            _lines(found.duplicates),
            found.columns,
            found.reasons,
            found.parts,
            found.rows_read,
        )


def _named(files: bytes | Mapping[str, bytes]) -> Mapping[str, bytes]:
    return {"email/vip/people.csv": files} if isinstance(files, bytes) else files


def _lines(path: Path | None) -> list[list[str]]:
    return [] if path is None else list(_read(path.read_bytes()))[1:]


def _read(content: bytes) -> Iterator[list[str]]:
    yield from csv.reader(io.StringIO(content.decode(), newline=""))
