"""What becomes of messages that wait: they come back at different times, and not for ever."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.run.runs import RunStatus
from listrak_relay.errors import (
    BoundedWaitError,
    ConfigurationError,
    NotYetError,
    OutcomeUnknownError,
    RetryableError,
    UnfinishedError,
)
from listrak_relay.messages import DeliverChunk, from_json, to_json
from listrak_relay.use_cases.runs.consuming import Consuming, DeliverAgainError, ReceivedMessage
from listrak_relay.use_cases.runs.settling import Settling
from listrak_relay.use_cases.runs.waiting import (
    LONGEST_LOOK_SECONDS,
    WAIT_LIMIT_SECONDS,
    seconds_in_line,
    seconds_to_look,
    spread,
)
from tests.support.fakes import FakeClock, FakeQueue
from tests.support.runs.relay import Relay, subscribers

MESSAGE = DeliverChunk("email-1", "subscribe-0001")


class Waiting:
    """One message that is worked on again and again. ``error``: what the work raises."""

    def __init__(self, error: Exception) -> None:
        self.clock, self.queue, self.dead_letters = FakeClock(), FakeQueue(), FakeQueue()
        relay = Relay()
        source = relay.drop(subscribers(range(5)))
        (first, *_) = relay.email_queue.messages
        assert isinstance(first, DeliverChunk)
        self.ledger, self.run_id = relay.ledger, source.run_id
        self.message = first
        self.error = error
        settling = Settling(self.ledger, FakeQueue())
        self.consuming = Consuming(self.queue, self.dead_letters, settling, self.clock, max_receives=10)

    def come(self, receives: int = 1) -> str:
        """The message is received and its work fails; what is sent is received the next time."""

        def work(_: DeliverChunk) -> None:
            raise self.error

        word = self.consuming.consume(ReceivedMessage(to_json(self.message), "receipt", receives), DeliverChunk, work)
        for sent in self.queue.take():
            assert isinstance(sent.message, DeliverChunk)
            self.message = sent.message
            self.clock.advance(sent.delay_seconds)
        return word

    def problem(self) -> tuple[str | None, str | None]:
        run = self.ledger.get_run(self.run_id)
        return run.problem_code, run.problem


@given(st.floats(0, 900), st.floats(0, 1e6))
def test_a_look_comes_after_what_was_asked_for_or_a_tenth_of_the_wait_so_far(asked: float, waited: float) -> None:
    wait = seconds_to_look(asked, waited)

    assert wait >= asked
    assert wait <= max(asked, LONGEST_LOOK_SECONDS)
    assert wait <= max(asked, waited * 0.1)
    assert asked / 2 <= spread(asked) <= asked * 1.5


@given(st.integers(1, 1_000), st.floats(0, 1e6), st.floats(0, 900))
def test_who_stands_further_back_in_a_line_looks_no_more_often(ahead: int, first_for: float, poll: float) -> None:
    wait = seconds_in_line(ahead, first_for, poll)

    assert 1 <= wait <= LONGEST_LOOK_SECONDS
    assert wait <= seconds_in_line(ahead + 1, first_for, poll)
    assert seconds_in_line(1, 0, poll) <= 2


def test_who_waits_for_a_run_of_a_day_looks_less_than_four_hundred_times() -> None:
    looks, seconds = 0, 0.0
    while seconds < 24 * 3600:
        seconds += seconds_in_line(1, seconds, 15)
        looks += 1

    assert looks < 400


def test_messages_that_begin_to_wait_at_once_come_back_at_different_times() -> None:
    waiting = [Waiting(NotYetError("a lock", 60)) for _ in range(20)]
    begun = waiting[0].clock.now()
    for each in waiting:
        each.come()

    delays = {round(each.clock.now() - begun) for each in waiting}
    assert len(delays) > 5
    assert min(delays) >= 30
    assert max(delays) <= 90


def test_what_waits_for_something_without_an_end_is_set_aside_after_twelve_hours_and_says_for_what() -> None:
    waiting = Waiting(NotYetError("another delivery is preparing this list", 2))
    begun, looks = waiting.clock.now(), 0
    while not waiting.dead_letters.sent:
        waiting.come()
        looks += 1
        assert waiting.clock.now() - begun < WAIT_LIMIT_SECONDS + 3_600, "it goes on"

    assert waiting.clock.now() - begun > WAIT_LIMIT_SECONDS
    assert looks < 300
    code, problem = waiting.problem()
    assert code == "waited_too_long"
    assert "12 hours" in str(problem)
    assert "preparing this list" in str(problem)
    (chunk,) = waiting.ledger.chunks(waiting.run_id)
    assert chunk.tally.dead_lettered == chunk.rows == 5
    assert waiting.dead_letters.messages == [replace(MESSAGE, run_id=waiting.run_id, parked=True)]


def test_work_that_goes_on_in_parts_goes_on_at_once_and_not_for_ever_either() -> None:
    waiting = Waiting(UnfinishedError("the rest is handed on"))
    begun = waiting.clock.now()
    while not waiting.dead_letters.sent:
        before = waiting.clock.now()
        waiting.come()
        assert waiting.clock.now() == before
        waiting.clock.advance(840)

    assert WAIT_LIMIT_SECONDS < waiting.clock.now() - begun < WAIT_LIMIT_SECONDS + 3_600


def test_a_wait_with_an_end_of_its_own_is_left_to_it() -> None:
    waiting = Waiting(BoundedWaitError("its turn", 300))
    begun = waiting.clock.now()
    while waiting.clock.now() - begun < 2 * WAIT_LIMIT_SECONDS:
        assert waiting.come().startswith("waiting")

    assert waiting.message.waiting_since is None


def test_what_comes_after_a_wait_with_an_end_of_its_own_has_twelve_hours_again() -> None:
    waiting = Waiting(NotYetError("a lock", 2))
    waiting.come()
    waiting.clock.advance(WAIT_LIMIT_SECONDS - 600)
    waiting.error = BoundedWaitError("an import", 300)
    for _ in range(10):
        waiting.come()
    waiting.error = NotYetError("a lock", 2)

    assert waiting.come().startswith("waiting")
    assert waiting.dead_letters.sent == []


def test_what_is_returned_by_an_operator_may_wait_as_long_again() -> None:
    waiting = Waiting(NotYetError("a lock", 2))
    waiting.message = replace(waiting.message, waiting_since=waiting.clock.now() - 2 * WAIT_LIMIT_SECONDS)
    waiting.come()
    (waiting.message,) = waiting.dead_letters.messages  # type: ignore[assignment]

    assert waiting.come().startswith("waiting")
    assert not waiting.message.parked


@pytest.mark.parametrize("error", [NotYetError("a lock", 2), OutcomeUnknownError("no answer")])
def test_a_copy_that_cannot_be_sent_leaves_the_message_where_it_is(error: Exception) -> None:
    waiting = Waiting(error)
    waiting.queue.script.fail("send", RetryableError("SQS is away"))

    with pytest.raises(DeliverAgainError, match="SQS is away"):
        waiting.come()
    assert waiting.queue.postponed[0][1] <= 15


@pytest.mark.parametrize("error", [RetryableError("Listrak is away"), ValueError("odd")])
def test_the_last_failure_sets_the_message_aside_before_the_queue_does(error: Exception) -> None:
    waiting = Waiting(error)

    assert waiting.come(receives=10).startswith("set aside")
    assert [message.parked for message in waiting.dead_letters.messages if isinstance(message, DeliverChunk)] == [True]
    assert waiting.problem()[0] == "given_up"


# --- a run that is over -----------------------------------------------------------------------------------------------


def over(relay: Relay) -> str:
    """A run whose batch was set aside, and which is closed."""
    relay.listrak.script.fail("lists", ConfigurationError("credentials_refused", "refused"))
    source = relay.drop(subscribers(range(10)))
    relay.run_to_end()
    assert relay.ledger.get_run(source.run_id).status is RunStatus.FAILED
    return source.run_id


def test_a_copy_that_a_crash_left_of_a_message_that_was_set_aside_sends_nothing_and_ends() -> None:
    relay = Relay()
    run_id = over(relay)
    (parked,) = relay.dead_letters
    assert isinstance(parked, DeliverChunk)
    relay.email_queue.send([replace(parked, parked=False)])
    relay.run_to_end()

    assert relay.listrak.imports == {}
    assert relay.dead_letters == [parked]
    assert relay.ledger.get_run(run_id).status is RunStatus.FAILED


@pytest.mark.parametrize("earlier_release", [False, True])
def test_what_an_operator_returns_is_sent_also_if_an_earlier_release_had_set_it_aside(earlier_release: bool) -> None:
    relay = Relay()
    run_id = over(relay)
    (parked,) = relay.dead_letters
    of_version_2 = f'{{"version":2,"type":"DeliverChunk","run_id":"{run_id}","chunk_id":"{MESSAGE.chunk_id}"}}'
    relay.email_queue.send([from_json(of_version_2) if earlier_release else parked])
    relay.run_to_end()

    assert relay.ledger.get_run(run_id).status is RunStatus.COMPLETED


def test_a_process_that_dies_after_setting_a_message_aside_leaves_a_run_that_is_closed() -> None:
    relay = Relay()
    relay.listrak.script.fail("lists", ConfigurationError("credentials_refused", "refused"))
    relay.close_queue.script.fail("send", KeyboardInterrupt())
    source = relay.drop(subscribers(range(10)))
    with pytest.raises(KeyboardInterrupt):
        relay.run_to_end()
    assert relay.ledger.get_run(source.run_id).status is RunStatus.DELIVERING
    (parked,) = relay.dead_letters
    assert isinstance(parked, DeliverChunk)
    relay.email_queue.send([replace(parked, parked=False)])
    relay.run_to_end()

    assert relay.ledger.get_run(source.run_id).status is RunStatus.FAILED
    assert len(relay.dead_letters) == 1
