"""Outages of Listrak's, as the ledger's table keeps them."""

from __future__ import annotations

from listrak_relay.ports.outages import Outage
from tests.support.fakes.clock import FakeClock
from tests.support.fakes.script import Script


class FakeOutages:
    """`ports.outages.Outages`."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._look_at: dict[str, float] = {}
        self.script = Script()

    def look(self, name: str, pause: float) -> Outage | None:
        with self.script.step("look"):
            now = self._clock.now()
            if name not in self._look_at:
                return None
            if (at := self._look_at[name]) > now:
                return Outage(at - now)
            self._look_at[name] = now + pause
            return Outage(0.0)

    def begin(self, name: str, pause: float) -> None:
        with self.script.step("begin"):
            self._look_at[name] = max(self._look_at.get(name, 0.0), self._clock.now() + pause)

    def end(self, name: str) -> None:
        with self.script.step("end"):
            self._look_at.pop(name, None)
