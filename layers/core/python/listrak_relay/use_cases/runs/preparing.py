"""One delivery prepares a run for all: under a lock, and whoever comes meanwhile waits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from listrak_relay.errors import NotYetError
from listrak_relay.ports.ledger import RunLedger

PREPARING_SECONDS = 60.0
"""How long the preparing delivery may be silent before another takes over; it prolongs the lock as it goes."""

MIRROR_LOCK_SECONDS = 48 * 3600.0
"""Longer than any delivery may take; the lock is given back when the run closes."""


@dataclass(frozen=True, slots=True)
class PreparingLock:
    """``name`` of what is being prepared, ``owner`` the invocation's request id, ``wait`` in seconds for the others."""

    ledger: RunLedger
    name: str
    owner: str
    wait: float

    @contextmanager
    def held(self) -> Iterator[None]:
        """Raises NotYetError: another delivery is preparing."""
        if not self.ledger.acquire_lock(self.name, self.owner, PREPARING_SECONDS):
            raise NotYetError("another delivery is preparing this list", self.wait)
        try:
            yield
        finally:
            self.ledger.release_lock(self.name, self.owner)

    def prolong(self) -> None:
        self.ledger.acquire_lock(self.name, self.owner, PREPARING_SECONDS)


def take_mirror_lock(ledger: RunLedger, name: str, run_id: str, wait: float) -> None:
    """Two mirror runs of one audience must not interleave: their files would be joined, or undo each other.

    Raises:
        NotYetError: another one has it.
    """
    if not ledger.acquire_lock(name, run_id, MIRROR_LOCK_SECONDS):
        raise NotYetError("another mirror run of this audience is under way", wait)


def waiting_seconds(poll_seconds: float) -> float:
    return max(1.0, min(poll_seconds, 60.0))
