"""A phone list that shows those too who have left it, mirrored: more of them to be asked after than there is time."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from listrak_relay.domain.delivery.sms_plan import SmsPlan
from listrak_relay.domain.destinations.choices import Mode
from listrak_relay.domain.destinations.destinations import SmsDestination
from listrak_relay.domain.run.manifest import Action
from listrak_relay.errors import RetryableError
from listrak_relay.use_cases.sms.asking import NUMBERS_IN_A_PART
from listrak_relay.use_cases.sms.leavers import SAMPLE
from tests.support.fakes import FakeClock, FakeSmsGateway, FakeSmsGateways
from tests.support.runs.relay import Killed, Relay, Row

LISTED = 2_000
IN_FILE = range(1, 100)
OUTSIDE = LISTED - len(IN_FILE)
LEFT = len([n for n in range(0, LISTED, 2) if n not in IN_FILE])
"""Of those who are not in the file."""


class AskedAfter(FakeSmsGateway):
    """``asked``: each number that was asked after, in order. ``fails_at``: the ordinals of questions that get no
    answer; ``dies_at``: at which the process does."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock)
        self.lists_leavers = True
        self.asked: list[str] = []
        self.fails_at: set[int] = set()
        self.dies_at: set[int] = set()

    def left_list_at(self, sender_code_id: int, list_id: int, number: str) -> float | None:
        self.asked.append(number)
        if len(self.asked) in self.fails_at:
            raise RetryableError("no answer")
        if len(self.asked) in self.dies_at:
            raise Killed
        return super().left_list_at(sender_code_id, list_id, number)


class TimeLeft:
    """Each invocation has time for so many ``questions`` about numbers; of what else it does, for all."""

    def __init__(self, sms: AskedAfter, questions: int) -> None:
        self._sms, self._questions, self._begun, self.invocations = sms, questions, 0, 1

    def __call__(self) -> float:
        if len(self._sms.asked) < self._begun + self._questions:
            return 900.0
        self._begun, self.invocations = len(self._sms.asked), self.invocations + 1
        return 59.0


def digits(number: int) -> str:
    return f"1717{2_000_000 + number}"


def rows() -> list[Row]:
    return [(Action.SUBSCRIBE, row, (f"+{digits(n)}",)) for row, n in enumerate(IN_FILE, start=2)]


def long_list(listed: int = LISTED, *, staying: int = 2) -> tuple[Relay, AskedAfter]:
    """All but every ``staying``-th number have left the list, and stand there still."""
    clock = FakeClock()
    sms = AskedAfter(clock)
    mirror = SmsDestination("sms", mode=Mode.MIRROR, mirror_guard_percent=100, audience_guard_percent=100)
    relay = Relay(mirror, clock=clock, sms=FakeSmsGateways(sms))
    relay.reader.columns = ()
    for number in range(listed):
        sms.add(digits(number))
    for number in range(listed):
        if number % staying != 1:
            sms.leave(digits(number))
    return relay, sms


def mirrored(relay: Relay) -> dict[str, Any]:
    source = relay.drop(rows(), "sms/vip/file.csv")
    relay.run_to_end()
    return relay.report(source)


def test_the_asking_goes_on_where_it_stopped_and_nobody_is_asked_after_twice() -> None:
    relay, sms = long_list()
    relay.time_left = time_left = TimeLeft(sms, 450)  # type: ignore[assignment]

    report = mirrored(relay)

    assert time_left.invocations > 4
    assert report["status"] == "COMPLETED"
    assert sms.subscribed() == sorted(digits(n) for n in IN_FILE)
    assert report["audience_size"]["before"] == LISTED - LEFT
    assert report["removals"] == {"removed": OUTSIDE - LEFT}
    # Once for the mirror, and before for samples; those of the file are looked at once more by their rows.
    assert len(sms.asked) <= OUTSIDE + 2 * SAMPLE + len(IN_FILE)


def test_whom_listrak_says_to_have_left_is_not_kept_when_all_is_decided() -> None:
    relay, sms = long_list()
    relay.time_left = TimeLeft(sms, 450)  # type: ignore[assignment]
    mirrored(relay)

    kept = {key: body for key, body in relay.store.objects.items() if key.endswith(".numbers")}
    assert any("/left-" in key for key in kept)
    assert set(kept.values()) == {b""}


@pytest.mark.parametrize("trouble", ["fails_at", "dies_at"])
def test_trouble_on_the_way_changes_nothing_in_the_end(trouble: str) -> None:
    relay, sms = long_list()
    relay.time_left = TimeLeft(sms, 450)  # type: ignore[assignment]
    setattr(sms, trouble, {150, 700, 701, 1_300})

    report = mirrored(relay)

    assert report["status"] == "COMPLETED"
    assert sms.subscribed() == sorted(digits(n) for n in IN_FILE)
    assert report["audience_size"]["before"] == LISTED - LEFT


def test_no_more_are_in_memory_or_lost_by_a_crash_than_a_part_of_them() -> None:
    relay, sms = long_list(2 * NUMBERS_IN_A_PART + LISTED, staying=200)
    sms.dies_at = {2 * NUMBERS_IN_A_PART}

    source = relay.drop(rows(), "sms/vip/file.csv")
    relay.run_to_end()

    assert sms.subscribed() == sorted(digits(n) for n in IN_FILE)
    plan = relay.ledger.get_plan(source.run_id, SmsPlan)
    assert plan
    assert plan.left_parts == 3
    twice = sum(number - 1 for number in Counter(sms.asked).values())
    assert twice <= NUMBERS_IN_A_PART + 2 * SAMPLE + len(IN_FILE)


def test_a_number_that_is_never_answered_for_is_given_up_after_the_tries_of_its_message() -> None:
    relay, sms = long_list()
    sms.script.fail("left_list_at", RetryableError("no answer"), times=100_000)

    report = mirrored(relay)

    assert report["status"] == "FAILED"
    assert len(sms.asked) < 1_000
