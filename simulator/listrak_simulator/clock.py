"""Time as the simulator tells it: the machine's, and as far ahead of it as a test has said."""

import asyncio
import time
from datetime import UTC, datetime
from functools import lru_cache

_POLL_SECONDS = 0.02

_ahead = 0.0


def now() -> float:
    """Seconds since the epoch."""
    return time.time() + _ahead


def ahead() -> float:
    """Seconds."""
    return _ahead


def set_ahead(seconds: float) -> None:
    global _ahead  # noqa: PLW0603  there is one time
    _ahead = seconds


async def until(moment: float) -> None:
    """Wait, also for somebody who sets the clock ahead."""
    while (left := moment - now()) > 0:
        await asyncio.sleep(min(left, _POLL_SECONDS))
    await asyncio.sleep(0)


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
