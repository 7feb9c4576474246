"""Fault after fault on one stack for as long as is wanted, and what the processes of the stack hold meanwhile."""

from __future__ import annotations

import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from tests.support.road.points import CallPoint, Fault, every_fault
from tests.support.runs.coverage import covered
from tests.support.runs.whole import WAYS, Trials
from tests.support.stack.watching import ENOUGH, Watch

LONG = 6
"""Times that a fault strikes in a row, which no retry within an invocation outlasts."""

PAIRS_AMONG = 4
"""After so many trials with one fault there is one with two."""

ENOUGH_WRONG = 10
"""Trials that end otherwise than the model says, after which no more are made."""

Trial = tuple[str, tuple[Fault, ...]]


@dataclass
class Soak:
    """``trials``: on the stack. ``seed``: by which the order of faults and the pairs are drawn. ``share``: of how many
    stacks that share them out between them this is which, counted from 0."""

    trials: Trials
    seed: int
    share: tuple[int, int] = (0, 1)
    watch: Watch = field(default_factory=Watch)
    wrong: dict[str, list[str]] = field(default_factory=dict)
    points: dict[str, int] = field(default_factory=dict)
    there_are: dict[str, int] = field(default_factory=dict)
    tried: Counter[str] = field(default_factory=Counter)
    pairs: int = 0
    struck: int = 0
    before_trials: float = 0.0
    """Seconds that the runs without a fault took."""

    def go_on(self, seconds: float) -> None:
        """Until the time is over, or every fault was tried, or enough went wrong."""
        begun = time.monotonic()
        ends = begun + seconds
        place, of = self.share
        points = self._faultless()
        self.before_trials = time.monotonic() - begun
        for name, faults in islice(in_order(points, self.seed), place, None, of):
            if time.monotonic() > ends or len(self.wrong) >= ENOUGH_WRONG:
                return
            self._try(name, faults)
            self.watch.look({**self.trials.faulty.stack.processes(), "the stack itself": os.getpid()})

    def too_little(self) -> str:
        """Why nothing follows from its green end; empty if something does."""
        trials = sum(self.tried.values()) + self.pairs
        if trials < ENOUGH:
            return (
                f"{trials} trials are too few to tell of faults and growth, {ENOUGH} would do: of its time the runs "
                f"without a fault alone, which come first, took {self.before_trials:.0f} s; give MINUTES more"
            )
        if not self.struck:
            return f"none of {trials} trials met its fault: other calls are made than in the runs without a fault"
        return ""

    def lines(self) -> Iterator[str]:
        for name, points in self.points.items():
            yield covered(name, points, self.there_are[name], self.tried[name], self.seed)
        singles = sum(self.tried.values())
        yield f"faults: {self.pairs:,} pairs tried; {self.struck:,} of {singles + self.pairs:,} trials met their fault"
        yield from (f"held by {line}" for line in self.watch.lines())
        yield from (f"wrong after {trial}: {'; '.join(violations)}" for trial, violations in self.wrong.items())

    def _try(self, name: str, faults: tuple[Fault, ...]) -> None:
        try:
            seen = self.trials.run(WAYS[name], *faults)
        except AssertionError as error:  # no rest in time
            violations = [str(error)]
        else:
            violations = seen.violations
            self.struck += bool(seen.struck)
        if len(faults) == 1:
            self.tried[name] += 1
        else:
            self.pairs += 1
        if violations:
            self.wrong[f"{name}: {' and '.join(map(str, faults))}"] = violations

    def _faultless(self) -> Mapping[str, Sequence[CallPoint]]:
        """The calls of each kind of run."""
        points = {}
        for name, way in WAYS.items():
            calm = self.trials.run(way)
            if calm.violations:
                self.wrong[f"{name}: no fault"] = calm.violations
            points[name] = calm.points
            self.points[name], self.there_are[name] = len(calm.points), len(_faults(calm.points))
        return points


def in_order(points: Mapping[str, Sequence[CallPoint]], seed: int) -> Iterator[Trial]:
    """Every point of every kind of run with one fault, then with another, until none is left, and pairs in between."""
    chance = random.Random(seed)
    rounds: dict[int, list[Trial]] = defaultdict(list)
    by_kind = {name: _faults(each) for name, each in points.items()}
    for name, there_are in by_kind.items():
        of_a_point: dict[CallPoint, list[Fault]] = defaultdict(list)
        for fault in there_are:
            of_a_point[fault.point].append(fault)
        for faults in of_a_point.values():
            for number, fault in enumerate(chance.sample(faults, len(faults))):
                rounds[number].append((name, (fault,)))
    singles = (single for number in sorted(rounds) for single in chance.sample(rounds[number], len(rounds[number])))
    for number, single in enumerate(singles, start=1):
        yield single
        if number % PAIRS_AMONG == 0:
            name = chance.choice(list(by_kind))
            yield name, tuple(chance.sample(by_kind[name], 2))


def _faults(points: Sequence[CallPoint]) -> list[Fault]:
    return [fault for times in (1, LONG) for fault in every_fault(points, times)]
