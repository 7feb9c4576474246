"""Delivering a feed: what came before it, and what it refers to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

NAMES_KEPT_SECONDS = 7 * 86_400.0
"""How long no other run takes a final name that one has taken."""


@dataclass(frozen=True, slots=True)
class DeliveredFeed:
    """The last delivery of a feed to an account.

    ``run_id``: of the run that delivered it.
    ``name``: of the file on the server.
    ``dropped_at``, ``delivered_at``: ISO 8601 in UTC.
    ``rows``: of the file.
    """

    run_id: str
    name: str
    dropped_at: str
    delivered_at: str
    rows: int


def moment(iso: str) -> datetime:
    """Of ISO 8601 with offset or Z."""
    return datetime.fromisoformat(iso)


def count_missing(references: Iterable[tuple[str, int]], known: Iterable[str]) -> tuple[int, int]:
    """How many keys of ``references`` (key, rows that have it) are not in ``known``, and how many rows have those.

    Both must rise in the order of their characters; neither is held in memory.
    """
    keys = rows = 0
    rest = iter(known)
    at = next(rest, None)
    for key, times in references:
        while at is not None and at < key:
            at = next(rest, None)
        if at != key:
            keys += 1
            rows += times
    return keys, rows
