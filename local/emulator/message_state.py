"""What SQS has no call for: when messages become visible, and that they become so earlier.

The poller of the local stack shortens the wait after a failure, but must leave a wait that the handler itself chose.
Whoever wants to see the end of a wait of hours lets the hours pass for the messages alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qs

from moto.core.utils import unix_time_millis
from moto.sqs.models import Message, sqs_backends

from local.aws import ACCOUNT, REGION
from local.waiting_messages import PASS, VISIBLE_AT, WAITING


class MessageState:
    """WSGI middleware.

    ``GET /_local/visible-at?region=R&queue=NAME&receipt=HANDLE`` gives epoch seconds or null.
    ``GET /_local/waiting`` gives for each queue with messages ``[ready, seconds]``: how many can be received now or are
    in hand, and until the first of the others can be received, null if there is none.
    ``POST /_local/pass?seconds=N`` lets so much time pass for all messages that are hidden or delayed.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = _ANSWERS.get(environ.get("PATH_INFO", ""))
        if answer is None:
            return self._application(environ, start_response)
        query = {name: values[0] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
        body = json.dumps(answer(query)).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]


def _visible_at(query: Mapping[str, str]) -> float | None:
    return visible_at(query["region"], query["queue"], query["receipt"])


def visible_at(region: str, queue: str, receipt: str) -> float | None:
    for message in list(sqs_backends[ACCOUNT][region].get_queue(queue)._messages):
        if receipt in message._old_receipt_handles or message.receipt_handle == receipt:
            return float(message.visible_at) / 1000
    return None


def _waiting(_query: Mapping[str, str]) -> dict[str, tuple[int, float | None]]:
    now, found = unix_time_millis(), {}
    for name, queue in list(sqs_backends[ACCOUNT][REGION].queues.items()):
        messages = list(queue._messages)
        later = [end - now for message in messages if (end := _end(message)) >= now and not _in_hand(message)]
        if messages:
            found[name] = (len(messages) - len(later), min(later) / 1000 if later else None)
    return found


def _end(message: Message) -> float:
    """Of its waiting, in milliseconds."""
    return float(max(message.visible_at, message.delayed_until))


def _in_hand(message: Message) -> bool:
    """Received, and neither deleted nor put back; `local.emulator.queues` keeps it."""
    return bool(getattr(message, "in_hand", False)) and not message.visible


def _pass(query: Mapping[str, str]) -> None:
    seconds = float(query["seconds"])
    for queue in list(sqs_backends[ACCOUNT][REGION].queues.values()):
        for message in list(queue._messages):
            message.visible_at -= seconds * 1000
            message.delayed_until -= seconds * 1000
            if received_at := getattr(message, "received_at", None):
                setattr(message, "received_at", received_at - seconds)  # noqa: B010 # mypy: moto has none


_ANSWERS: Mapping[str, Callable[[Mapping[str, str]], object]] = {
    VISIBLE_AT: _visible_at,
    WAITING: _waiting,
    PASS: _pass,
}
