"""How fast calls go out: a budget for the whole stack, and slower for a while when Listrak is in trouble.

Listrak documents no limit for its SMS API. A third party says that it throttles with 429, so after a 429 or a 5xx the
rate is halved, at most once a second, and grows again by a twentieth of itself each second: where a limit holds, most
calls stay below it, however far that is from the budget.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable

from listrak_relay.adapters.listrak.answer import Answer
from listrak_relay.adapters.listrak.transport import NoAnswerError, NotSentError, Request, Transport
from listrak_relay.ports.pacing import CallPermits, Permits
from listrak_relay.ports.time import Clock

BLOCKS_PER_SECOND = 8
"""The stack's budget is asked for in parts of this size, so that it costs few writes and little is left over."""

SLOWEST = 1.0
"""Calls per second."""

LONGEST_HOLD_SECONDS = 20.0
"""A longer wait is left to the queue."""

_HALVES_AT_MOST_EVERY = 1.0
_GROWS_BY = 1.05
_LONGEST_GROWTH_SECONDS = 1_000.0
"""After which any rate is the budget's again."""


class Pace:
    """Shared by the threads of one function.

    Args:
        permits: None where no budget is shared.
        name: of the budget, the same for all functions that share it.
        per_second: calls that the stack may begin in a second.
    """

    def __init__(
        self, permits: CallPermits | None, name: str, per_second: int, clock: Clock, sleep: Callable[[float], None]
    ) -> None:
        self._permits, self._name, self._most = permits, name, per_second
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._rate = float(per_second)
        self._rate_at = self._halved_at = clock.now()
        self._next = 0.0
        self._begun: dict[int, int] = {}
        self._second, self._left, self._spent = 0, 0, False

    def wait(self) -> None:
        """Return when a call may begin. Raises RetryableError: the budget cannot be read."""
        while (pause := self._turn()) > 0:
            self._sleep(pause)

    def slow_down(self, asked: float | None) -> None:
        """Listrak throttled or failed; ``asked``: seconds that it wants us to wait."""
        with self._lock:
            now = self._clock.now()
            if asked:
                self._next = max(self._next, now + min(asked, LONGEST_HOLD_SECONDS))
            if now - self._halved_at >= _HALVES_AT_MOST_EVERY:
                begun = max(self._begun.get(int(now) - 1, 0), self._begun.get(int(now), 0))
                self._rate = max(SLOWEST, min(self._grown(now), float(begun or self._most)) / 2)
                self._rate_at = self._halved_at = now

    @property
    def rate(self) -> float:
        """Calls per second that this function allows itself now."""
        with self._lock:
            return self._grown(self._clock.now())

    def _grown(self, now: float) -> float:
        growth: float = _GROWS_BY ** min(now - self._rate_at, _LONGEST_GROWTH_SECONDS)
        return min(float(self._most), self._rate * growth)

    def _turn(self) -> float:
        """0: go. Else seconds until it is worth asking again."""
        with self._lock:
            now = self._clock.now()
            if self._next > now:
                return self._next - now
            rate = self._grown(now)
            if not self._has_permit(int(now)):
                # Spent by others: the next second has a budget of its own.
                return math.floor(now) + 1 - now
            self._left -= 1
            # A turn taken late lets the next ones come a little early, so that the rate holds on the whole.
            self._next = max(self._next, now - 0.02) + 1 / rate if rate < self._most else now
            second = int(now)
            self._begun = {second - 1: self._begun.get(second - 1, 0), second: self._begun.get(second, 0) + 1}
            return 0.0

    def _has_permit(self, second: int) -> bool:
        """That a second is spent is asked once: each question costs a write, and there may be a hundred threads."""
        if second == self._second and (self._left or self._spent):
            return not self._spent
        if self._permits is None:
            granted = Permits(second, self._most)
        else:
            granted = self._permits.take(self._name, max(1, self._most // BLOCKS_PER_SECOND), self._most)
        self._second, self._left, self._spent = granted.second, granted.calls, not granted.calls
        return not self._spent


class PacedTransport:
    """`transport.Transport` in which every request, repeated ones too, waits for its turn."""

    def __init__(self, transport: Transport, pace: Pace) -> None:
        self._transport, self._pace = transport, pace

    def send(self, request: Request) -> Answer:
        self._pace.wait()
        try:
            answer = self._transport.send(request)
        except (NotSentError, NoAnswerError):
            self._pace.slow_down(None)
            raise
        if answer.not_taken or answer.failed:
            self._pace.slow_down(answer.retry_after())
        return answer
