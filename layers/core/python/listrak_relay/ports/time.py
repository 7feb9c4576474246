"""The time of day, and how much of an invocation is left."""

from __future__ import annotations

from typing import Protocol

DAY_SECONDS = 86_400


class Clock(Protocol):
    """The time of day."""

    def now(self) -> float:
        """Epoch seconds."""
        ...


class Pause(Protocol):
    """Waits within an invocation, which is paid for meanwhile."""

    def __call__(self, seconds: float, /) -> None: ...


class TimeLeft(Protocol):
    """How long this invocation may still run."""

    def __call__(self) -> float:
        """Seconds."""
        ...
