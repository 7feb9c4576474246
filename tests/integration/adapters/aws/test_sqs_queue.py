"""What only SQS can do: take some messages and not others, and hide a message that was received."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from listrak_relay.adapters.aws.sqs_queue import SqsQueue
from listrak_relay.errors import ConfigurationError, RetryableError
from listrak_relay.messages import CloseRun, from_json
from listrak_relay.ports.messaging import MAX_POSTPONEMENT_SECONDS
from local.emulator.queues import longer_than_allowed
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


class RefusingSqs:
    """Answers a change of visibility with this."""

    def __init__(self, code: str, reason: str) -> None:
        self._error = {"Code": code, "Message": f"Value x for parameter y is invalid. Reason: {reason}"}

    def change_message_visibility(self, **_: Any) -> None:
        raise ClientError({"Error": self._error}, "ChangeMessageVisibility")  # type: ignore[typeddict-item]


@pytest.mark.parametrize("code", ["InvalidParameterValue", "InvalidParameterValueException"])
def test_postponing_a_message_that_is_visible_again_does_nothing(code: str) -> None:
    """In the words of AWS: https://github.com/vmihailenco/taskq/issues/29."""
    sqs = RefusingSqs(code, "Message does not exist or is not available for visibility timeout change.")

    SqsQueue("url", sqs).postpone("receipt", 60)  # type: ignore[arg-type]


def test_a_postponement_that_sqs_refuses_for_another_reason_is_told() -> None:
    sqs = RefusingSqs("InvalidParameterValue", "Total VisibilityTimeout is beyond the limit [43200 seconds]")

    with pytest.raises(ConfigurationError, match="InvalidParameterValue"):
        SqsQueue("url", sqs).postpone("receipt", 60)  # type: ignore[arg-type]


def test_the_longest_postponement_is_taken_late_in_an_invocation() -> None:
    """SQS counts its twelve hours from the receive: https://github.com/aws/aws-sdk-net/issues/794."""
    assert longer_than_allowed(received_at=0, visibility=MAX_POSTPONEMENT_SECONDS, now=1_201)
    assert not longer_than_allowed(received_at=0, visibility=MAX_POSTPONEMENT_SECONDS, now=900)


def test_a_missing_queue_is_a_fault_of_the_settings(emulator: Emulator, queue_url: str) -> None:
    queue = SqsQueue(queue_url + "-that-is-not", emulator.sqs)

    with pytest.raises(ConfigurationError) as raised:
        queue.send([CloseRun("run")])
    assert raised.value.code == "aws_resource_missing"


def test_a_queue_that_cannot_be_reached_is_for_later(emulator: Emulator) -> None:
    queue = SqsQueue("http://127.0.0.1:1/queue", emulator.client("sqs", "http://127.0.0.1:1"))

    with pytest.raises(RetryableError):
        queue.send([CloseRun("run")])
