"""moto's queues and tables, made safe for many callers at once.

moto serves each request on a thread of its own and changes its lists and tables without locks: a message sent while
another is deleted can vanish, a failed transaction can undo a neighbour's write. Four functions at work at the same
time meet both. A promise that nothing is lost cannot be tested on ground that loses things.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from moto.sqs.models import Message, Queue, SQSBackend

LOOK_AGAIN = 0.2  # seconds; a delayed message becomes visible without anything that would wake a waiting receiver


class OneTableRequestAtATime:
    """WSGI middleware: DynamoDB requests, which take milliseconds, one after the other."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not environ.get("HTTP_X_AMZ_TARGET", "").startswith("DynamoDB_"):
            return self._application(environ, start_response)
        with self._lock:
            return self._application(environ, start_response)


def install() -> threading.RLock:
    """Put one lock around everything that changes a queue's list of messages. Returns the lock."""
    lock = threading.RLock()
    for owner, names in (
        (Queue, ("add_message", "delete_message")),
        (SQSBackend, ("change_message_visibility", "purge_queue")),
    ):
        for name in names:
            setattr(owner, name, _locked(lock, getattr(owner, name)))
    setattr(SQSBackend, "receive_message", _patient(lock, SQSBackend.receive_message))  # noqa: B010 # mypy: a method
    return lock


def _locked(lock: threading.RLock, method: Callable[..., Any]) -> Callable[..., Any]:
    def locked(*arguments: Any, **named: Any) -> Any:
        with lock:
            return method(*arguments, **named)

    return locked


def _patient(lock: threading.RLock, receive: Callable[..., list[Message]]) -> Callable[..., list[Message]]:
    """moto's own long poll looks through the list while it changes; this one looks under the lock and waits outside."""

    def receive_message(
        backend: SQSBackend, queue_name: str, count: int, wait_seconds_timeout: int, *arguments: Any, **named: Any
    ) -> list[Message]:
        queue = backend.get_queue(queue_name)
        deadline = time.monotonic() + wait_seconds_timeout
        while True:
            with lock:
                messages = receive(backend, queue_name, count, 0, *arguments, **named)
            left = deadline - time.monotonic()
            if messages or left <= 0:
                return messages
            with queue._messages_lock:
                queue._messages_lock.wait(min(LOOK_AGAIN, left))

    return receive_message
