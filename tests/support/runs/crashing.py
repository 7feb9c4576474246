"""A process that dies at chosen steps of a run over fakes, and what is done about it afterwards."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from listrak_relay.errors import OutcomeUnknownError, RetryableError
from tests.support.fakes import Script
from tests.support.runs.relay import Killed, Relay

ONLY_ONCE = frozenset(("create_group", "create_field", "start_import"))
"""What may not simply be done again when its answer is lost."""


class DyingScript(Script):
    """Shared by every port: counts their calls, and dies at those numbered ``2n`` before they take effect and at those
    numbered ``2n + 1`` afterwards. ``away``: it does not die there, AWS or Listrak does not answer."""

    def __init__(self, steps: set[int], *, away: bool = False) -> None:
        super().__init__()
        self._away = away
        self.taken = 0
        self.steps = set(steps)
        self._lock = threading.Lock()

    @contextmanager
    def step(self, method: str) -> Iterator[None]:
        with self._lock:
            number, self.taken = self.taken, self.taken + 1
        if 2 * number in self.steps:
            raise RetryableError("it does not answer") if self._away else Killed
        yield
        if 2 * number + 1 in self.steps:
            raise self._lost(method) if self._away else Killed

    def _lost(self, method: str) -> Exception:
        return OutcomeUnknownError("no answer") if method in ONLY_ONCE else RetryableError("no answer")


def killed_at(relay: Relay, steps: set[int], *, away: bool = False) -> DyingScript:
    """``away``: as for `DyingScript`."""
    script = DyingScript(steps, away=away)
    ports = (relay.ledger, relay.lanes, relay.store, relay.drops, relay.listrak, relay.sms, relay.sftp, relay.announcer)
    for port in (*ports, *relay.queues):
        port.script = script
    return script


def come_to_rest(relay: Relay, script: DyingScript) -> None:
    """What is left after the crashes is done without any, by the queues and the sweep."""
    relay.run_to_end()
    script.steps.clear()
    for _ in range(3):
        relay.sweep()
        relay.run_to_end()
        relay.clock.advance(3600)
