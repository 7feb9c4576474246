"""What all lanes do, those of the real ledger and the fake ones."""

from __future__ import annotations

import pytest

from listrak_relay.adapters.aws.dynamodb_lanes import DynamoDbLanes
from listrak_relay.domain.lanes.lane import LaneEntry, LanePlace
from listrak_relay.ports.lanes import RunLanes
from tests.support.aws.emulator import Emulator
from tests.support.fakes import FakeClock, FakeLanes

FIRST, SECOND, THIRD = (LanePlace("email/email//masterlist", f"{n:03d}", f"run-{n}") for n in (1, 2, 3))
ELSEWHERE = LanePlace("email/email//other", "000", "run-0")


@pytest.fixture(params=["fake", "dynamodb"])
def lanes(request: pytest.FixtureRequest) -> RunLanes:
    if request.param == "fake":
        return FakeLanes()
    emulator: Emulator = request.getfixturevalue("emulator")
    return DynamoDbLanes(emulator.create_ledger_table(), emulator.dynamodb, FakeClock())


def test_entries_are_in_the_order_of_drops_whenever_they_entered(lanes: RunLanes) -> None:
    for place in (THIRD, ELSEWHERE, FIRST, SECOND):
        lanes.enter(place)

    assert [entry.place for entry in lanes.older(THIRD)] == [FIRST, SECOND]
    assert [entry.place for entry in lanes.from_here(SECOND)] == [SECOND, THIRD]


def test_what_has_ended_is_behind_nobody_until_it_is_taken_up_again(lanes: RunLanes) -> None:
    lanes.enter(FIRST)
    lanes.end(FIRST)
    assert lanes.older(SECOND) == []

    lanes.end(FIRST, ended=False)
    assert [entry.place for entry in lanes.older(SECOND)] == [FIRST]


def test_an_entry_tells_what_became_of_its_run(lanes: RunLanes) -> None:
    lanes.enter(FIRST)
    assert lanes.from_here(FIRST) == [LaneEntry(FIRST)]

    lanes.mark_read(FIRST, special=True)
    lanes.mark_waiting(FIRST, 10.5)
    lanes.mark_waiting(FIRST, 20.0)
    lanes.mark_early(FIRST, "unsubscribe-0001")
    lanes.mark_early(FIRST, "unsubscribe-0002")
    lanes.start(FIRST)
    lanes.enter(FIRST)

    early = frozenset(("unsubscribe-0001", "unsubscribe-0002"))
    assert lanes.from_here(FIRST) == [
        LaneEntry(FIRST, read=True, special=True, started=True, waiting_since=10.5, early=early)
    ]


def test_a_turn_that_had_not_come_is_given_back(lanes: RunLanes) -> None:
    lanes.enter(FIRST)
    lanes.start(FIRST)
    lanes.start(FIRST, started=False)

    assert not lanes.from_here(FIRST)[0].started


def test_nothing_is_made_of_a_place_that_was_never_entered(lanes: RunLanes) -> None:
    lanes.mark_read(FIRST, special=True)
    lanes.mark_waiting(FIRST, 1.0)
    lanes.mark_early(FIRST, "unsubscribe-0001")
    lanes.start(FIRST)
    lanes.end(FIRST)

    assert lanes.from_here(FIRST) == []
