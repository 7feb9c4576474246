"""Whether a file that is expected every day has come."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

EARLIEST = timedelta(hours=12)
"""How long before its hour a file may come. What came earlier was that of the day before."""


def is_missing(expected_by: time, last_drop: datetime | None, now: datetime) -> bool:
    """Whether nothing came for the hour that was passed last, neither in the half day before it nor since.

    ``expected_by`` is a time of day in UTC, the others have a time zone. ``last_drop``: when a file was last dropped,
    None for never.
    """
    due = datetime.combine(now.astimezone(UTC), expected_by, UTC)
    if due > now:
        due -= timedelta(days=1)
    return last_drop is None or last_drop < due - EARLIEST
