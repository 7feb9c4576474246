"""How many examples hypothesis tries for a property.

`make test` tries few, so that it stays short, and the same each time, so that what is red tells of what was changed.
EXAMPLES says how many times as many, which are drawn anew: `EXAMPLES=10 make test ARGS=tests/unit`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

from hypothesis import settings

TIMES = float(os.environ.get("EXAMPLES", "1"))
_ALWAYS_THE_SAME = "EXAMPLES" not in os.environ


T = TypeVar("T")


def thinned(cases: Sequence[T], most: int = 60) -> Sequence[T]:
    """Of many alike about ``most``, from all over; all of them where EXAMPLES is given."""
    return cases if not _ALWAYS_THE_SAME else cases[:: -(-len(cases) // most)]


def examples(count: int, **others: object) -> settings:
    """``count``: of examples, where EXAMPLES is 1. ``others``: further settings."""
    most = max(1, round(count * TIMES))
    return settings(max_examples=most, deadline=None, derandomize=_ALWAYS_THE_SAME, **others)  # type: ignore[arg-type]
