"""The run ledger: the durable record of every run."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol, TypeVar

from listrak_relay.domain.delivery.plans import RunPlan
from listrak_relay.domain.destinations.destinations import Destination
from listrak_relay.domain.run.manifest import RunManifest
from listrak_relay.domain.run.runs import ChunkOutcome, ChunkRecord, DroppedFile, Run, RunStatus, Tally

P = TypeVar("P", bound=RunPlan)


class Opening(StrEnum):
    """OPENED: ours, begin. RESUMED: ours again after a broken attempt. REDISPATCH: ingested, but its messages may not
    all have been sent. REOPENED: it was closed as never read, and its event was given back. DUPLICATE: someone else has
    it or it is over."""

    OPENED = "OPENED"
    RESUMED = "RESUMED"
    REOPENED = "REOPENED"
    REDISPATCH = "REDISPATCH"
    DUPLICATE = "DUPLICATE"


class RunLedger(Protocol):
    """The durable record of every run. Each method is atomic. Raises RetryableError when it is throttled or away."""

    def open_run(
        self, source: DroppedFile, destination: str, audience: str, owner: str, lease_seconds: float
    ) -> Opening:
        """Take the run of this file version. ``owner`` is the invocation's request id, kept by Lambda over its retries:
        the same owner, or an expired lease, resumes. One that was closed as `NEVER_READ` is opened anew, by anyone."""
        ...

    def record_ingest(self, manifest: RunManifest[Destination], status: RunStatus = RunStatus.DELIVERING) -> None:
        """Chunks PLANNED, rows read, rejected and duplicates counted, status DELIVERING. A repeat changes nothing."""
        ...

    def mark_dispatched(self, run_id: str) -> None:
        """The messages of the run have all been sent."""
        ...

    def get_run(self, run_id: str) -> Run:
        """Raises KeyError."""
        ...

    def chunks(self, run_id: str) -> list[ChunkRecord]:
        """By chunk id."""
        ...

    def get_chunk(self, run_id: str, chunk_id: str) -> ChunkRecord:
        """Raises KeyError."""
        ...

    def begin_attempt(self, run_id: str, chunk_id: str, now: float, seen: float | None) -> bool:
        """PLANNED or SENDING or DEAD_LETTERED → SENDING with ``attempted_at`` = now, if ``attempted_at`` still is
        ``seen`` (None: no attempt yet), so that of two deliveries of one message only one begins. It is counted.
        False: it was not so."""
        ...

    def mark_redriven(self, run_id: str, chunk_id: str) -> None:
        """DEAD_LETTERED, and its message has come back: its attempts are counted anew."""
        ...

    def mark_parked(self, run_id: str, chunk_id: str) -> None:
        """Its message goes to a dead-letter queue: it is neither adrift nor redriven."""
        ...

    def abandon_attempt(self, run_id: str, chunk_id: str) -> None:
        """SENDING → PLANNED without ``attempted_at``: it is known that nothing was sent."""
        ...

    def record_submission(self, run_id: str, chunk_id: str, import_id: int) -> None:
        """SENDING → SUBMITTED. A second call with the same id changes nothing."""
        ...

    def settle(self, run_id: str, chunk_id: str, outcome: ChunkOutcome) -> Run:
        """The chunk ends and its tally is added to the run's, in one transaction with a marker: a second call changes
        nothing. After DEAD_LETTERED a real settlement takes the place of the dead-lettered tally and reopens a closed
        run. Returns the run as it then is."""
        ...

    def get_plan(self, run_id: str, kind: type[P]) -> P | None:
        """The delivery plan, None if not made. ``kind``: that of the run's channel."""
        ...

    def put_plan(self, run_id: str, plan: RunPlan) -> None:
        """Takes the place of the one before."""
        ...

    def put_plan_under(self, lock: str, owner: str, run_id: str, plan: RunPlan) -> bool:
        """`put_plan` by the owner of a lock. False, and nothing is written: it is not the owner's any more."""
        ...

    def acquire_lock(self, name: str, owner: str, seconds: float) -> bool:
        """True if free, expired, or already the owner's (then prolonged)."""
        ...

    def prolong_lock(self, name: str, owner: str, seconds: float) -> bool:
        """False: it is not the owner's any more, also where nobody has it."""
        ...

    def release_lock(self, name: str, owner: str) -> None:
        """Nothing happens if it is not the owner's."""
        ...

    def note_problem(self, run_id: str, code: str, problem: str) -> None:
        """Kept for the report; the first one stays."""
        ...

    def note_trouble(self, run_id: str, why: str, now: float) -> None:
        """``why`` is a sentence for a person; the last one stays. Nothing happens once the run is closed."""
        ...

    def note_waiting(self, run_id: str, why: str) -> None:
        """Status WAITING, as long as the run is being delivered; ``why`` is a sentence for a person."""
        ...

    def note_turn(self, run_id: str, waited_seconds: float, overtook: str | None) -> None:
        """WAITING → DELIVERING. ``overtook``: a sentence for the report, if it goes before an older run."""
        ...

    def close_run(self, run_id: str, status: RunStatus, now: float, seen: Tally) -> bool:
        """To a final status, if the run's tally still is ``seen``: what was settled since then is in no report yet.
        False: it was not so. A second call with the same status and tally changes nothing."""
        ...

    def open_runs(self) -> list[Run]:
        """All runs that are not in a final status."""
        ...

    def open_run_ids(self) -> list[str]:
        """Of all runs that are not in a final status, by time of opening. One may have been closed since."""
        ...

    def lease_expired(self, run_id: str, now: float) -> bool:
        """Whether the ingest lease of a run is over."""
        ...
