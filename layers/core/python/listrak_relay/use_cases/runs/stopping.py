"""When an invocation begins nothing new, so that what is left can be handed on while there is time."""

from __future__ import annotations

from listrak_relay.ports.time import TimeLeft

TIME_TO_STOP_SECONDS = 60.0
"""For calls under way with their retries, for a piece of a file on its way, and to keep how far the work is. What
hangs longer ends with the invocation, like any answer that is lost."""


def must_stop(time_left: TimeLeft) -> bool:
    return time_left() < TIME_TO_STOP_SECONDS
