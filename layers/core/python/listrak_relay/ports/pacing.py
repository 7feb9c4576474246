"""Leave to make calls, shared by all functions of the stack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Permits:
    """Leave to begin ``calls`` calls during the epoch second ``second``."""

    second: int
    calls: int


class CallPermits(Protocol):
    """The budget of calls per second that all functions of the stack share."""

    def take(self, name: str, wanted: int, per_second: int) -> Permits:
        """Up to ``wanted`` for the current second; none when others have taken all. Raises RetryableError."""
        ...
