"""SQS where moto's is kinder than AWS's: how long a message may be hidden, what a message may hold, and the header that
follows work through a queue.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from flask import has_request_context, request
from moto.sqs.constants import MAXIMUM_MESSAGE_LENGTH
from moto.sqs.exceptions import BatchRequestTooLong, InvalidParameterValue, SQSException
from moto.sqs.models import Message, SQSBackend

LONGEST = 43_200  # seconds, 12 hours
TRACE = "AWSTraceHeader"
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def install() -> None:
    """Raises AttributeError: moto has changed."""
    for owner, name, around in (
        (Message, "mark_received", _remembering_when),
        (SQSBackend, "change_message_visibility", _from_the_receive),
        (SQSBackend, "_validate_message", _in_bytes_and_characters),
        (SQSBackend, "send_message_batch", _in_bytes_together),
        (SQSBackend, "send_message", _traced),
    ):
        setattr(owner, name, around(getattr(owner, name)))


def _remembering_when(mark_received: Callable[..., None]) -> Callable[..., None]:
    def marked(message: Any, visibility_timeout: int | None = None) -> None:
        mark_received(message, visibility_timeout)
        message.received_at = time.time()
        message.in_hand = True  # until it is deleted, or somebody has said when it is to come again

    return marked


def _from_the_receive(change: Callable[..., None]) -> Callable[..., None]:
    """moto counts the twelve hours from the sending, and forgives that a message is not in flight."""

    def change_message_visibility(
        backend: SQSBackend, queue_name: str, receipt_handle: str, visibility_timeout: int
    ) -> None:
        kept: list[Any] = backend.get_queue(queue_name)._messages
        for message in kept:
            if message.had_receipt_handle(receipt_handle):
                if message.visible:  # again, or still
                    raise InvalidParameterValue(
                        f"Value {receipt_handle} for parameter ReceiptHandle is invalid. Reason: Message does not "
                        "exist or is not available for visibility timeout change."
                    )
                if longer_than_allowed(message.received_at, int(visibility_timeout), time.time()):
                    raise InvalidParameterValue(
                        f"Value {visibility_timeout} for parameter VisibilityTimeout is invalid. Reason: Total "
                        f"VisibilityTimeout for the message is beyond the limit [{LONGEST} seconds]"
                    )
                message.in_hand = False
                sent, message.sent_timestamp = message.sent_timestamp, int(message.received_at * 1000)
                try:
                    change(backend, queue_name, receipt_handle, visibility_timeout)
                finally:
                    message.sent_timestamp = sent
                return
        change(backend, queue_name, receipt_handle, visibility_timeout)

    return change_message_visibility


def longer_than_allowed(received_at: float, visibility: int, now: float) -> bool:
    """Whether a message would be hidden for more than twelve hours since it was received."""
    return now - received_at + visibility > LONGEST


def illegal_character(text: str) -> str | None:
    """The first character that SQS takes in no message, such as ``#x0``."""
    found = _ILLEGAL.search(text)
    return f"#x{ord(found[0]):x}" if found else None


def _in_bytes_and_characters(validate: Callable[..., None]) -> Callable[..., None]:
    """moto counts characters where AWS counts bytes, and takes any character. Of a batch AWS turns away the one
    message, here it is the whole batch."""

    def validate_message(backend: SQSBackend, queue: Any, message_body: str, *more: Any, **named: Any) -> None:
        if bad := illegal_character(message_body):
            raise SQSException(
                "InvalidMessageContents",
                f"Invalid binary character '{bad}' was found in the message body, the set of allowed characters is "
                "#x9 | #xA | #xD | [#x20 to #xD7FF] | [#xE000 to #xFFFD] | [#x10000 to #x10FFFF]",
            )
        limit = int(queue.maximum_message_size or MAXIMUM_MESSAGE_LENGTH)
        if len(message_body.encode()) > limit:
            raise InvalidParameterValue(
                f"One or more parameters are invalid. Reason: Message must be shorter than {limit} bytes."
            )
        validate(backend, queue, message_body, *more, **named)

    return validate_message


def _in_bytes_together(send: Callable[..., Any]) -> Callable[..., Any]:
    def send_message_batch(backend: SQSBackend, queue_name: str, entries: dict[str, dict[str, Any]]) -> Any:
        size = sum(len(entry["MessageBody"].encode()) for entry in entries.values())
        if size > MAXIMUM_MESSAGE_LENGTH:
            raise BatchRequestTooLong(size)
        return send(backend, queue_name, entries)

    return send_message_batch


def _traced(send: Callable[..., Message]) -> Callable[..., Message]:
    """By whoever sends it in the name of an invocation; what a message says of itself goes before."""

    def send_message(*arguments: Any, system_attributes: dict[str, Any] | None = None, **named: Any) -> Message:
        header = request.headers.get("X-Amzn-Trace-Id") if has_request_context() else None
        followed = {TRACE: {"DataType": "String", "StringValue": header}} if header else {}
        return send(*arguments, system_attributes={**followed, **(system_attributes or {})}, **named)

    return send_message
