"""Where a run touches the outside, and what may go wrong there. Imports nothing of the program."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tests.support.road.kinds import KINDS


@dataclass(frozen=True, slots=True, order=True)
class CallPoint:
    """One call of a faultless run: the ``number``-th of an ``operation`` by a ``function``, counted from 0."""

    function: str
    service: str
    operation: str
    number: int

    def __str__(self) -> str:
        return f"{self.function}'s {self.service} {self.operation} #{self.number + 1}"


@dataclass(frozen=True, slots=True)
class Fault:
    """``kind``: of `KINDS`. ``after``: the call took effect first. ``times``: in a row, from ``point`` on."""

    point: CallPoint
    kind: str
    after: bool
    times: int = 1

    def __str__(self) -> str:
        return f"{self.kind} {'after' if self.after else 'instead of'} {self.point}, {self.times} times"


def every_fault(points: Iterable[CallPoint], times: int = 1) -> list[Fault]:
    """At each point every kind that there is for its service, in place of the call and after it."""
    return [
        Fault(point, name, after, times)
        for point in points
        for name, kind in KINDS.items()
        if kind.fits(point.service, point.operation)
        for after in kind.moments
    ]
