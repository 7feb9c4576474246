"""A state machine that only remembers what it was to start."""

from __future__ import annotations

from tests.support.fakes.script import Script


class FakeRangeStarter:
    """`ports.ranges.RangeStarter`. ``started``: run ids in order, each once."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.script = Script()

    def start(self, run_id: str) -> None:
        with self.script.step("start"):
            if run_id not in self.started:
                self.started.append(run_id)
