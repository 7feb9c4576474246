"""How far the opt-outs of each list have been collected."""

from __future__ import annotations

from typing import Protocol


class CollectedUntil(Protocol):
    """Times are epoch seconds, lists are named as lanes are. Raises RetryableError when it is throttled or away."""

    def read_until(self, lane: str) -> float | None:
        """None: never, or longer ago than the ledger keeps."""
        ...

    def note(self, lane: str, read_until: float) -> None:
        """An earlier time than is known changes nothing."""
        ...
