"""What all lanes do, those of the real ledger and the fake ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

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


def test_what_was_read_of_older_ones_is_told_also_after_they_were_taken_up_again(lanes: RunLanes) -> None:
    lanes.enter(FIRST)
    assert lanes.older(SECOND) == [LaneEntry(FIRST)]

    lanes.mark_read(FIRST, special=True)
    lanes.start(FIRST)
    assert lanes.older(SECOND) == [LaneEntry(FIRST, read=True, special=True)]

    lanes.end(FIRST)
    lanes.end(FIRST, ended=False)
    assert lanes.older(SECOND) == [LaneEntry(FIRST, read=True, special=True)]


def test_what_has_ended_does_not_come_back_by_entering_once_more(lanes: RunLanes) -> None:
    lanes.enter(FIRST)
    lanes.end(FIRST)
    lanes.enter(FIRST)

    assert lanes.older(SECOND) == []


def test_one_entry_is_found_by_its_place(lanes: RunLanes) -> None:
    assert lanes.entry(FIRST) is None

    lanes.enter(FIRST)
    lanes.start(FIRST)

    assert lanes.entry(FIRST) == LaneEntry(FIRST, started=True)


def test_an_entry_tells_what_became_of_its_run(lanes: RunLanes) -> None:
    lanes.enter(FIRST)
    assert lanes.from_here(FIRST) == [LaneEntry(FIRST)]

    lanes.mark_read(FIRST, special=True)
    for ahead, now in (("older", 10.5), ("older", 12.5), ("old", 15.5), ("old", 20.0)):
        lanes.mark_waiting(FIRST, ahead, now)
    lanes.mark_early(FIRST, "unsubscribe-0001")
    lanes.mark_early(FIRST, "unsubscribe-0002")
    lanes.start(FIRST)
    lanes.enter(FIRST)

    early = frozenset(("unsubscribe-0001", "unsubscribe-0002"))
    assert lanes.from_here(FIRST) == [
        LaneEntry(
            FIRST,
            read=True,
            special=True,
            started=True,
            waiting_since=10.5,
            ahead="old",
            ahead_since=15.5,
            early=early,
        )
    ]


def test_a_turn_that_had_not_come_is_given_back(lanes: RunLanes) -> None:
    lanes.enter(FIRST)
    lanes.start(FIRST)
    lanes.start(FIRST, started=False)

    assert not lanes.from_here(FIRST)[0].started


def test_nothing_is_made_of_a_place_that_was_never_entered(lanes: RunLanes) -> None:
    lanes.mark_read(FIRST, special=True)
    lanes.mark_waiting(FIRST, "older", 1.0)
    lanes.mark_early(FIRST, "unsubscribe-0001")
    lanes.start(FIRST)
    lanes.end(FIRST)
    lanes.end(FIRST, ended=False)

    assert lanes.from_here(FIRST) == []
    assert lanes.older(SECOND) == []


def test_a_look_reads_no_more_however_many_runs_have_ended(emulator: Emulator) -> None:
    counted = _Counted(emulator.dynamodb)
    lanes = DynamoDbLanes(emulator.create_ledger_table(), counted, FakeClock())  # type: ignore[arg-type]
    for number in range(30):
        place = LanePlace(FIRST.lane, f"{number:03d}", f"run-{number}")
        lanes.enter(place)
        if number != 7:
            lanes.end(place)
    counted.items = 0

    found = lanes.older(LanePlace(FIRST.lane, "999", "run-999"))

    assert [entry.place.run_id for entry in found] == ["run-7"]
    assert counted.items == 1


class _Counted:
    """A client of DynamoDB that counts what its queries read."""

    def __init__(self, client: Any) -> None:
        self._client, self.items = client, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def get_paginator(self, name: str) -> Any:
        paginator, counted = self._client.get_paginator(name), self

        class Pages:
            def paginate(self, **arguments: Any) -> Iterator[Any]:
                for page in paginator.paginate(**arguments):
                    counted.items += page["ScannedCount"]
                    yield page

        return Pages()
