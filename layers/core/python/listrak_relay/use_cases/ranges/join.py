"""The step that looks at all ranges together: columns, encoding, row numbers, damage, duplicates."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from listrak_relay.domain.columns.columns import listed
from listrak_relay.domain.reading import damage
from listrak_relay.domain.reading.encodings import EncodingEvidence
from listrak_relay.domain.reading.ranges import (
    MAX_ROUNDS,
    FileShape,
    JoinedRanges,
    Range,
    RangeFacts,
    RangeJob,
    RangePlan,
    all_names,
    join_ranges,
    same_names,
)
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import Part
from listrak_relay.errors import FileRejectedError
from listrak_relay.ports.ranges import RangeReader
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.runs.content_types import CSV, PARQUET
from listrak_relay.use_cases.runs.rejects_file import RejectsFile
from listrak_relay.use_cases.runs.side_by_side import SideBySide

_CONNECTIONS = 8

Facts = Mapping[int, RangeFacts]


def to_read_again(plan: RangePlan, facts: Facts, whole_limit: int) -> tuple[RangePlan, list[Range]]:
    """The plan as all ranges together show it to be, and the ranges that were read by a wrong one.

    ``whole_limit``: bytes of a range at most.

    Raises:
        FileRejectedError: the files cannot be used.
    """
    changed, again = plan, _in_another_encoding(plan, facts)
    if again:
        shapes = {found.file: _shape_by_evidence(plan, facts, found.file) for found in again}
        changed = replace(plan, shapes=tuple(shapes.get(n, shape) for n, shape in enumerate(plan.shapes)))
    else:
        changed = replace(plan, names=plan.names or _names(plan, facts))
        again = [found for found in plan.ranges if _read_by_other_names(changed, facts[found.number])]
    numbers = {found.number for found in again}
    for number, found in facts.items():
        if found.refusal and number not in numbers:
            raise FileRejectedError(*found.refusal)
    if not again:
        joined = join_ranges(plan.ranges, facts)
        again = [found for found in joined if found not in plan.ranges]
        changed = replace(changed, ranges=tuple(joined))
        _check_sizes(changed, again, whole_limit)
    if again and plan.round >= MAX_ROUNDS:
        raise _unclear(plan.shapes[again[0].file].file)
    return replace(changed, round=plan.round + 1) if again else changed, again


def _in_another_encoding(plan: RangePlan, facts: Facts) -> list[Range]:
    wrong = {
        number
        for number, shape in enumerate(plan.shapes)
        if shape.encoding_open and _evidence(plan, facts, number).encoding is not shape.encoding
    }
    return [found for found in plan.ranges if found.file in wrong]


def _evidence(plan: RangePlan, facts: Facts, file: int) -> EncodingEvidence:
    """As much as a look through the file from its start would take."""
    found = EncodingEvidence()
    for part in plan.ranges:
        if part.file == file and not found.conclusive:
            found += facts[part.number].evidence
    return found


def _shape_by_evidence(plan: RangePlan, facts: Facts, file: int) -> FileShape:
    shape, encoding = plan.shapes[file], _evidence(plan, facts, file).encoding
    codec = encoding.codec
    names = (name.encode(shape.codec, "surrogateescape").decode(codec, "surrogateescape") for name in shape.names)
    return replace(shape, encoding=encoding, codec=codec, encoding_open=False, names=tuple(names))


def _names(plan: RangePlan, facts: Facts) -> tuple[str, ...]:
    """The run's columns: of JSON those of all rows, else those of its first file, which the others must have too."""
    if all(found.names_in_rows for found in facts.values()):
        return all_names(facts[found.number] for found in plan.ranges)
    by_file = {
        file: plan.shapes[file].names or _names_of_file([facts[found.number] for found in ranges])
        for file, ranges in groupby(plan.ranges, key=lambda found: found.file)
    }
    for file, names in by_file.items():
        if names and by_file[0] and not same_names(names, by_file[0]):
            raise FileRejectedError(
                "parts_differ",
                f"{plan.shapes[file].file}: the parts of one drop must have the same columns; this one has "
                f"{listed(names)}, and {plan.shapes[0].file} has {listed(by_file[0])}",
            )
    return by_file[0]


def _names_of_file(facts: Sequence[RangeFacts]) -> tuple[str, ...]:
    return all_names(facts) if facts[0].names_in_rows else facts[0].names


def _read_by_other_names(plan: RangePlan, facts: RangeFacts) -> bool:
    """Ranges of JSON may lack a column, or hold no row at all."""
    return bool(plan.names) and facts.columns != plan.names and (bool(facts.columns) or facts.names_in_rows)


def _check_sizes(plan: RangePlan, joined: Sequence[Range], limit: int) -> None:
    for found in joined:
        if sum(span.end - span.first for span in found.spans) > limit:
            raise _unclear(plan.shapes[found.file].file)


def _unclear(file: str) -> FileRejectedError:
    return FileRejectedError(
        "quotes_unreadable",
        f"{file}: quotes are opened and not closed in so many places that rows cannot be told apart; write the file "
        "again with quotes inside values doubled",
    )


@dataclass(frozen=True, slots=True)
class JoinRanges:
    """Of one run, all ranges of which have been read as they should be."""

    store: ObjectStore
    rejects: RejectsFile
    reader: RangeReader

    def join(self, run_id: str, job: RangeJob, plan: RangePlan, facts: Facts) -> JoinedRanges:
        """Raises FileRejectedError: too many rows are damaged; its rejects file lies in the WorkBucket already."""
        offsets = _offsets(plan, facts)
        rows = sum(found.rows + found.damaged for found in facts.values())
        damaged = sum(found.damaged for found in facts.values())
        problem = damage.problem(job.source.key, damaged, rows, job.destination.file.max_damaged_percent)
        if problem:
            self._store_damaged(run_id, plan, facts, offsets)
            raise FileRejectedError(damage.TOO_DAMAGED, problem)
        duplicates = self._find_duplicates(run_id, plan, offsets)
        return JoinedRanges(offsets, rows, damaged, duplicates, tuple(_parts(plan, facts, offsets)))

    def _find_duplicates(self, run_id: str, plan: RangePlan, offsets: Mapping[int, int]) -> int:
        with tempfile.TemporaryDirectory(prefix="join-") as name:
            folder = Path(name)
            with self.reader.duplicates(folder) as finder:
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

    def _fetch_keys(self, run_id: str, plan: RangePlan, partition: int, folder: Path) -> dict[int, Path]:
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

    def _store_damaged(self, run_id: str, plan: RangePlan, facts: Facts, offsets: Mapping[int, int]) -> None:
        damaged = [found.number for found in plan.ranges if facts[found.number].damaged]
        self.rejects.join_ranges(run_id, ((keys.range_damaged_key(run_id, n), offsets[n]) for n in damaged))


def _offsets(plan: RangePlan, facts: Facts) -> dict[int, int]:
    offsets, offset = {}, 0
    for found in plan.ranges:
        offsets[found.number] = offset
        offset += facts[found.number].last
    return offsets


def _parts(plan: RangePlan, facts: Facts, offsets: Mapping[int, int]) -> Iterator[Part]:
    for found in plan.ranges:
        if found.begins_file:
            for part in facts[found.number].parts:
                yield replace(part, offset=part.offset + offsets[found.number])
