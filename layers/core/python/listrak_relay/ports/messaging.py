"""Messages to queues, and what the world is told of a closed run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from listrak_relay.messages import Message


class MessageQueue(Protocol):
    def send(self, messages: Sequence[Message], delay_seconds: int = 0) -> None:
        """Send all (0..900 s delay). Raises RetryableError if any was not taken; a repeat may then send some twice."""
        ...

    def postpone(self, receipt: str, seconds: int) -> None:
        """Hide a received message for 0..43,200 s from now; ``receipt`` is its receipt handle."""
        ...


class Announcer(Protocol):
    def announce(self, report: Mapping[str, Any]) -> None:
        """An EventBridge event and an SNS message about a closed run, at least once."""
        ...
