"""How long whoever waits stays away between two looks, and when waiting ends."""

from __future__ import annotations

import random

WAIT_LIMIT_SECONDS = 12 * 3600.0
"""From its first wait until a message is set aside that still waits for something without an end of its own."""

LONGEST_LOOK_SECONDS = 300.0
"""Between two looks at something that another must finish."""

_OF_THE_WAIT_SO_FAR = 0.1

_SHORTEST_IN_LINE_SECONDS = 2.0
"""Between two looks of the next in a line, where imports are short."""


def seconds_to_look(asked: float, waited: float) -> float:
    """At least ``asked``, and a tenth of what has been waited for so far, as far as that is not too long."""
    return max(asked, min(LONGEST_LOOK_SECONDS, waited * _OF_THE_WAIT_SO_FAR))


def seconds_in_line(ahead: int, first_for: float, poll_seconds: float) -> float:
    """Until whoever waits in a line looks again. ``ahead``: how many stand there before it, at least 1.
    ``first_for``: seconds for which the first of them has been seen to be the first.

    The last of many looks seldom, and the next one often, though in no less than a tenth of the time that the one
    before it has taken so far.
    """
    shortest = min(_SHORTEST_IN_LINE_SECONDS, waiting_seconds(poll_seconds))
    return min(LONGEST_LOOK_SECONDS, ahead * seconds_to_look(shortest, first_for))


def spread(seconds: float) -> float:
    """From half to one and a half of it, so that what began to wait at once does not come back at once."""
    return seconds * random.uniform(0.5, 1.5)


def waiting_seconds(poll_seconds: float) -> float:
    """Of the first look at what others must finish. ``poll_seconds``: of the first question after an import."""
    return max(1.0, min(poll_seconds, 60.0))
