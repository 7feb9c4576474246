"""`close_run` from its ports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from listrak_relay.messages import CloseRun as CloseRunMessage
from listrak_relay.ports.destinations import DestinationBook
from listrak_relay.ports.drops import DropRecord
from listrak_relay.ports.messaging import Announcer
from listrak_relay.ports.usage import UsageRecord
from listrak_relay.settings.ending import CloseSettings
from listrak_relay.use_cases.close_run import CloseRun
from listrak_relay.use_cases.expected_drops import ExpectedDrops
from listrak_relay.use_cases.runs.consuming import ReceivedMessage
from listrak_relay.use_cases.runs.pausing import Pausing
from listrak_relay.use_cases.runs.rejects_file import RejectsFile
from listrak_relay.use_cases.sweep_runs import SweepRuns, Swept
from listrak_relay.wiring.assembly.common import consuming
from listrak_relay.wiring.assembly.dispatching import dispatching
from listrak_relay.wiring.assembly.ports import ChunkQueues, Inbox, RunPorts


class CloseRunPorts(NamedTuple):
    run: RunPorts
    chunk_queues: ChunkQueues
    announcer: Announcer
    book: DestinationBook
    drop_record: DropRecord
    usage: UsageRecord


class RunCloser(NamedTuple):
    """``consume``: closes the run that a message names; see `Consuming.consume`.
    ``sweep``: see `SweepRuns.sweep`. ``missing``: see `ExpectedDrops.missing`.
    ``faulty``: destinations of which nobody can tell.
    """

    consume: Callable[[ReceivedMessage], str]
    sweep: Callable[[], Swept]
    missing: Callable[[], list[str]]
    faulty: Callable[[], Sequence[str]]


def run_closer(ports: CloseRunPorts, settings: CloseSettings) -> RunCloser:
    run = ports.run
    closing = CloseRun(
        ledger=run.ledger,
        lanes=run.lanes,
        store=run.store,
        rejects=RejectsFile(run.store),
        announcer=ports.announcer,
        usage=ports.usage,
        clock=run.clock,
    )
    # A run that cannot be closed is no batch to give up: the queue's own redrive sets its message aside.
    inbox = Inbox(queue=run.close_queue, dead_letters=run.close_queue)
    sweeping = SweepRuns(
        ledger=run.ledger,
        close_queue=run.close_queue,
        dispatching=dispatching(run, ports.chunk_queues),
        closing=closing,
        pausing=Pausing(run.pauses, run.store),
        clock=run.clock,
        deadline=settings.run_deadline,
        turn_limit=settings.turn_limit,
    )
    messages = consuming(run, inbox, settings.max_receives)

    def close(message: CloseRunMessage) -> None:
        closing.close(message.run_id, overdue=message.given_up)

    return RunCloser(
        consume=lambda delivery: messages.consume(delivery, CloseRunMessage, close),
        sweep=sweeping.sweep,
        missing=ExpectedDrops(ports.book, ports.drop_record, run.clock).missing,
        faulty=ports.book.faulty,
    )
