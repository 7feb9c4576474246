"""Somebody who opted out at Listrak."""

from __future__ import annotations

from dataclasses import dataclass

UNDATED = "undated"
"""Takes the place of the day where Listrak tells none."""

_DAY_LENGTH = len("2026-01-31")


@dataclass(frozen=True, slots=True, order=True, repr=False)
class OptOut:
    """``contact``: address or number, in Listrak's spelling. ``at``: ``2026-01-31T08:15:30`` as Listrak writes it, in a
    zone that it does not name; empty where it tells no time. ``how``: Listrak's word for the way, may be empty."""

    contact: str
    at: str
    how: str

    @property
    def day(self) -> str:
        return self.at[:_DAY_LENGTH] or UNDATED
