"""Pieces of work whose calls fail each time although those of others do not: they are to keep no other back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from listrak_relay.errors import CallFailedError, RetryableError

T = TypeVar("T")

_FEWEST, _MOST = 3, 100
_OF_ALL = 0.05


def may_fail(pieces: int) -> int:
    """How many of so many may fail while the others go on. If more do, it is no matter of the pieces."""
    return max(_FEWEST, min(_MOST, int(pieces * _OF_ALL)))


@dataclass(slots=True)
class Stragglers(Generic[T]):
    """Those of one go through the work, with what they failed by. ``most``: so many are passed over."""

    most: int
    failed: list[tuple[T, RetryableError]] = field(default_factory=list)

    def passes_over(self, item: T, error: RetryableError) -> bool:
        """For `SideBySide`."""
        self.failed.append((item, error))
        return len(self.failed) <= self.most

    def passes_over_a_failed_call(self, item: T, error: RetryableError) -> bool:
        """The same of calls alone that failed each time; any other error is no matter of a piece."""
        return isinstance(error, CallFailedError) and self.passes_over(item, error)
