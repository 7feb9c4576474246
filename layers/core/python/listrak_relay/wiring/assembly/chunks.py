"""What the functions have that deliver chunks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from listrak_relay.messages import DeliverChunk
from listrak_relay.ports.time import TimeLeft
from listrak_relay.use_cases.runs.consuming import Consuming, ReceivedMessage


class DeliversChunks(Protocol):
    """The use case of a channel's delivery."""

    def deliver(self, message: DeliverChunk, owner: str, time_left: TimeLeft) -> None:
        """``owner``: the invocation's request id."""
        ...


ConsumeChunk = Callable[[ReceivedMessage, str, TimeLeft], str]
"""Delivers the chunk that a message points to; see `Consuming.consume`. The text: the invocation's request id."""


def chunk_consumer(consuming: Consuming, use_case: DeliversChunks) -> ConsumeChunk:
    def consume(delivery: ReceivedMessage, owner: str, time_left: TimeLeft) -> str:
        return consuming.consume(delivery, DeliverChunk, lambda message: use_case.deliver(message, owner, time_left))

    return consume
