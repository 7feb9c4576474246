"""The road between the functions and what is outside: it counts each call, and knows which is to go wrong."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from typing import Protocol

from tests.support.road.points import CallPoint, Fault


class Called(Protocol):
    """What a call is counted by."""

    @property
    def service(self) -> str: ...

    @property
    def operation(self) -> str: ...


class Road:
    """Any number of threads. Between `begin` and `mend` calls are counted and go wrong as they are to."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: tuple[Fault, ...] = ()
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._taken: list[CallPoint] = []
        self._struck: list[Fault] = []

    def begin(self, faults: Iterable[Fault] = ()) -> None:
        with self._lock:
            self._faults = tuple(faults)
            self._counts.clear()
            self._taken.clear()
            self._struck.clear()

    def mend(self) -> None:
        """From here on nothing goes wrong."""
        with self._lock:
            self._faults = ()

    @property
    def taken(self) -> list[CallPoint]:
        """Every call since it began, in order."""
        with self._lock:
            return list(self._taken)

    @property
    def struck(self) -> list[Fault]:
        with self._lock:
            return list(self._struck)

    def next(self, function: str, heard: Called) -> Fault | None:
        """What is to become of this call."""
        named = (function, heard.service, heard.operation)
        with self._lock:
            number = self._counts[named]
            self._counts[named] += 1
            self._taken.append(CallPoint(*named, number))
            for fault in self._faults:
                point = fault.point
                if (point.function, point.service, point.operation) == named and (
                    point.number <= number < point.number + fault.times
                ):
                    self._struck.append(fault)
                    return fault
        return None
