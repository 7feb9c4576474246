"""Calls stop while Listrak does not answer at all, and one question now and then tells when it does again.

A call that fails again and again may be one that Listrak cannot do, so it alone proves nothing: what does is a harmless
question that goes unanswered too. Then every function of the stack waits, and one of them asks that question twice a
minute. What waits so is no failure of a message, whose ten deliveries are for answers.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from listrak_relay.adapters.listrak.token import ThrottledError
from listrak_relay.errors import AwayError, RetryableError
from listrak_relay.ports.outages import Outage, Outages
from listrak_relay.ports.time import Clock

T = TypeVar("T")

PROBE_SECONDS = 30.0
"""Between two questions of the whole stack while Listrak is away."""

LOOK_SECONDS = 5.0
"""For which a function that found Listrak there does not ask the others."""


@dataclass(slots=True)
class Breaker:
    """Of one API with one secret, for any number of threads. ``name``: the same in all functions. ``path``: of a
    question that changes nothing."""

    outages: Outages
    name: str
    path: str
    clock: Clock
    _look_at: float = 0.0
    _away_until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def unless_away(self, work: Callable[[], T], answers: Callable[[], bool]) -> T:
        """``answers``: asks the question. Raises AwayError: Listrak is away, so that the work was not begun, or could
        not be done."""
        self.check(answers)
        try:
            return work()
        except ThrottledError:
            raise
        except RetryableError:
            self.failed(answers)
            raise

    def check(self, answers: Callable[[], bool]) -> None:
        """Before a call. ``answers``: asks the question. Raises AwayError: Listrak is away."""
        with self._lock:
            self._stop_while_away()
            if self.clock.now() < self._look_at:
                return
            found = self._known()
            if found is not None:
                if found.wait > 0 or not answers():
                    raise self._away(found.wait or PROBE_SECONDS)
                self.outages.end(self.name)
            self._look_at = self.clock.now() + LOOK_SECONDS

    def failed(self, answers: Callable[[], bool]) -> None:
        """After a call without a usable answer. Raises AwayError: it is Listrak that is away, and not the call."""
        with self._lock:
            self._stop_while_away()
            if answers():
                return
            with suppress(RetryableError):
                self.outages.begin(self.name, PROBE_SECONDS)
            raise self._away(PROBE_SECONDS)

    def _stop_while_away(self) -> None:
        """One thread has found it, and the others need not."""
        if (wait := self._away_until - self.clock.now()) > 0:
            raise self._away(wait)

    def _known(self) -> Outage | None:
        """What cannot be read is not in the way: the call will tell."""
        try:
            return self.outages.look(self.name, PROBE_SECONDS)
        except RetryableError:
            return None

    def _away(self, wait: float) -> AwayError:
        self._look_at, self._away_until = 0.0, self.clock.now() + wait
        return AwayError("Listrak does not answer", wait)
