"""Parts that several functions have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from listrak_relay.messages import DeliverChunk
from listrak_relay.ports.time import TimeLeft
from listrak_relay.use_cases.ingest.dispatching import Dispatching
from listrak_relay.use_cases.runs.consuming import Consuming, Delivery
from listrak_relay.use_cases.runs.open_chunks import OpenChunks
from listrak_relay.use_cases.runs.refusing import Refusing
from listrak_relay.use_cases.runs.rejects_file import RejectsFile
from listrak_relay.use_cases.runs.settling import Settling
from listrak_relay.wiring.assembly.ports import ChunkQueues, Inbox, RunPorts


def settling(ports: RunPorts) -> Settling:
    return Settling(ports.ledger, ports.close_queue)


def consuming(ports: RunPorts, inbox: Inbox, max_receives: int) -> Consuming:
    """``max_receives``: the queue's maxReceiveCount."""
    return Consuming(inbox.queue, inbox.dead_letters, settling(ports), max_receives)


def open_chunks(ports: RunPorts) -> OpenChunks:
    return OpenChunks(ports.ledger, ports.store, settling(ports))


def refusing(ports: RunPorts) -> Refusing:
    return Refusing(ports.ledger, ports.store, RejectsFile(ports.store), settling(ports))


def dispatching(ports: RunPorts, chunk_queues: ChunkQueues) -> Dispatching:
    return Dispatching(ports.ledger, ports.store, chunk_queues, ports.close_queue)


class DeliversChunks(Protocol):
    """The use case of a channel's delivery."""

    def deliver(self, message: DeliverChunk, owner: str, time_left: TimeLeft) -> None:
        """``owner``: the invocation's request id."""
        ...


@dataclass(frozen=True, slots=True)
class ChunkConsumer:
    """Delivers the chunks that the messages of one queue point to."""

    consuming: Consuming
    use_case: DeliversChunks

    def consume(self, delivery: Delivery, owner: str, time_left: TimeLeft) -> str:
        """See `Consuming.consume`."""
        return self.consuming.consume(
            delivery, DeliverChunk, lambda message: self.use_case.deliver(message, owner, time_left)
        )
