"""Time as the simulator tells it."""

import time
from datetime import UTC, datetime
from functools import lru_cache


def now() -> float:
    """Seconds since the epoch."""
    return time.time()


def as_api_date(moment: float | None) -> str | None:
    """The form of the published samples, ``2026-01-31T08:15:30``: no offset. The simulator's zone is UTC."""
    return _format_second(int(moment)) if moment else None


def as_compact_date(moment: float) -> str:
    """``20260131081530``"""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y%m%d%H%M%S")


@lru_cache(maxsize=4096)  # a page of contacts shares few seconds, and formatting is what it would spend its time on
def _format_second(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def from_api_date(text: str) -> float:
    """Seconds since the epoch for an ISO 8601 date or date and time, UTC where it names no zone.

    Raises:
        ValueError: ``text`` is neither.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.timestamp()
