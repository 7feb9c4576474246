"""In which order the faults of a soak come, and when nothing follows from its green end."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import Any, cast

from tests.support.road.points import CallPoint, Fault
from tests.support.runs.soak import Soak, in_order
from tests.support.runs.whole import Seen, Trials

POINTS = {
    "email": [CallPoint("deliver_email", "dynamodb", "PutItem", number) for number in range(5)],
    "feed": [CallPoint("relay_feed", "s3", "GET /", 0)],
}


def test_every_call_goes_wrong_once_before_any_does_for_the_second_time() -> None:
    first = islice((trial for trial in in_order(POINTS, 7) if len(trial[1]) == 1), 6)

    assert sorted((name, faults[0].point) for name, faults in first) == sorted(
        (name, point) for name, points in POINTS.items() for point in points
    )


def test_every_fault_comes_once_and_pairs_come_in_between() -> None:
    trials = list(in_order(POINTS, 7))

    singles = [faults[0] for _, faults in trials if len(faults) == 1]
    assert len(singles) == len(set(singles)) == 5 * 24 + 22
    assert len(trials) - len(singles) == len(singles) // 4


def test_the_order_is_that_of_the_seed() -> None:
    assert list(in_order(POINTS, 7)) == list(in_order(POINTS, 7)) != list(in_order(POINTS, 8))


@dataclass
class Stack:
    """`Trials` whose every run ends as it should. ``meets``: a fault is met."""

    meets: bool = True
    faulty: Any = field(default_factory=lambda: cast("Any", _Faulty()))

    def run(self, _way: object, *faults: Fault) -> Seen:
        return Seen([], POINTS["email"], list(faults) if self.meets else [])


class _Faulty:
    @property
    def stack(self) -> _Faulty:
        return self

    def processes(self) -> dict[str, int]:
        return {}


def soaked(stack: Stack, seconds: float) -> Soak:
    soak = Soak(cast("Trials", stack), 7)
    soak.go_on(seconds)
    return soak


def test_a_soak_without_a_trial_says_that_nothing_follows_from_it() -> None:
    assert soaked(Stack(), -1).too_little() == (
        "0 trials are too few to tell of faults and growth, 8 would do: of its time the runs without a fault alone, "
        "which come first, took 0 s; give MINUTES more"
    )


def test_a_soak_that_has_made_trials_has_nothing_to_say_of_that() -> None:
    assert soaked(Stack(), 60).too_little() == ""


def test_a_soak_that_never_met_a_fault_says_that_nothing_follows_from_it() -> None:
    assert "met its fault" in soaked(Stack(meets=False), 60).too_little()
