"""Dead letters: what waits there, and returning it to the queue that it came from."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from cli.aws.answers import answered
from cli.aws.stack import DEAD_LETTERS, Stack

_BATCH = 10  # the most that SQS gives at once
_HOLD_SECONDS = 60  # within which each batch is returned


@dataclass(slots=True)
class Returned:
    """``by_run``: run → messages that went back. ``left``: messages of other runs, which stay where they are."""

    by_run: Counter[str] = field(default_factory=Counter)
    left: int = 0


def waiting(stack: Stack) -> dict[str, int]:
    """Dead-letter queue by logical id → messages in it."""
    return {name: depth(stack, stack.resources[name]) for name in DEAD_LETTERS if name in stack.resources}


def depth(stack: Stack, url: str) -> int:
    wanted = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"]
    found = answered(lambda: stack.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=wanted), url)["Attributes"]
    return sum(int(found[name]) for name in wanted)


def redrive(stack: Stack, run_id: str | None) -> Returned:
    """Return the messages of one run, or all. A message is deleted only after it is back in its queue; one that comes
    twice does no harm."""
    returned = Returned()
    for name in DEAD_LETTERS:
        if name in stack.resources:
            _redrive(stack, stack.resources[name], stack.resources[name.replace("DeadLetter", "")], run_id, returned)
    return returned


def _redrive(stack: Stack, dead: str, source: str, run_id: str | None, returned: Returned) -> None:
    # As many as there were at the beginning, and each once: what cannot be done is back here a moment after it went.
    left = depth(stack, dead)
    seen: set[str] = set()
    kept: list[str] = []
    while left > 0 and (messages := _receive(stack, dead)):
        for message in messages:
            left -= 1
            run = _run_of(message["Body"])
            if message["Body"] in seen or (run_id and run != run_id):
                returned.left += message["Body"] not in seen
                kept.append(message["ReceiptHandle"])
                continue
            seen.add(message["Body"])
            answered(lambda body=message["Body"]: stack.sqs.send_message(QueueUrl=source, MessageBody=body), source)
            receipt = message["ReceiptHandle"]
            answered(lambda receipt=receipt: stack.sqs.delete_message(QueueUrl=dead, ReceiptHandle=receipt), dead)
            returned.by_run[run] += 1
    for receipt in kept:
        answered(
            lambda receipt=receipt: stack.sqs.change_message_visibility(
                QueueUrl=dead, ReceiptHandle=receipt, VisibilityTimeout=0
            ),
            dead,
        )


def _receive(stack: Stack, url: str) -> list[dict[str, Any]]:
    found = answered(
        lambda: stack.sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=_BATCH, VisibilityTimeout=_HOLD_SECONDS, WaitTimeSeconds=1
        ),
        url,
    )
    messages: list[dict[str, Any]] = found.get("Messages", [])
    return messages


def _run_of(body: str) -> str:
    try:
        return str(json.loads(body).get("run_id", "unknown"))
    except (ValueError, AttributeError):
        return "unknown"
