"""How many examples hypothesis tries for a property.

`make test` tries few, so that it stays short. EXAMPLES says how many times as many:
`EXAMPLES=10 make test ARGS=tests/unit`.
"""

from __future__ import annotations

import os

from hypothesis import settings

TIMES = float(os.environ.get("EXAMPLES", "1"))


def examples(count: int, **others: object) -> settings:
    """``count``: of examples, where EXAMPLES is 1. ``others``: further settings."""
    return settings(max_examples=max(1, round(count * TIMES)), deadline=None, **others)  # type: ignore[arg-type]
