"""Time that passes when it is told to."""

from __future__ import annotations

from datetime import UTC, datetime


def written(moment: float | None) -> str:
    """As Listrak writes a moment, ``2026-01-31T08:15:30``; empty for none."""
    if moment is None:
        return ""
    return datetime.fromtimestamp(moment, UTC).replace(tzinfo=None).isoformat(timespec="seconds")


class FakeClock:
    """`ports.time.Clock`."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self._now = now

    def now(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += seconds


class FakeTimeLeft:
    """`ports.time.TimeLeft`: ``seconds`` of the invocation remain; each question uses up ``per_question`` of them."""

    def __init__(self, seconds: float = 900.0, per_question: float = 0.0) -> None:
        self.seconds = seconds
        self.per_question = per_question

    def __call__(self) -> float:
        left = self.seconds
        self.seconds -= self.per_question
        return left
