"""Messages to one SQS queue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from listrak_relay.adapters.aws.errors import aws_errors, error_code
from listrak_relay.errors import RetryableError
from listrak_relay.messages import Message, to_json
from listrak_relay.ports.messaging import MAX_DELAY_SECONDS, MAX_POSTPONEMENT_SECONDS

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

MAX_BATCH = 10  # SQS's limit; our messages are pointers, far below its 1 MiB

_NOT_OURS_ANY_MORE = frozenset(
    {
        "AWS.SimpleQueueService.MessageNotInflight",
        "MessageNotInflight",
        "ReceiptHandleIsInvalid",
    }
)
_INVALID = frozenset({"InvalidParameterValue", "InvalidParameterValueException"})
_NOT_THERE = "not available for visibility timeout change"
"""What SQS says with those codes of a message that is visible again, or gone."""


class SqsQueue:
    """`ports.messaging.MessageQueue`, ten messages a call.

    An answer of 200 can still name entries that were not taken: those are sent once more, and then it is an error.
    """

    def __init__(self, queue_url: str, client: SQSClient) -> None:
        self._queue_url = queue_url
        self._client = client

    def send(self, messages: Sequence[Message], delay_seconds: int = 0) -> None:
        if not 0 <= delay_seconds <= MAX_DELAY_SECONDS:
            raise ValueError(f"a delay of {delay_seconds} s is not between 0 and {MAX_DELAY_SECONDS}")
        for start in range(0, len(messages), MAX_BATCH):
            entries: list[SendMessageBatchRequestEntryTypeDef] = [
                {"Id": str(number), "MessageBody": to_json(message), "DelaySeconds": delay_seconds}
                for number, message in enumerate(messages[start : start + MAX_BATCH])
            ]
            refused = self._send(entries)
            refused = self._send([entry for entry in entries if entry["Id"] in refused])
            if refused:
                codes = ", ".join(sorted(set(refused.values())))
                raise RetryableError(f"queue {self._queue_url} did not take {len(refused)} messages: {codes}")

    def postpone(self, receipt: str, seconds: int) -> None:
        """A message that is visible again already, or gone, is left as it is."""
        if not 0 <= seconds <= MAX_POSTPONEMENT_SECONDS:
            raise ValueError(f"a postponement of {seconds} s is not between 0 and {MAX_POSTPONEMENT_SECONDS}")
        with aws_errors(f"postponing a message of queue {self._queue_url}"):
            try:
                self._client.change_message_visibility(
                    QueueUrl=self._queue_url, ReceiptHandle=receipt, VisibilityTimeout=seconds
                )
            except ClientError as error:
                if not _not_ours_any_more(error):
                    raise

    def _send(self, entries: list[SendMessageBatchRequestEntryTypeDef]) -> dict[str, str]:
        """Id → code of each entry that was not taken."""
        if not entries:
            return {}
        with aws_errors(f"sending to queue {self._queue_url}"):
            answer = self._client.send_message_batch(QueueUrl=self._queue_url, Entries=entries)
        return {failed["Id"]: failed["Code"] for failed in answer.get("Failed", [])}


def _not_ours_any_more(error: ClientError) -> bool:
    code = error_code(error)
    return code in _NOT_OURS_ANY_MORE or (code in _INVALID and _NOT_THERE in str(error))
