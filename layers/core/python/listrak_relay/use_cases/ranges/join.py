"""The step that looks at all ranges together: row numbers, damage, duplicates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path

from listrak_relay.domain.consent.deciding import agreed_consent
from listrak_relay.domain.consent.suspicion import Doubtful
from listrak_relay.domain.reading import damage
from listrak_relay.domain.reading.ranges import JoinedRanges, RangeLayout
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.job import AudienceJob
from listrak_relay.domain.run.manifest import Part
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.errors import FileRejectedError
from listrak_relay.ports.ranges import RangeReader
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.scratch import scratch_folder
from listrak_relay.use_cases.ranges.reading_again import Facts
from listrak_relay.use_cases.runs.content_types import CSV, PARQUET
from listrak_relay.use_cases.runs.rejects_file import RejectsFile
from listrak_relay.use_cases.runs.side_by_side import SideBySide

_CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class JoinRanges:
    """Of one run, all ranges of which have been read as they should be."""

    store: ObjectStore
    rejects: RejectsFile
    reader: RangeReader

    def join(self, run_id: str, job: AudienceJob, plan: RangeLayout, facts: Facts) -> JoinedRanges:
        """Raises FileRejectedError: too many rows are damaged (its rejects file lies in the WorkBucket already), or it
        is not known whether a column tells consent."""
        offsets = _offsets(plan, facts)
        rows = sum(found.rows + found.damaged for found in facts.values())
        damaged = sum(found.damaged for found in facts.values())
        problem = damage.problem(job.source.key, damaged, rows, job.destination.file.max_damaged_percent)
        if problem:
            self._store_damaged(run_id, plan, facts, offsets)
            raise FileRejectedError(damage.TOO_DAMAGED, problem)
        doubtful = reduce(Doubtful.joined, (found.doubtful for found in facts.values()))
        consent = agreed_consent(doubtful, job.destination, job.source.key)
        duplicates = self._find_duplicates(job.source, plan, offsets)
        return JoinedRanges(offsets, rows, damaged, duplicates, tuple(_parts(plan, facts, offsets)), consent)

    def _find_duplicates(self, source: DroppedFile, plan: RangeLayout, offsets: Mapping[int, int]) -> int:
        run_id = source.run_id
        with scratch_folder() as folder:
            with self.reader.duplicates(source.key, folder) as finder:
                for partition in range(plan.partitions):
                    files = self._fetch_keys(run_id, plan, partition, folder)
                    finder.add(files, offsets)
                    for path in files.values():
                        path.unlink()
                pairs, dropped, count = finder.write(folder)
            if pairs:
                self.store.put_file(keys.duplicates_key(run_id), pairs, CSV)
            for number, path in dropped.items():
                self.store.put_file(keys.range_dropped_key(run_id, number), path, PARQUET)
            return count

    def _fetch_keys(self, run_id: str, plan: RangeLayout, partition: int, folder: Path) -> dict[int, Path]:
        files: dict[int, Path] = {}

        def fetch(number: int) -> Path:
            path = folder / f"keys-{number:05d}"
            self.store.download(keys.range_keys_key(run_id, number, partition), path)
            return path

        # The files are small and many.
        SideBySide[int, Path](_CONNECTIONS, lambda: True).run(
            (found.number for found in plan.ranges), fetch, files.__setitem__
        )
        return files

    def _store_damaged(self, run_id: str, plan: RangeLayout, facts: Facts, offsets: Mapping[int, int]) -> None:
        damaged = [found.number for found in plan.ranges if facts[found.number].damaged]
        self.rejects.join_ranges(run_id, ((keys.range_damaged_key(run_id, n), offsets[n]) for n in damaged))


def _offsets(plan: RangeLayout, facts: Facts) -> dict[int, int]:
    offsets, offset = {}, 0
    for found in plan.ranges:
        offsets[found.number] = offset
        offset += facts[found.number].last
    return offsets


def _parts(plan: RangeLayout, facts: Facts, offsets: Mapping[int, int]) -> Iterator[Part]:
    for found in plan.ranges:
        if found.begins_file:
            for part in facts[found.number].parts:
                yield replace(part, offset=part.offset + offsets[found.number])
