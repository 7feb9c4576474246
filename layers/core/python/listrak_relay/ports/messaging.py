"""Messages to queues, and what the world is told of a closed run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from listrak_relay.messages import Message

MAX_DELAY_SECONDS = 900
"""Of a message that is sent: SQS's limit."""

MAX_POSTPONEMENT_SECONDS = 42_000
"""Of a message that was received. SQS allows twelve hours from the receive, of which an invocation may have taken a
quarter. Whoever asks for a longer wait is asked again after this."""


class MessageQueue(Protocol):
    """A queue whose messages are received at least once, in any order."""

    def send(self, messages: Sequence[Message], delay_seconds: int = 0) -> None:
        """Send all, to be received after 0..`MAX_DELAY_SECONDS`.

        Raises:
            RetryableError: not all were taken; a repeat may then send some twice.
        """
        ...

    def postpone(self, receipt: str, seconds: int) -> None:
        """Hide a received message for 0..`MAX_POSTPONEMENT_SECONDS` from now; ``receipt`` is its receipt handle."""
        ...


class Announcer(Protocol):
    """Tells the world about closed runs."""

    def announce(self, report: Mapping[str, Any]) -> None:
        """An EventBridge event and an SNS message about a closed run, at least once."""
        ...
