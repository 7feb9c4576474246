"""What the work on each run has used of AWS."""

from __future__ import annotations

from typing import Protocol

from listrak_relay.domain.run.costs import Usage


class UsageRecord(Protocol):
    """Raises RetryableError when it is throttled or away."""

    def add(self, run_id: str, usage: Usage) -> None:
        """To what is there. Not repeatable: an answer that was lost may count twice."""
        ...

    def of(self, run_id: str) -> Usage:
        """All that was added; empty for nothing."""
        ...
