"""How far Listrak's clock is from ours, by the Date that its answers bear."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from listrak_relay.adapters.listrak.answer import Answer
from listrak_relay.ports.time import Clock

TOLERANCE_SECONDS = 5.0
"""A Date has whole seconds and is on its way for some: what differs by less is the same."""


class TheirClock:
    """For any number of threads, each of which may overwrite what another has just found."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._behind = 0.0

    def note(self, answer: Answer) -> None:
        """From an answer that has just come. One without a Date tells nothing."""
        try:
            date = parsedate_to_datetime(answer.headers.get("Date", "")).timestamp()
        except (TypeError, ValueError, OverflowError):
            return
        behind = self._clock.now() - date
        self._behind = behind if abs(behind) > TOLERANCE_SECONDS else 0.0

    def by_ours(self, moment: float) -> float:
        """``moment``: by Listrak's clock. Both in epoch seconds."""
        return moment + self._behind
