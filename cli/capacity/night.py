"""A night's work in numbers: imports, looks at them, seconds of functions, and what AWS charges for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from cli.capacity import measured
from cli.capacity.measured import Work
from cli.capacity.stack import Deployed
from listrak_relay.use_cases.runs.first_looks import LEAST_SECONDS, ROWS_A_SECOND
from listrak_relay.use_cases.runs.waiting import LONGEST_LOOK_SECONDS

LISTRAK_ROWS_A_SECOND = ROWS_A_SECOND
BASE64 = 4 / 3
"""A file travels to Listrak as text."""

_GROWTH = 1.5
"""Of the wait between two looks."""


class Imports(StrEnum):
    """How Listrak works on imports that wait; it publishes nothing about it."""

    BY_LIST = "by-list"
    ONE_QUEUE = "one-queue"
    AT_ONCE = "at-once"


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """``contacts`` and ``numbers``: rows of all files together, shared out evenly over ``audiences``, and these over
    ``destinations``, each with a list of its own. ``changed``: share of the numbers for which Listrak has something
    else. ``within``: seconds in which all files are dropped. ``rate``: contacts a second of one import at Listrak."""

    contacts: float
    audiences: int
    destinations: int
    hours: float
    stack: Deployed
    numbers: float = 0
    changed: float = 0.05
    row_bytes: float = measured.ROW_BYTES
    within: float = 900.0
    rate: float = LISTRAK_ROWS_A_SECOND
    imports_go: Imports = Imports.BY_LIST

    @property
    def seconds(self) -> float:
        return self.hours * 3_600

    @property
    def of_audience(self) -> float:
        return self.contacts / self.audiences

    @property
    def file_bytes(self) -> float:
        return self.of_audience * self.row_bytes

    @property
    def runs_of_list(self) -> int:
        """Of the fullest."""
        return ceil(self.audiences / self.destinations)

    @property
    def imports_of_run(self) -> int:
        return max(1, ceil(self.file_bytes / self.stack.settings["MaxChunkBytes"]))

    @property
    def imports(self) -> int:
        return self.audiences * self.imports_of_run

    @property
    def changed_numbers(self) -> float:
        return self.numbers * self.changed

    @property
    def import_seconds(self) -> float:
        """Of one at Listrak, without what stands before it."""
        return max(LEAST_SECONDS, self.of_audience / self.imports_of_run / self.rate)

    @property
    def listrak_seconds(self) -> float:
        """Until Listrak has done all of them, if they were there at once."""
        one_behind_the_other = {
            Imports.BY_LIST: self.runs_of_list * self.imports_of_run,
            Imports.ONE_QUEUE: self.imports,
            Imports.AT_ONCE: 1,
        }
        return one_behind_the_other[self.imports_go] * self.import_seconds

    @property
    def looks(self) -> int:
        """At all imports that have not ended, which wait for half of what stands before them."""
        stay = max(self.import_seconds, self.listrak_seconds / 2)
        return self.imports * looks_at(stay, self.stack.settings["ImportPollSeconds"])

    def work(self) -> Iterator[tuple[Work, float]]:
        """What is done, how often. Each import counts as a run, which is a little more than it is."""
        yield measured.EMAIL_RUN, self.imports
        yield measured.CONTACT, self.contacts
        yield measured.LOOK, self.looks
        if self.numbers:
            yield measured.SMS_RUN, self.audiences
            yield measured.NUMBER, self.numbers
            yield measured.CHANGED_NUMBER, self.changed_numbers

    def function_seconds(self) -> dict[str, float]:
        """Of all invocations together, by function."""
        return _together((work.seconds, times) for work, times in self.work())

    def usage(self) -> dict[str, float]:
        """By the names of `costs.COUNTERS`."""
        found = _together((work.amounts, times) for work, times in self.work())
        metrics = measured.STACK_METRICS + measured.ROUTE_METRICS + measured.DESTINATION_METRICS * self.destinations
        found["metric_hours"] = metrics * ceil(self.hours)
        found["internet_gb"] = self.contacts * self.row_bytes * BASE64 / 1e9
        return found


def _together(parts: Iterable[tuple[Mapping[str, float], float]]) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for amounts, times in parts:
        for name, amount in amounts.items():
            found[name] += amount * times
    return dict(found)


def looks_at(seconds: float, first: float) -> int:
    """At an import that takes so long."""
    looks, waited, wait = 0, 0.0, first
    while waited < seconds:
        if wait >= LONGEST_LOOK_SECONDS:
            return looks + ceil((seconds - waited) / LONGEST_LOOK_SECONDS)
        waited, wait, looks = waited + wait, min(LONGEST_LOOK_SECONDS, wait * _GROWTH), looks + 1
    return looks
