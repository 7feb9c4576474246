"""What becomes of a message when what is done about an error fails as well."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from listrak_relay.errors import (
    AwayError,
    ConfigurationError,
    NotYetError,
    OutcomeUnknownError,
    RelayError,
    RetryableError,
    UnusableAnswerError,
)
from listrak_relay.messages import DeliverChunk, to_json
from listrak_relay.use_cases.runs.consuming import Consuming, DeliverAgainError, ReceivedMessage
from listrak_relay.use_cases.runs.settling import Settling
from tests.support.fakes import FakeLedger, FakeQueue
from tests.support.runs.relay import Relay, subscribers

AWAY = RetryableError("AWS is away")


class Inbox:
    """The email queue's consumer, over a run with one chunk."""

    def __init__(self) -> None:
        relay = Relay()
        source = relay.drop(subscribers(range(3)))
        [chunk] = relay.ledger.chunks(source.run_id)
        self.message = DeliverChunk(source.run_id, chunk.chunk_id)
        self.ledger: FakeLedger = relay.ledger
        self.clock = relay.clock
        self.queue, self.dead_letters = FakeQueue(), FakeQueue()
        self.consuming = Consuming(self.queue, self.dead_letters, Settling(relay.ledger, FakeQueue()), relay.clock, 10)

    def consume(self, error: RelayError, receives: int = 1) -> str:
        def fail(_: DeliverChunk) -> None:
            raise error

        return self.consuming.consume(ReceivedMessage(to_json(self.message), "receipt", receives), DeliverChunk, fail)


def queue_is_away(inbox: Inbox) -> None:
    inbox.queue.script.fail("send", AWAY)


def dead_letters_are_away(inbox: Inbox) -> None:
    inbox.dead_letters.script.fail("send", AWAY)


def ledger_is_away(inbox: Inbox) -> None:
    inbox.ledger.script.fail("settle", AWAY)


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (NotYetError("another is at it", 15), queue_is_away),
        (OutcomeUnknownError("no answer"), queue_is_away),
        (ConfigurationError("list_unknown", "no such list"), dead_letters_are_away),
        (ConfigurationError("list_unknown", "no such list"), ledger_is_away),
    ],
)
def test_a_message_that_could_not_be_handed_on_comes_back_soon(
    error: RelayError, trouble: Callable[[Inbox], None]
) -> None:
    inbox = Inbox()
    trouble(inbox)

    with pytest.raises(DeliverAgainError, match="AWS is away"):
        inbox.consume(error)

    [(receipt, seconds)] = inbox.queue.postponed
    assert receipt == "receipt"
    assert seconds <= 15
    assert inbox.consume(error).startswith(("waiting", "outcome unknown", "set aside"))


def test_a_run_whose_message_fails_again_and_again_tells_what_keeps_it() -> None:
    inbox = Inbox()
    seen = []

    for receives in range(1, 5):
        with pytest.raises(DeliverAgainError):
            inbox.consume(AWAY, receives)
        seen.append(inbox.ledger.get_run(inbox.message.run_id).trouble)

    assert seen == [None, None, None, "AWS is away"]


def test_a_run_that_waits_for_somebody_who_answers_nobody_tells_so_after_a_minute() -> None:
    inbox = Inbox()
    seen = []

    for _ in range(3):
        inbox.consume(AwayError("Listrak does not answer", 30))
        [sent] = inbox.queue.take()
        assert isinstance(sent.message, DeliverChunk)
        inbox.message = sent.message
        seen.append(inbox.ledger.get_run(inbox.message.run_id).trouble)
        inbox.clock.advance(31)

    assert seen == [None, None, "Listrak does not answer"]


@pytest.mark.parametrize("wait", [1e-9, 0.3, 1.0])
def test_what_has_a_moment_left_to_wait_does_not_come_back_at_once(wait: float) -> None:
    inbox = Inbox()

    inbox.consume(AwayError("Listrak does not answer", wait))

    assert [sent.delay_seconds > 0 for sent in inbox.queue.take()] == [True]


def test_a_message_comes_back_as_ever_where_the_ledger_cannot_be_told_either() -> None:
    inbox = Inbox()
    inbox.ledger.script.fail("note_trouble", RetryableError("the ledger is away"))

    with pytest.raises(DeliverAgainError, match="AWS is away"):
        inbox.consume(AWAY, receives=5)

    assert len(inbox.queue.postponed) == 1


def test_changes_that_are_answered_with_neither_yes_nor_no_each_time_are_a_problem_of_their_own() -> None:
    inbox = Inbox()

    inbox.consume(UnusableAnswerError("POST Contact: the answer 200 is not Listrak's JSON"), receives=10)

    assert inbox.ledger.get_run(inbox.message.run_id).problem_code == "answer_unusable"
