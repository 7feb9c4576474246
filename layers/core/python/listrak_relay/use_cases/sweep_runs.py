"""Finds runs that were left open, and sees to it that each comes to an end."""

from __future__ import annotations

from dataclasses import dataclass

from listrak_relay.domain.run.runs import ChunkOutcome, ChunkState, Run, RunStatus, Tally
from listrak_relay.messages import CloseRun as CloseRunMessage
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.messaging import MessageQueue
from listrak_relay.ports.time import Clock
from listrak_relay.use_cases.close_run import CloseRun
from listrak_relay.use_cases.ingest.dispatching import Dispatching

INGEST_GRACE_SECONDS = 6.5 * 3600
"""Lambda keeps trying an event for up to 6 hours; until then a file that failed may still be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepRuns:
    """``deadline``: seconds from opening until a run is closed for what it is."""

    ledger: RunLedger
    close_queue: MessageQueue
    dispatching: Dispatching
    closing: CloseRun
    clock: Clock
    deadline: float

    def sweep(self) -> dict[str, int]:
        """Look at every open run once; returns how many of each kind needed help, how many wait for older ones of
        their lists, and as ``longest_wait`` how many seconds ago the first of these was taken."""
        found = {"complete": 0, "never_read": 0, "dispatched": 0, "overdue": 0, "waiting": 0, "longest_wait": 0}
        now = self.clock.now()
        for run in self.ledger.open_runs():
            age = now - run.opened_at
            if run.status is RunStatus.WAITING:
                found["waiting"] += 1
                found["longest_wait"] = max(found["longest_wait"], int(age))
            if run.complete:
                self.close_queue.send([CloseRunMessage(run.run_id)])
                found["complete"] += 1
            elif run.status is RunStatus.INGESTING:
                if age > INGEST_GRACE_SECONDS and self.ledger.lease_expired(run.run_id, now):
                    self.ledger.note_problem(
                        run.run_id,
                        "never_read",
                        "Reading the file failed each time; see the ingest log, then drop it again.",
                    )
                    self.closing.close(run.run_id, overdue=True)
                    found["never_read"] += 1
            elif not run.dispatched and self.ledger.lease_expired(run.run_id, now):
                self.dispatching.dispatch(run.run_id)
                found["dispatched"] += 1
            elif age > self.deadline:
                self._give_up(run)
                found["overdue"] += 1
        return found

    def _give_up(self, run: Run) -> None:
        hours = self.deadline / 3600
        self.ledger.note_problem(run.run_id, "overdue", f"Some batches had not ended after {hours:g} hours.")
        for chunk in self.ledger.chunks(run.run_id):
            if chunk.state not in (ChunkState.SETTLED, ChunkState.DEAD_LETTERED):
                outcome = ChunkOutcome(Tally(dead_lettered=chunk.rows), {"overdue": chunk.rows}, dead=True, adrift=True)
                self.ledger.settle(run.run_id, chunk.chunk_id, outcome)
        self.close_queue.send([CloseRunMessage(run.run_id)])
