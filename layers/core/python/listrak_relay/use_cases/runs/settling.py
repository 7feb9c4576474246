"""Ending a chunk: its rows are counted once, and the last chunk of a run calls for the run's close."""

from __future__ import annotations

from dataclasses import dataclass

from listrak_relay.domain.run.row_ends import FAILED_ALONE, FAILED_ALONE_PROBLEM
from listrak_relay.domain.run.runs import ChunkOutcome, Run, Tally
from listrak_relay.messages import CloseRun
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.messaging import MessageQueue


@dataclass(frozen=True, slots=True)
class Settling:
    ledger: RunLedger
    close_queue: MessageQueue

    def settle(self, run_id: str, chunk_id: str, outcome: ChunkOutcome) -> None:
        if outcome.reasons.get(FAILED_ALONE.reason):
            self.ledger.note_problem(run_id, FAILED_ALONE.reason, FAILED_ALONE_PROBLEM)
        self.close_if_complete(self.ledger.settle(run_id, chunk_id, outcome))

    def give_up(self, run_id: str, chunk_id: str, code: str, problem: str) -> None:
        """Count the chunk's rows as dead-lettered; a redrive may still settle them."""
        self.ledger.note_problem(run_id, code, problem)
        rows = self.ledger.get_chunk(run_id, chunk_id).rows
        run = self.ledger.settle(run_id, chunk_id, ChunkOutcome(Tally(dead_lettered=rows), {code: rows}, dead=True))
        self.ledger.mark_parked(run_id, chunk_id)
        self.close_given_up(run)

    def close_given_up(self, run: Run) -> None:
        """Also when it is closed: after a redrive that failed it has to leave its lane once more."""
        if run.complete:
            self.close_queue.send([CloseRun(run.run_id)])

    def close_if_complete(self, run: Run) -> None:
        """Called on every repeat too, so that a crash between settling and this message is made good."""
        if run.complete and not run.status.final:
            self.close_queue.send([CloseRun(run.run_id)])
