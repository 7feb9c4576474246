"""The pace of calls: a budget for the whole stack, slower when Listrak is in trouble, faster again afterwards."""

from __future__ import annotations

from contextlib import suppress

import pytest

from listrak_relay.adapters.listrak.answer import Answer
from listrak_relay.adapters.listrak.pace import Pace, PacedTransport
from listrak_relay.adapters.listrak.transport import NoAnswerError, Request
from listrak_relay.ports.pacing import Permits
from tests.support.fakes import FakeClock


class Budget:
    """`ports.pacing.CallPermits` of everyone in a test."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.given: dict[int, int] = {}
        self.asked = 0

    def take(self, name: str, wanted: int, per_second: int) -> Permits:
        self.asked += 1
        second = int(self._clock.now())
        granted = min(wanted, per_second - self.given.get(second, 0))
        self.given[second] = self.given.get(second, 0) + granted
        return Permits(second, granted)


GET = Request("GET", "https://listrak.example")


class Says:
    """A transport that gives one answer."""

    def __init__(self, status: int, headers: dict[str, str] | None = None) -> None:
        self.status, self.headers = status, headers or {}

    def send(self, request: Request) -> Answer:
        if not self.status:
            raise NoAnswerError
        return Answer(self.status, self.headers, b"{}")


def pace_of(clock: FakeClock, budget: Budget, per_second: int = 100) -> Pace:
    return Pace(budget, "sms", per_second, clock, clock.advance)


def calls_within(pace: Pace, clock: FakeClock, seconds: float) -> int:
    """Calls begun one right after the other."""
    end, count = clock.now() + seconds, 0
    while clock.now() < end:
        pace.wait()
        count += 1
    return count


def test_no_more_calls_a_second_than_the_budget() -> None:
    clock = FakeClock()
    budget = Budget(clock)

    calls_within(pace_of(clock, budget), clock, 5)

    assert max(budget.given.values()) == 100


def test_functions_side_by_side_share_the_budget() -> None:
    clock = FakeClock()
    budget = Budget(clock)
    paces = [pace_of(clock, budget) for _ in range(3)]
    begun: dict[int, int] = {}

    for _ in range(300):
        for pace in paces:
            pace.wait()
            begun[int(clock.now())] = begun.get(int(clock.now()), 0) + 1

    assert max(begun.values()) <= 100


def test_the_budget_is_asked_for_in_blocks() -> None:
    clock = FakeClock()
    budget = Budget(clock)

    calls_within(pace_of(clock, budget), clock, 3)

    assert budget.asked < 3 * 12


def test_a_second_that_others_have_spent_is_asked_for_once_however_many_threads_wait() -> None:
    clock = FakeClock()
    budget = Budget(clock)
    budget.take("sms", 100, 100)
    asked = budget.asked
    pauses: list[float] = []

    class PausedError(Exception):
        """What a thread does instead of sleeping."""

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        raise PausedError

    pace = Pace(budget, "sms", 100, clock, pause)
    for _ in range(32):
        with suppress(PausedError):
            pace.wait()
    clock.advance(1)
    pace.wait()

    assert len(pauses) == 32
    assert budget.asked - asked == 2


@pytest.mark.parametrize("status", [429, 500, 503, 0])
def test_trouble_halves_the_rate_and_time_gives_it_back(status: int) -> None:
    clock = FakeClock()
    pace = pace_of(clock, Budget(clock))
    calls_within(pace, clock, 3)
    transport = PacedTransport(Says(status), pace)

    for _ in range(5):
        with suppress(NoAnswerError):
            transport.send(GET)

    assert pace.rate < 60
    slow = calls_within(pace, clock, 1)
    assert slow < 75
    clock.advance(30)
    assert pace.rate == 100


def test_trouble_that_lasts_slows_down_to_almost_nothing() -> None:
    clock = FakeClock()
    pace = pace_of(clock, Budget(clock))

    for _ in range(12):
        pace.wait()
        pace.slow_down(None)
        clock.advance(1.01)

    assert pace.rate <= 15


@pytest.mark.parametrize("limit", [5, 20, 60])
def test_few_calls_go_beyond_a_limit_that_nobody_told(limit: int) -> None:
    clock = FakeClock()
    pace = Pace(None, "email", 200, clock, clock.advance)
    seconds: dict[int, int] = {}
    beyond = 0

    for _ in range(limit * 60):
        pace.wait()
        second = int(clock.now())
        seconds[second] = seconds.get(second, 0) + 1
        if seconds[second] > limit:
            pace.slow_down(None)
            beyond += second > min(seconds) + 5

    assert beyond < limit * 60 / 10


def test_a_wait_that_listrak_asks_for_is_kept_by_all_threads() -> None:
    clock = FakeClock()
    pace = pace_of(clock, Budget(clock))
    PacedTransport(Says(429, {"Retry-After": "7"}), pace).send(GET)
    before = clock.now()

    pace.wait()

    assert clock.now() - before >= 7


def test_a_good_answer_changes_nothing() -> None:
    clock = FakeClock()
    pace = pace_of(clock, Budget(clock))

    PacedTransport(Says(200), pace).send(GET)

    assert pace.rate == 100
