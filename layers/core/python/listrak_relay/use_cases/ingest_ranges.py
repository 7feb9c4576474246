"""A run that is read in ranges, step by step; the state machine takes the steps and is told here which comes next.

Each step is deterministic and writes whole objects, so that any of them may be repeated.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from listrak_relay.domain.reading.no_room import refusing_without_room
from listrak_relay.domain.reading.range_types import agreed_types, written_otherwise
from listrak_relay.domain.reading.ranges import RangeFacts, WrittenRange
from listrak_relay.domain.report.words import reason_words
from listrak_relay.domain.run import rejected_share
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.job import AudienceJob
from listrak_relay.domain.run.runs import NEVER_READ
from listrak_relay.errors import ConfigurationError, FileRejectedError
from listrak_relay.messages import CloseRun
from listrak_relay.ports.messaging import MessageQueue
from listrak_relay.ports.ranges import RangeReader, RangeTask
from listrak_relay.ports.storage import DropStore, ObjectStore
from listrak_relay.ports.time import TimeLeft
from listrak_relay.scratch import scratch_folder
from listrak_relay.use_cases.ingest.recording import Recording
from listrak_relay.use_cases.ranges.cut import CutRanges
from listrak_relay.use_cases.ranges.join import JoinRanges
from listrak_relay.use_cases.ranges.reading_again import to_read_again
from listrak_relay.use_cases.ranges.store import RangeStore, fetch, unknown_run
from listrak_relay.use_cases.ranges.written import check_written, manifest_of
from listrak_relay.use_cases.runs.content_types import CSV, PARQUET
from listrak_relay.use_cases.runs.rejects_file import RejectsFile


class Next(StrEnum):
    """READ or WRITE the ranges of a list. END: the run is on record and on its way, or was rejected."""

    READ = "read"
    WRITE = "write"
    END = "end"


@dataclass(frozen=True, slots=True)
class NextStep:
    """``todo``: key of the list of range numbers in the WorkBucket, empty at the end."""

    next: Next
    todo: str = ""


END = NextStep(Next.END)


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestRanges:
    """``whole_limit``: see `CutRanges`."""

    drops: DropStore
    store: ObjectStore
    rejects: RejectsFile
    reader: RangeReader
    cutting: CutRanges
    joining: JoinRanges
    recording: Recording
    close_queue: MessageQueue
    whole_limit: int

    def take(self, step: str, run_id: str, number: int, time_left: TimeLeft) -> NextStep | None:
        """The step of this name; ``number``: of a range, for the steps that are about one.

        Raises:
            ConfigurationError: there is no such step, or no such run.
        """
        match step:
            case "cut":
                return self.cut(run_id, time_left)
            case "read":
                self.read(run_id, number)
            case "join":
                return self.join(run_id)
            case "write":
                self.write(run_id, number)
            case "finish":
                return self.finish(run_id)
            case "give_up":
                self.give_up(run_id)
            case unknown:
                raise ConfigurationError("step_unknown", f"the state machine asks for a step {unknown!r}")
        return None

    def cut(self, run_id: str, time_left: TimeLeft) -> NextStep:
        kept = RangeStore(self.store, run_id)
        job = kept.job()
        try:
            with refusing_without_room(job.source.key):
                plan = self.cutting.cut(job, time_left)
        except (FileRejectedError, ConfigurationError) as error:
            return self._reject(job, error)
        kept.save_plan(plan)
        return NextStep(Next.READ, kept.save_todo("read", plan.round, plan.ranges))

    def read(self, run_id: str, number: int) -> None:
        kept = RangeStore(self.store, run_id)
        job, plan = kept.job(), kept.plan()
        with scratch_folder() as folder:
            path, out = folder / "range", folder / "out"
            out.mkdir()
            try:
                with refusing_without_room(job.source.key):
                    fetch(self.store, self.drops, plan, plan.find(number), path)
            except FileRejectedError as error:
                kept.save_facts(RangeFacts(number, refusal=(error.code, str(error))))
                return
            found = self.reader.read(RangeTask(job, plan, plan.find(number), path), out)
            for partition, keys_path in enumerate(found.keys):
                self.store.put_file(keys.range_keys_key(run_id, number, partition), keys_path, PARQUET)
            if found.damaged:
                self.store.put_file(keys.range_damaged_key(run_id, number), found.damaged, CSV)
        kept.save_facts(found.facts)

    def join(self, run_id: str) -> NextStep:
        kept = RangeStore(self.store, run_id)
        job, plan = kept.job(), kept.plan()
        facts = {found.number: kept.facts(found.number) for found in plan.ranges}
        try:
            plan, again = to_read_again(plan, facts, self.whole_limit)
            kept.save_plan(plan)
            if again:
                return NextStep(Next.READ, kept.save_todo("read", plan.round, again))
            with refusing_without_room(job.source.key):
                kept.save_joined(self.joining.join(run_id, job, plan, facts))
        except FileRejectedError as error:
            return self._reject(job, error)
        return NextStep(Next.WRITE, kept.save_todo("write", 1, plan.ranges))

    def write(self, run_id: str, number: int) -> None:
        kept = RangeStore(self.store, run_id)
        job, plan, joined = kept.job(), kept.plan(), kept.joined()
        with scratch_folder() as folder:
            path, out = folder / "range", folder / "out"
            out.mkdir()
            try:
                wanted = plan.find(number)
                with refusing_without_room(job.source.key):
                    fetch(self.store, self.drops, plan, wanted, path)
                task = RangeTask(job, plan, wanted, path, joined.offsets[number], joined.consent)
                keyed = kept.facts(number).keyed
                result = self.reader.write(task, keyed, self._dropped(run_id, number, folder), kept.agreed(), out)
            except (FileRejectedError, ConfigurationError) as error:
                kept.save_written(WrittenRange(number, (), (), (), (), 0, refusal=(error.code, str(error))))
                return
            chunks = self.recording.store_chunks(run_id, result.chunks)
            if result.rejects:
                self.store.put_file(keys.range_rejects_key(run_id, number), result.rejects, CSV)
        kept.save_written(replace(result.written, chunks=chunks))

    def finish(self, run_id: str) -> NextStep:
        kept = RangeStore(self.store, run_id)
        job, plan, joined = kept.job(), kept.plan(), kept.joined()
        written = [kept.written(found.number) for found in plan.ranges]
        try:
            check_written(written, joined, job.source.key)
        except FileRejectedError as error:
            return self._reject(job, error)
        agreed = agreed_types(written)
        again = [] if kept.agreed() else written_otherwise(written, agreed)
        if again:
            kept.save_agreed(agreed)
            return NextStep(Next.WRITE, kept.save_todo("write", 2, [plan.find(number) for number in again]))
        # Their row numbers are those of the run already.
        with_rejects = [found.number for found in written if found.rejected]
        self.rejects.join_ranges(run_id, ((keys.range_rejects_key(run_id, number), 0) for number in with_rejects))
        manifest = manifest_of(job, plan, joined, written, agreed)
        max_percent = job.destination.max_rejected_percent
        problem = rejected_share.problem(
            job.source.key, manifest.rejected, manifest.rows_read, manifest.reasons, max_percent, reason_words
        )
        if problem and manifest.chunks:
            return self._reject(job, FileRejectedError(rejected_share.TOO_MANY_REJECTED, problem))
        self.recording.record(manifest)
        self.recording.dispatching.dispatch(run_id)
        return END

    def give_up(self, run_id: str) -> None:
        """A step failed each time it was tried. Raises ConfigurationError: the ledger has no such run."""
        try:
            self.recording.ledger.note_problem(
                run_id,
                NEVER_READ,
                "Reading the file in ranges failed each time; see the log of ingest_ranges, then drop the file again.",
            )
        except KeyError:
            raise unknown_run(run_id) from None
        self.close_queue.send([CloseRun(run_id, given_up=True)])

    def _dropped(self, run_id: str, number: int, folder: Path) -> Path | None:
        path = folder / "dropped.parquet"
        try:
            self.store.download(keys.range_dropped_key(run_id, number), path)
        except FileNotFoundError:
            return None
        return path

    def _reject(self, job: AudienceJob, error: FileRejectedError | ConfigurationError) -> NextStep:
        self.recording.reject(job.source, job.destination.name, job.audience, error)
        return END
