"""Waiting on a condition, with a deadline."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


LEAST_SECONDS = 180.0
"""A machine with other work takes many times as long as a quiet one, and whoever is not late does not wait for it."""


def eventually(look: Callable[[], T], seconds: float = LEAST_SECONDS, what: str = "the condition") -> T:
    """The first true value of ``look``. Raises AssertionError when there is none within ``seconds``, which are
    `LEAST_SECONDS` at least."""
    seconds = max(seconds, LEAST_SECONDS)
    deadline = time.monotonic() + seconds
    while True:
        if found := look():
            return found
        assert time.monotonic() < deadline, f"{what} did not come about in {seconds:g} s"
        time.sleep(0.05)
