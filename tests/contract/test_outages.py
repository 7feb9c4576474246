"""`ports.outages.Outages`: what one function finds, all others know."""

from __future__ import annotations

import pytest

from listrak_relay.adapters.aws.dynamodb_outages import DynamoDbOutages
from listrak_relay.ports.outages import Outage, Outages
from tests.support.aws.emulator import Emulator
from tests.support.fakes import FakeClock, FakeOutages

NAME = "sms/listrak-relay/listrak-sms"


@pytest.fixture(params=["fake", "dynamodb"])
def outages(request: pytest.FixtureRequest, clock: FakeClock) -> Outages:
    if request.param == "fake":
        return FakeOutages(clock)
    emulator: Emulator = request.getfixturevalue("emulator")
    return DynamoDbOutages(request.getfixturevalue("ledger_table"), emulator.dynamodb, clock)


def test_nothing_is_known_of_an_api_that_answers(outages: Outages) -> None:
    assert outages.look(NAME, 30) is None


def test_while_it_lasts_everybody_is_told_how_long_to_wait(outages: Outages, clock: FakeClock) -> None:
    outages.begin(NAME, 30)
    clock.advance(10)

    assert outages.look(NAME, 30) == Outage(20)
    assert outages.look("email/listrak-relay/listrak-email", 30) is None


def test_of_many_that_ask_when_it_is_time_one_is_to_look(outages: Outages, clock: FakeClock) -> None:
    outages.begin(NAME, 30)
    clock.advance(30)

    assert [outages.look(NAME, 30) for _ in range(3)] == [Outage(0), Outage(30), Outage(30)]


def test_when_it_is_over_nothing_is_known_any_more_and_another_may_begin(outages: Outages) -> None:
    outages.begin(NAME, 30)
    outages.end(NAME)
    outages.end(NAME)
    assert outages.look(NAME, 30) is None

    outages.begin(NAME, 30)

    assert outages.look(NAME, 30) == Outage(30)


def test_who_finds_it_later_does_not_make_the_wait_shorter(outages: Outages) -> None:
    outages.begin(NAME, 300)
    outages.begin(NAME, 30)

    assert outages.look(NAME, 30) == Outage(300)
