"""Runs that are too large for one function are handed over to a state machine, which reads them in ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from listrak_relay.domain.reading.ranges import RangeJob
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.ranges import RangeStarter
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.ranges.store import RangeStore

LEASE_SECONDS = 7 * 3600.0
"""The state machine stops after six hours; until then nobody else is to take the run for one that was left."""


@dataclass(frozen=True, slots=True)
class LargeFiles:
    """``limit``: bytes that one function reads."""

    ledger: RunLedger
    store: ObjectStore
    starter: RangeStarter
    limit: int

    def takes(self, parts: Sequence[DroppedFile]) -> bool:
        return sum(part.size for part in parts) > self.limit

    def hand_over(self, job: RangeJob, owner: str) -> None:
        """``owner``: who opened the run. A repeat changes nothing."""
        source = job.source
        RangeStore(self.store, source.run_id).save_job(job)
        self.ledger.open_run(source, job.destination.name, job.audience, owner, LEASE_SECONDS)
        self.starter.start(source.run_id)
