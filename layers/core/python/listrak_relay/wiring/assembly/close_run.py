"""`close_run` from its ports."""

from __future__ import annotations

from dataclasses import dataclass

from listrak_relay.messages import CloseRun as CloseRunMessage
from listrak_relay.ports.messaging import Announcer
from listrak_relay.settings.closing import CloseSettings
from listrak_relay.use_cases.close_run import CloseRun
from listrak_relay.use_cases.runs.consuming import Consuming, Delivery
from listrak_relay.use_cases.runs.rejects_file import RejectsFile
from listrak_relay.use_cases.sweep_runs import SweepRuns
from listrak_relay.wiring.assembly.common import consuming, dispatching
from listrak_relay.wiring.assembly.ports import ChunkQueues, Inbox, RunPorts


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseRunPorts:
    run: RunPorts
    chunk_queues: ChunkQueues
    announcer: Announcer


@dataclass(frozen=True, slots=True)
class RunCloser:
    """Closes the runs that the messages of the CloseQueue name, and sweeps over those that were left open."""

    consuming: Consuming
    closing: CloseRun
    sweeping: SweepRuns

    def consume(self, delivery: Delivery) -> str:
        """See `Consuming.consume`."""
        return self.consuming.consume(delivery, CloseRunMessage, self._close)

    def _close(self, message: CloseRunMessage) -> None:
        self.closing.close(message.run_id, overdue=message.given_up)


def run_closer(ports: CloseRunPorts, settings: CloseSettings) -> RunCloser:
    run = ports.run
    closing = CloseRun(
        ledger=run.ledger, store=run.store, rejects=RejectsFile(run.store), announcer=ports.announcer, clock=run.clock
    )
    # A run that cannot be closed is no batch to give up: the queue's own redrive sets its message aside.
    inbox = Inbox(queue=run.close_queue, dead_letters=run.close_queue)
    sweeping = SweepRuns(
        ledger=run.ledger,
        close_queue=run.close_queue,
        dispatching=dispatching(run, ports.chunk_queues),
        closing=closing,
        clock=run.clock,
        deadline=settings.run_deadline,
    )
    return RunCloser(consuming(run, inbox, settings.max_receives), closing, sweeping)
