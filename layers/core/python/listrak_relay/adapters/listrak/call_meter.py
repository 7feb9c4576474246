"""How long Listrak's answers take and how many do not come, by route, until somebody takes the figures."""

from __future__ import annotations

import random
import threading

from listrak_relay.ports.measuring import SAMPLE, RouteCalls


class CallMeter:
    """By any number of threads, none of which is held up: a call costs a sum and now and then a place in a sample.

    A route's times are a sample by chance (Vitter's algorithm R), each as likely to be in it as any other.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._routes: dict[str, RouteCalls] = {}

    def note(self, route: str, seconds: float | None) -> None:
        """``seconds`` from sending until the answer began; None where there was no usable one."""
        with self._lock:
            found = self._routes.setdefault(route, RouteCalls())
            found.calls += 1
            if seconds is None:
                found.errors += 1
                return
            answered = found.calls - found.errors
            if len(found.milliseconds) < SAMPLE:
                found.milliseconds.append(seconds * 1000)
            elif (place := random.randrange(answered)) < SAMPLE:
                found.milliseconds[place] = seconds * 1000

    def take(self) -> dict[str, RouteCalls]:
        """What was noted since the last time, by route."""
        with self._lock:
            taken, self._routes = self._routes, {}
        return taken
