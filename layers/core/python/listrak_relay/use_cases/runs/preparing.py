"""One delivery prepares a run for all: under a lock, and whoever comes meanwhile waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from listrak_relay.domain.delivery.plans import RunPlan
from listrak_relay.errors import NotYetError, RelayError
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.time import Pause

PREPARING_SECONDS = 60.0
"""How long after the end of a preparing process another takes over; while it lives the lock is prolonged."""

LOOK_AGAIN_SECONDS = 2.0
"""At a lock that others hold for seconds; `use_cases.runs.waiting` makes 1 to 3 of it."""

MOMENTS = (0.1, 0.2, 0.3, 0.4, 0.5)
"""Seconds. Most lists are prepared in less than these, while a message that goes back to its queue is away for more."""

MIRROR_LOCK_SECONDS = 48 * 3600.0
"""As long as a run may take by the usual deadlines; the lock is given back when the run closes. By longer ones the
turns of the runs still keep two apart."""


@dataclass(frozen=True, slots=True)
class PreparingLock:
    """``name`` of what is being prepared, ``owner`` the invocation's request id.

    A single call to Listrak may take minutes, so the lock is prolonged beside the work. Should it be lost all the same,
    nothing that was decided under it is kept.
    """

    ledger: RunLedger
    name: str
    owner: str

    @contextmanager
    def held(self, pause: Pause | None = None) -> Iterator[None]:
        """``pause``: for some moments in which the other may be done; None looks once.

        Raises NotYetError: another delivery is preparing.
        """
        if not self._acquired(pause):
            raise NotYetError("another delivery is preparing this list", LOOK_AGAIN_SECONDS)
        ended = threading.Event()
        beat = threading.Thread(target=self._keep_alive, args=(ended,), daemon=True)
        beat.start()
        try:
            yield
        finally:
            ended.set()
            beat.join()
            self.ledger.release_lock(self.name, self.owner)

    def _acquired(self, pause: Pause | None) -> bool:
        if pause:
            for moment in MOMENTS:
                if self.ledger.acquire_lock(self.name, self.owner, PREPARING_SECONDS):
                    return True
                pause(moment)
        return self.ledger.acquire_lock(self.name, self.owner, PREPARING_SECONDS)

    def check(self) -> None:
        """Before each change. Raises NotYetError: another delivery has taken over."""
        if not self.ledger.prolong_lock(self.name, self.owner, PREPARING_SECONDS):
            raise self._lost()

    def keep(self, run_id: str, plan: RunPlan) -> None:
        """Put the plan into the ledger. Raises NotYetError: another delivery has taken over."""
        if not self.ledger.put_plan_under(self.name, self.owner, run_id, plan):
            raise self._lost()

    def _keep_alive(self, ended: threading.Event) -> None:
        while not ended.wait(PREPARING_SECONDS / 4):
            with suppress(RelayError):
                # What this does not bring to light the next check does.
                self.ledger.prolong_lock(self.name, self.owner, PREPARING_SECONDS)

    def _lost(self) -> NotYetError:
        return NotYetError("another delivery has taken over the preparing of this list", LOOK_AGAIN_SECONDS)


def take_mirror_lock(ledger: RunLedger, name: str, run_id: str, wait: float) -> None:
    """Two mirror runs of one audience must not interleave: their files would be joined, or undo each other.

    Raises:
        NotYetError: another one has it.
    """
    if not ledger.acquire_lock(name, run_id, MIRROR_LOCK_SECONDS):
        raise NotYetError("another mirror run of this audience is under way", wait)
