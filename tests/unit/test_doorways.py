"""What happens around a use case: the log, the partial failures, the texts that get out."""

from typing import Any

import pytest

from listrak_relay.doorways import UnexpectedError, fit_to_raise, sqs_doorway
from listrak_relay.errors import FileRejectedError
from listrak_relay.use_cases.runs.consuming import DeliverAgainError, ReceivedMessage
from tests.support.aws.lambda_context import Context


def event(*bodies: str) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": f"id-{body}",
                "receiptHandle": f"receipt-{body}",
                "body": body,
                "attributes": {"ApproximateReceiveCount": "2"},
                "eventSource": "aws:sqs",
            }
            for body in bodies
        ]
    }


def test_a_message_that_was_worked_on_leaves_the_queue_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[ReceivedMessage] = []

    def consume(delivery: ReceivedMessage, _: object) -> str:
        seen.append(delivery)
        return "done"

    answer = sqs_doorway(consume)(event("one"), Context())

    assert answer == {"batchItemFailures": []}
    assert seen == [ReceivedMessage("one", "receipt-one", 2)]
    [record] = caplog.records
    assert (record.message, vars(record)["pointer"], vars(record)["receives"]) == ("done", "one", 2)


def test_a_message_that_was_set_aside_leaves_the_queue_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    answer = sqs_doorway(lambda _delivery, _context: "set aside: Listrak has no such list")(event("one"), Context())

    assert answer == {"batchItemFailures": []}
    assert [record.levelname for record in caplog.records] == ["WARNING"]


@pytest.mark.parametrize("error", [DeliverAgainError("away; again in 15 s"), ValueError("ann@example.com")])
def test_a_message_that_failed_stays_and_no_value_gets_out(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    def consume(delivery: ReceivedMessage, _: object) -> str:
        if delivery.body == "bad":
            raise error
        return "done"

    answer = sqs_doorway(consume)(event("bad", "good"), Context())

    assert answer == {"batchItemFailures": [{"itemIdentifier": "id-bad"}]}
    assert [record.message.split(":")[0] for record in caplog.records] == ["left on the queue", "done"]
    assert not any("ann@example.com" in str(vars(record)) for record in caplog.records)


def test_an_error_of_ours_is_raised_as_it_is_and_any_other_without_its_text() -> None:
    ours = FileRejectedError("file_empty", "the file is empty")
    assert fit_to_raise(ours) is ours

    try:
        int("ann@example.com")
    except ValueError as error:
        other = fit_to_raise(error)

    assert isinstance(other, UnexpectedError)
    assert "ann@example.com" not in str(other)
    assert "ValueError at test_doorways.py:" in str(other)
