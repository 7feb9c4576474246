"""Which days are read at once, and which of them are read anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

MARGIN = timedelta(days=1)
"""Listrak does not say in which zone its dates are, nor how soon it lists somebody: so much is read over."""


@dataclass(frozen=True, slots=True)
class Window:
    """Days whose files are written, ``first`` and ``last`` among them. ``read_until``: epoch seconds; what was there
    then is in the files when all of them are written."""

    first: date
    last: date
    read_until: float

    @property
    def since(self) -> date:
        """First day to ask Listrak for, so that ``first`` is whole in whichever zone it counts."""
        return self.first - MARGIN

    @property
    def until(self) -> date:
        """Last day to ask for."""
        return self.last + MARGIN

    def days(self) -> list[str]:
        """``YYYY-MM-DD``, in order."""
        return [(self.first + timedelta(days=n)).isoformat() for n in range((self.last - self.first).days + 1)]


def windows(read_until: float | None, now: float, kept_days: int, days_at_once: int) -> list[Window]:
    """Oldest first; together they reach from what was read last to today.

    ``read_until``: of the last window that was finished, None: never, then ``kept_days`` are read.
    """
    today = datetime.fromtimestamp(now, UTC).date()
    first = today - timedelta(days=kept_days - 1)
    if read_until is not None:
        first = max(first, datetime.fromtimestamp(read_until, UTC).date() - MARGIN)
    first = min(first, today)
    found: list[Window] = []
    while True:
        last = min(first + timedelta(days=days_at_once - 1), today)
        end = datetime.combine(last + timedelta(days=1), time(), UTC).timestamp()
        found.append(Window(first, last, min(end, now)))
        if last == today:
            return found
        first = last + timedelta(days=1)
