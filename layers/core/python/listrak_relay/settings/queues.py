"""The queues between the functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.settings.environment import ENVIRONMENT, number, required


def max_receives_of(env: Mapping[str, str]) -> int:
    """After how many receives a queue moves a message to its dead-letter queue."""
    return int(number(env, "MAX_RECEIVES", 10, 1))


@dataclass(frozen=True, slots=True)
class InboxSettings:
    """The queue that a function takes its messages from. ``max_receives``: the queue's maxReceiveCount."""

    queue_url: str
    dead_letter_queue_url: str
    max_receives: int

    @classmethod
    def from_env(cls, name: str, env: Mapping[str, str] = ENVIRONMENT) -> InboxSettings:
        """``name``: of the queue, such as ``email``."""
        return cls(
            queue_url=required(env, f"{name.upper()}_QUEUE_URL"),
            dead_letter_queue_url=required(env, f"{name.upper()}_DEAD_LETTER_QUEUE_URL"),
            max_receives=max_receives_of(env),
        )


@dataclass(frozen=True, slots=True)
class FollowSettings:
    """How imports are followed. ``poll_seconds``: wait before the first question after an import's state."""

    queue_url: str
    poll_seconds: float

    @classmethod
    def from_env(cls, env: Mapping[str, str] = ENVIRONMENT) -> FollowSettings:
        return cls(required(env, "IMPORT_QUEUE_URL"), number(env, "IMPORT_POLL_SECONDS", 15, 0))
