"""SQS's message move tasks, which moto lacks: what the runbook says of dead letters can be typed here too.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
"""

from __future__ import annotations

import base64
import itertools
import json
import threading
import time
import uuid
from typing import Any

from moto.core.responses import ActionResult
from moto.sqs.exceptions import InvalidParameterValue, QueueDoesNotExist, SQSException
from moto.sqs.models import Message, Queue, SQSBackend
from moto.sqs.responses import SQSResponse
from moto.sqs.utils import generate_receipt_handle

_KEPT = 10  # of the tasks of a queue, as many as AWS lists

_tasks: dict[str, list[dict[str, Any]]] = {}
_numbers = itertools.count(1)


def install(lock: threading.RLock) -> None:
    """``lock``: held by whatever changes the messages of a queue. Raises AttributeError: moto has learnt it."""

    def start_message_move_task(response: SQSResponse) -> ActionResult:
        source = _queue(response.sqs_backend, response._get_param("SourceArn"))
        wanted = response._get_param("DestinationArn")
        if not response.sqs_backend.list_dead_letter_source_queues(source.name):
            raise InvalidParameterValue("Source queue must be configured as a Dead Letter Queue.")
        if not wanted:
            raise SQSException("UnsupportedOperation", "The local stack moves messages to a queue that is named only.")
        target = _queue(response.sqs_backend, wanted)
        with lock:
            moved = _move(source, target)
        return ActionResult({"TaskHandle": _note(source, target, moved)})

    def list_message_move_tasks(response: SQSResponse) -> ActionResult:
        source = _queue(response.sqs_backend, response._get_param("SourceArn"))
        most = int(response._get_param("MaxResults") or 1)
        return ActionResult({"Results": _tasks.get(source.queue_arn, [])[:most]})

    for added in (start_message_move_task, list_message_move_tasks):
        if hasattr(SQSResponse, added.__name__):
            raise AttributeError(f"moto has {added.__name__} by now: {__name__} can go")
        setattr(SQSResponse, added.__name__, added)


def _queue(backend: SQSBackend, arn: str) -> Queue:
    try:
        return backend.get_queue(arn.rpartition(":")[2])
    except QueueDoesNotExist:
        raise SQSException(
            "ResourceNotFoundException", "The resource that you specified for the SourceArn parameter doesn't exist."
        ) from None


def _move(source: Queue, target: Queue) -> int:
    """Those that nobody has in hand. Each is a new message, with an id and a count of receives of its own."""
    moved = list(source.messages)
    for old in moved:
        source._messages.remove(old)
        source.pending_messages.discard(old)
        new = Message(str(uuid.uuid4()), old.body, old.system_attributes)
        new.message_attributes = old.message_attributes
        new.receipt_handle = generate_receipt_handle()
        new.mark_sent()
        target.add_message(new)
    return len(moved)


def _note(source: Queue, target: Queue, moved: int) -> str:
    """The task's handle. It has ended by the time that it is told of."""
    handle = base64.b64encode(json.dumps({"taskId": next(_numbers), "sourceArn": source.queue_arn}).encode()).decode()
    task = {
        "Status": "COMPLETED",
        "SourceArn": source.queue_arn,
        "DestinationArn": target.queue_arn,
        "ApproximateNumberOfMessagesMoved": moved,
        "ApproximateNumberOfMessagesToMove": moved,
        "StartedTimestamp": int(time.time() * 1000),
    }
    _tasks[source.queue_arn] = [task, *_tasks.get(source.queue_arn, [])][:_KEPT]
    return handle
