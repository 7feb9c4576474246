"""When a file was last dropped for a destination."""

from __future__ import annotations

from typing import Protocol


class DropRecord(Protocol):
    """Times are epoch seconds. Raises RetryableError when it is throttled or away."""

    def note(self, destination: str, dropped_at: float) -> None:
        """An earlier time than is known changes nothing."""
        ...

    def last(self, destination: str) -> float | None:
        """None: never, or longer ago than the ledger keeps."""
        ...
