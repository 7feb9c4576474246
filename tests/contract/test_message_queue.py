"""What every message queue does, the real one and the fake."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from listrak_relay.adapters.aws.sqs_queue import SqsQueue
from listrak_relay.messages import CloseRun, DeliverChunk, FollowImport, Message, from_json
from listrak_relay.ports.messaging import MessageQueue
from tests.support.aws.emulator import Emulator
from tests.support.fakes import FakeQueue

Receive = Callable[[], list[Message]]


@pytest.fixture(params=["fake", "sqs"])
def queue_and_receive(request: pytest.FixtureRequest) -> tuple[MessageQueue, Receive]:
    """The queue, and what takes all messages from it that are not held back."""
    if request.param == "fake":
        fake = FakeQueue()
        return fake, lambda: [sent.message for sent in fake.take() if sent.delay_seconds == 0]
    emulator: Emulator = request.getfixturevalue("emulator")
    url = emulator.create_queue()

    def receive() -> list[Message]:
        received: list[Message] = []
        while answer := emulator.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            received += [from_json(message["Body"]) for message in answer]
        return received

    return SqsQueue(url, emulator.sqs), receive


def test_every_kind_of_message_arrives_as_it_was_sent(queue_and_receive: tuple[MessageQueue, Receive]) -> None:
    queue, receive = queue_and_receive
    sent: list[Message] = [
        DeliverChunk("run", "subscribe-0001"),
        FollowImport("run", "subscribe-0001", 77, polls=3),
        CloseRun("run"),
    ]

    queue.send(sent)

    assert sorted(map(repr, receive())) == sorted(map(repr, sent))


@pytest.mark.parametrize("count", [0, 1, 10, 11, 25])
def test_any_number_of_messages_is_sent(queue_and_receive: tuple[MessageQueue, Receive], count: int) -> None:
    queue, receive = queue_and_receive
    sent = [CloseRun(f"run-{n}") for n in range(count)]

    queue.send(sent)

    assert sorted(map(repr, receive())) == sorted(map(repr, sent))


def test_a_delayed_message_is_held_back(queue_and_receive: tuple[MessageQueue, Receive]) -> None:
    queue, receive = queue_and_receive

    queue.send([CloseRun("later")], delay_seconds=900)
    queue.send([CloseRun("now")])

    assert receive() == [CloseRun("now")]


@pytest.mark.parametrize("delay", [-1, 901])
def test_a_delay_that_sqs_does_not_take_is_refused(queue_and_receive: tuple[MessageQueue, Receive], delay: int) -> None:
    queue, _ = queue_and_receive

    with pytest.raises(ValueError, match="between 0 and 900"):
        queue.send([CloseRun("run")], delay_seconds=delay)


@pytest.mark.parametrize("seconds", [-1, 43_201])
def test_a_postponement_that_sqs_does_not_take_is_refused(
    queue_and_receive: tuple[MessageQueue, Receive], seconds: int
) -> None:
    queue, _ = queue_and_receive

    with pytest.raises(ValueError, match="between 0 and 42000"):
        queue.postpone("receipt", seconds)
