"""What is counted about calls, in a form that needs no more than the standard library."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class RouteCalls:
    """The calls of one route, such as ``GET Contact``.

    ``errors``: those without a usable answer: no connection, no answer, a fault on Listrak's side, or throttled. What
    Listrak refuses is no error. ``milliseconds``: of the others, at most `SAMPLE` taken by chance.
    """

    calls: int = 0
    errors: int = 0
    milliseconds: list[float] = field(default_factory=list)


SAMPLE = 99
"""A line of CloudWatch's embedded metric format holds a hundred values of a metric, and Powertools writes it when it is
full."""
