"""When calls to Listrak stop, and when they go on."""

from __future__ import annotations

import pytest

from listrak_relay.adapters.listrak.breaker import LOOK_SECONDS, PROBE_SECONDS, Breaker
from listrak_relay.errors import NotYetError, RetryableError
from tests.support.fakes import FakeClock, FakeOutages


class Stack:
    """Two functions of it, and Listrak as it answers a harmless question."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.outages = FakeOutages(self.clock)
        self.there = True
        self.questions = 0
        self.first, self.second = (Breaker(self.outages, "sms/secret", "/ShortCode", self.clock) for _ in range(2))

    def answers(self) -> bool:
        self.questions += 1
        return self.there

    def goes_away(self) -> None:
        self.there = False
        with pytest.raises(NotYetError):
            self.first.failed(self.answers)


@pytest.fixture
def stack() -> Stack:
    return Stack()


def test_a_call_that_fails_while_listrak_answers_stops_nothing(stack: Stack) -> None:
    stack.first.failed(stack.answers)

    stack.first.check(stack.answers)
    stack.second.check(stack.answers)
    assert stack.questions == 1


def test_what_one_function_finds_stops_the_others(stack: Stack) -> None:
    stack.goes_away()

    with pytest.raises(NotYetError) as told:
        stack.second.check(stack.answers)

    assert told.value.wait == PROBE_SECONDS
    assert stack.questions == 1


def test_while_listrak_is_away_the_stack_asks_twice_a_minute(stack: Stack) -> None:
    stack.goes_away()
    for _ in range(3_600):
        stack.clock.advance(1)
        for breaker in (stack.first, stack.second):
            with pytest.raises(NotYetError):
                breaker.check(stack.answers)

    assert 100 <= stack.questions <= 121


def test_threads_that_fail_at_the_same_time_ask_once(stack: Stack) -> None:
    stack.goes_away()

    for _ in range(32):
        with pytest.raises(NotYetError):
            stack.first.failed(stack.answers)

    assert stack.questions == 1


def test_when_listrak_answers_again_everything_goes_on(stack: Stack) -> None:
    stack.goes_away()
    stack.there = True
    stack.clock.advance(PROBE_SECONDS)

    stack.second.check(stack.answers)
    stack.first.check(stack.answers)

    assert stack.questions == 2


def test_a_function_that_found_listrak_there_hears_of_an_outage_soon(stack: Stack) -> None:
    stack.second.check(stack.answers)
    stack.goes_away()
    stack.second.check(stack.answers)

    stack.clock.advance(LOOK_SECONDS)

    with pytest.raises(NotYetError):
        stack.second.check(stack.answers)


def test_a_ledger_that_is_away_stops_no_call(stack: Stack) -> None:
    stack.outages.script.fail("look", RetryableError("throttled"))

    stack.first.check(stack.answers)

    assert stack.questions == 0
