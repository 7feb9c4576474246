"""What the steps of a run that is read in ranges leave for each other in the WorkBucket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from listrak_relay.domain.destinations.destinations import FeedDestination
from listrak_relay.domain.reading.range_types import Agreed
from listrak_relay.domain.reading.ranges import JoinedRanges, Range, RangeFacts, RangeLayout, WrittenRange
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.job import AudienceJob, IngestJob
from listrak_relay.domain.values.plain_values import from_json, to_json
from listrak_relay.errors import ConfigurationError
from listrak_relay.ports.storage import DropStore, ObjectStore
from listrak_relay.use_cases.runs.content_types import JSON
from listrak_relay.use_cases.runs.job_store import load_job

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RangeStore:
    """Of one run. Every write is of a whole object and may be repeated."""

    store: ObjectStore
    run_id: str

    def job(self) -> AudienceJob:
        """Raises ConfigurationError: the run was never handed over, or that is long ago (code ``run_unknown``)."""
        try:
            job = load_job(self.store, self.run_id)
        except FileNotFoundError:
            raise unknown_run(self.run_id) from None
        if isinstance(job.destination, FeedDestination):
            raise unknown_run(self.run_id)
        return IngestJob(job.source, job.destination, job.audience, job.parts)

    def plan(self) -> RangeLayout:
        return self._load(RangeLayout, keys.range_layout_key(self.run_id))

    def save_plan(self, plan: RangeLayout) -> None:
        self._save(keys.range_layout_key(self.run_id), plan)

    def facts(self, number: int) -> RangeFacts:
        return self._load(RangeFacts, keys.range_facts_key(self.run_id, number))

    def save_facts(self, facts: RangeFacts) -> None:
        self._save(keys.range_facts_key(self.run_id, facts.number), facts)

    def joined(self) -> JoinedRanges:
        return self._load(JoinedRanges, keys.joined_ranges_key(self.run_id))

    def save_joined(self, joined: JoinedRanges) -> None:
        self._save(keys.joined_ranges_key(self.run_id), joined)

    def written(self, number: int) -> WrittenRange:
        return self._load(WrittenRange, keys.written_range_key(self.run_id, number))

    def save_written(self, written: WrittenRange) -> None:
        self._save(keys.written_range_key(self.run_id, written.number), written)

    def agreed(self) -> dict[str, Agreed]:
        """Empty if nothing had to be agreed on."""
        try:
            return self._load(dict[str, Agreed], keys.agreed_types_key(self.run_id))
        except FileNotFoundError:
            return {}

    def save_agreed(self, agreed: Mapping[str, Agreed]) -> None:
        self._save(keys.agreed_types_key(self.run_id), agreed)

    def save_todo(self, step: str, times: int, ranges: Sequence[Range]) -> str:
        """Gives the key of the list."""
        key = keys.range_todo_key(self.run_id, step, times)
        self._save(key, [found.number for found in ranges])
        return key

    def _load(self, kind: type[T], key: str) -> T:
        with self.store.open(key) as body:
            return from_json(kind, body.read())

    def _save(self, key: str, value: object) -> None:
        self.store.put(key, to_json(value), JSON)


def unknown_run(run_id: str) -> ConfigurationError:
    return ConfigurationError(
        "run_unknown", f"run {run_id} is not one to be read in ranges, or its files in the WorkBucket have expired"
    )


def fetch(store: ObjectStore, drops: DropStore, plan: RangeLayout, wanted: Range, path: Path) -> None:
    """Write the bytes of a range to ``path``.

    Raises:
        FileRejectedError: the dropped version is gone.
    """
    dropped = plan.dropped[wanted.file]
    for place, span in enumerate(wanted.spans):
        target = path if place == 0 else path.with_name(f"{path.name}-next")
        if span.key:
            store.download(span.key, target)
        else:
            drops.download(dropped, target, span.first, span.end)
        if place:
            _append(path, target)


def _append(path: Path, more: Path) -> None:
    with path.open("ab") as out, more.open("rb") as stream:
        while block := stream.read(1 << 20):
            out.write(block)
    more.unlink()
