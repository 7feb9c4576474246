"""In which order the faults of a soak come."""

from __future__ import annotations

from itertools import islice

from tests.support.road.points import CallPoint
from tests.support.runs.soak import in_order

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
