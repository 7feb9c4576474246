"""What only SQS can do: take some messages and not others, and hide a message that was received."""

from __future__ import annotations

from typing import Any

import pytest

from listrak_relay.adapters.aws.sqs_queue import SqsQueue
from listrak_relay.errors import ConfigurationError, RetryableError
from listrak_relay.messages import CloseRun, from_json
from tests.support.aws.emulator import Emulator

MESSAGES = [CloseRun(f"run-{n}") for n in range(12)]


class PickySqs:
    """Turns entries away in an answer of 200, as SQS does; ``refusals`` of each call still to come."""

    def __init__(self, *refusals: set[str]) -> None:
        self._refusals = list(refusals)
        self.taken: list[Any] = []
        self.calls = 0

    def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        self.calls += 1
        refused = self._refusals.pop(0) if self._refusals else set()
        self.taken += [from_json(entry["MessageBody"]) for entry in Entries if entry["Id"] not in refused]
        failed = [{"Id": number, "SenderFault": False, "Code": "InternalError"} for number in sorted(refused)]
        return {"Successful": [], "Failed": failed}


def test_messages_that_were_not_taken_are_sent_once_more() -> None:
    sqs = PickySqs({"1", "4"})

    SqsQueue("url", sqs).send(MESSAGES)  # type: ignore[arg-type]

    assert sorted(map(repr, sqs.taken)) == sorted(map(repr, MESSAGES))
    assert sqs.calls == 3


def test_messages_that_are_not_taken_again_are_an_error_that_gives_no_message_away() -> None:
    sqs = PickySqs({"1", "4"}, {"4"})

    with pytest.raises(RetryableError, match="did not take 1 messages: InternalError"):
        SqsQueue("url", sqs).send(MESSAGES)  # type: ignore[arg-type]


def test_a_postponed_message_is_hidden_and_comes_back(emulator: Emulator, queue_url: str) -> None:
    queue = SqsQueue(queue_url, emulator.sqs)
    queue.send([CloseRun("run")])
    receipt = emulator.sqs.receive_message(QueueUrl=queue_url, VisibilityTimeout=600)["Messages"][0]["ReceiptHandle"]

    queue.postpone(receipt, 0)
    again = emulator.sqs.receive_message(QueueUrl=queue_url, VisibilityTimeout=0)["Messages"][0]["ReceiptHandle"]
    queue.postpone(again, 600)

    assert "Messages" not in emulator.sqs.receive_message(QueueUrl=queue_url)


def test_postponing_a_message_that_is_gone_does_nothing(emulator: Emulator, queue_url: str) -> None:
    queue = SqsQueue(queue_url, emulator.sqs)
    queue.send([CloseRun("run")])
    receipt = emulator.sqs.receive_message(QueueUrl=queue_url)["Messages"][0]["ReceiptHandle"]
    emulator.sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=receipt)

    queue.postpone(receipt, 60)


def test_a_missing_queue_is_a_fault_of_the_settings(emulator: Emulator, queue_url: str) -> None:
    queue = SqsQueue(queue_url + "-that-is-not", emulator.sqs)

    with pytest.raises(ConfigurationError) as raised:
        queue.send([CloseRun("run")])
    assert raised.value.code == "aws_resource_missing"


def test_a_queue_that_cannot_be_reached_is_for_later(emulator: Emulator) -> None:
    queue = SqsQueue("http://127.0.0.1:1/queue", emulator.client("sqs", "http://127.0.0.1:1"))

    with pytest.raises(RetryableError):
        queue.send([CloseRun("run")])
