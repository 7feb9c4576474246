"""An in-memory run ledger."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from listrak_relay.domain.delivery.plans import RunPlan
from listrak_relay.domain.destinations.destinations import Destination
from listrak_relay.domain.run.manifest import RunManifest
from listrak_relay.domain.run.runs import (
    NEVER_READ,
    ChunkOutcome,
    ChunkRecord,
    ChunkState,
    DroppedFile,
    Run,
    RunStatus,
    Tally,
)
from listrak_relay.domain.values.plain_values import from_json, to_json
from listrak_relay.errors import RetryableError
from listrak_relay.ports.ledger import Opening, P
from tests.support.fakes.clock import FakeClock
from tests.support.fakes.script import Script


class FakeLedger:
    """`ports.ledger.RunLedger`. ``script`` makes calls fail."""

    def __init__(self, clock: FakeClock | None = None) -> None:
        self.clock = clock or FakeClock()
        self.script = Script()
        self._runs: dict[str, Run] = {}
        self._leases: dict[str, tuple[str, float]] = {}
        self._locks: dict[str, tuple[str, float]] = {}
        self._chunks: dict[tuple[str, str], ChunkRecord] = {}
        self._counted: set[tuple[str, str]] = set()
        self._plans: dict[str, bytes] = {}

    @property
    def size(self) -> int:
        """Items: of runs, chunks, plans and locks."""
        return len(self._runs) + len(self._chunks) + len(self._plans) + len(self._locks)

    def open_run(
        self, source: DroppedFile, destination: str, audience: str, owner: str, lease_seconds: float
    ) -> Opening:
        with self.script.step("open_run"):
            now, run_id = self.clock.now(), source.run_id
            run = self._runs.get(run_id)
            if run is None:
                self._runs[run_id] = Run(run_id, RunStatus.INGESTING, destination, audience, source, opened_at=now)
                opening = Opening.OPENED
            elif run.status is RunStatus.FAILED and run.problem_code == NEVER_READ and run.rows_read is None:
                again = Run(run_id, RunStatus.INGESTING, run.destination, run.audience, run.source, opened_at=now)
                self._runs[run_id] = again
                opening = Opening.REOPENED
            elif run.closed_at is not None or run.dispatched or not self._may_take(run_id, owner, now):
                return Opening.DUPLICATE
            else:
                opening = Opening.RESUMED if run.rows_read is None else Opening.REDISPATCH
            self._leases[run_id] = (owner, now + lease_seconds)
            return opening

    def record_ingest(self, manifest: RunManifest[Destination], status: RunStatus = RunStatus.DELIVERING) -> None:
        with self.script.step("record_ingest"):
            run = self._runs[manifest.run_id]
            if run.rows_read is not None:
                return
            for chunk in manifest.chunks:
                self._chunks[run.run_id, chunk.chunk_id] = ChunkRecord(
                    run.run_id, chunk.chunk_id, chunk.rows, ChunkState.PLANNED
                )
            self._runs[run.run_id] = replace(
                run,
                status=status,
                rows_read=manifest.rows_read,
                read_at=self.clock.now(),
                chunks=len(manifest.chunks),
                tally=Tally(rejected=manifest.rejected, duplicates=manifest.duplicates),
            )

    def mark_dispatched(self, run_id: str) -> None:
        with self.script.step("mark_dispatched"):
            self._runs[run_id] = replace(self._runs[run_id], dispatched=True)

    def get_run(self, run_id: str) -> Run:
        with self.script.step("get_run"):
            return self._runs[run_id]

    def chunks(self, run_id: str) -> list[ChunkRecord]:
        with self.script.step("chunks"):
            return [record for (run, _), record in sorted(self._chunks.items()) if run == run_id]

    def get_chunk(self, run_id: str, chunk_id: str) -> ChunkRecord:
        with self.script.step("get_chunk"):
            return self._chunks[run_id, chunk_id]

    def begin_attempt(self, run_id: str, chunk_id: str, now: float, seen: float | None) -> bool:
        with self.script.step("begin_attempt"):
            chunk = self._chunks[run_id, chunk_id]
            if chunk.state in {ChunkState.SUBMITTED, ChunkState.SETTLED} or chunk.attempted_at != seen:
                return False
            self._chunks[run_id, chunk_id] = replace(
                chunk, state=ChunkState.SENDING, attempted_at=now, attempts=chunk.attempts + 1
            )
            return True

    def mark_redriven(self, run_id: str, chunk_id: str) -> None:
        with self.script.step("mark_redriven"):
            chunk = self._chunks[run_id, chunk_id]
            if chunk.state is ChunkState.DEAD_LETTERED:
                self._chunks[run_id, chunk_id] = replace(chunk, redriven=True, attempts=0)

    def mark_parked(self, run_id: str, chunk_id: str) -> None:
        with self.script.step("mark_parked"):
            self._chunks[run_id, chunk_id] = replace(self._chunks[run_id, chunk_id], adrift=False, redriven=False)

    def abandon_attempt(self, run_id: str, chunk_id: str) -> None:
        with self.script.step("abandon_attempt"):
            chunk = self._chunks[run_id, chunk_id]
            if chunk.state is ChunkState.SENDING:
                self._chunks[run_id, chunk_id] = replace(chunk, state=ChunkState.PLANNED, attempted_at=None)

    def record_submission(self, run_id: str, chunk_id: str, import_id: int) -> None:
        with self.script.step("record_submission"):
            chunk = self._chunks[run_id, chunk_id]
            if chunk.state is ChunkState.SENDING:
                self._chunks[run_id, chunk_id] = replace(chunk, state=ChunkState.SUBMITTED, import_id=import_id)
            elif chunk.import_id != import_id:
                raise RetryableError(f"chunk {chunk_id} of run {run_id} is {chunk.state}, not SENDING")

    def settle(self, run_id: str, chunk_id: str, outcome: ChunkOutcome) -> Run:
        with self.script.step("settle"):
            run, chunk, key = self._runs[run_id], self._chunks[run_id, chunk_id], (run_id, chunk_id)
            if chunk.state is ChunkState.SETTLED or (chunk.state is ChunkState.DEAD_LETTERED and outcome.dead):
                return run
            before = chunk.tally if key in self._counted else Tally()
            state = ChunkState.DEAD_LETTERED if outcome.dead else ChunkState.SETTLED
            self._chunks[key] = replace(
                chunk,
                state=state,
                tally=outcome.tally,
                reasons=dict(outcome.reasons),
                done=dict(outcome.done),
                removals=dict(outcome.removals),
                adrift=outcome.adrift,
                redriven=False,
                settled_at=self.clock.now(),
            )
            self._runs[run_id] = replace(
                run,
                tally=run.tally - before + outcome.tally,
                settled=run.settled + (key not in self._counted),
                status=RunStatus.DELIVERING,
                closed_at=None,
            )
            self._counted.add(key)
            return self._runs[run_id]

    def get_plan(self, run_id: str, kind: type[P]) -> P | None:
        with self.script.step("get_plan"):
            plan = self._plans.get(run_id)
            return None if plan is None else from_json(kind, plan)

    def put_plan(self, run_id: str, plan: RunPlan) -> None:
        with self.script.step("put_plan"):
            self._plans[run_id] = to_json(plan)

    def put_plan_under(self, lock: str, owner: str, run_id: str, plan: RunPlan) -> bool:
        with self.script.step("put_plan"):
            if self._locks.get(lock, ("", 0.0))[0] != owner:
                return False
            self._plans[run_id] = to_json(plan)
            return True

    def acquire_lock(self, name: str, owner: str, seconds: float) -> bool:
        with self.script.step("acquire_lock"):
            now = self.clock.now()
            holder, until = self._locks.get(name, (owner, now))
            if holder != owner and until > now:
                return False
            self._locks[name] = (owner, now + seconds)
            return True

    def prolong_lock(self, name: str, owner: str, seconds: float) -> bool:
        with self.script.step("prolong_lock"):
            if self._locks.get(name, ("", 0.0))[0] != owner:
                return False
            self._locks[name] = (owner, self.clock.now() + seconds)
            return True

    def release_lock(self, name: str, owner: str) -> None:
        with self.script.step("release_lock"):
            if self._locks.get(name, ("", 0.0))[0] == owner:
                del self._locks[name]

    def note_problem(self, run_id: str, code: str, problem: str) -> None:
        with self.script.step("note_problem"):
            run = self._runs[run_id]
            if run.problem_code is None:
                self._runs[run_id] = replace(run, problem_code=code, problem=problem)

    def note_trouble(self, run_id: str, why: str, now: float) -> None:
        with self.script.step("note_trouble"):
            run = self._runs[run_id]
            if run.closed_at is None:
                self._runs[run_id] = replace(run, trouble=why, trouble_at=now)

    def note_waiting(self, run_id: str, why: str) -> None:
        with self.script.step("note_waiting"):
            run = self._runs[run_id]
            if run.status in {RunStatus.DELIVERING, RunStatus.WAITING}:
                self._runs[run_id] = replace(run, status=RunStatus.WAITING, waiting_for=why)

    def note_turn(self, run_id: str, waited_seconds: float, overtook: str | None) -> None:
        with self.script.step("note_turn"):
            run = self._runs[run_id]
            if run.status is RunStatus.WAITING:
                self._runs[run_id] = replace(
                    run,
                    status=RunStatus.DELIVERING,
                    waiting_for=None,
                    waited_seconds=waited_seconds,
                    overtook=overtook or run.overtook,
                )

    def close_run(self, run_id: str, status: RunStatus, now: float, seen: Tally) -> bool:
        with self.script.step("close_run"):
            if not status.final:
                raise ValueError(f"a run cannot be closed as {status}")
            run = self._runs[run_id]
            if run.tally != seen:
                return False
            if run.status is not status or run.closed_at is None:
                self._runs[run_id] = replace(run, status=status, closed_at=now)
            return True

    def open_runs(self) -> list[Run]:
        with self.script.step("open_runs"):
            waiting = [run for run in self._runs.values() if run.closed_at is None]
            return sorted(waiting, key=lambda run: (run.opened_at, run.run_id))

    def open_run_ids(self) -> list[str]:
        return [run.run_id for run in self.open_runs()]

    def lease_expired(self, run_id: str, now: float) -> bool:
        with self.script.step("lease_expired"):
            return self._leases[run_id][1] <= now

    def change_run(self, run_id: str, **values: Any) -> None:
        """What a test needs to be so, however it came to be."""
        self._runs[run_id] = replace(self._runs[run_id], **values)

    def _may_take(self, run_id: str, owner: str, now: float) -> bool:
        holder, until = self._leases[run_id]
        return holder == owner or until <= now
