"""One question that SQS has no call for: when does a received message become visible again?

The poller of the local stack shortens the wait after a failure, but must leave a wait that the handler itself chose.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from moto.sqs.models import sqs_backends

from local.aws import ACCOUNT

PATH = "/_local/visible-at"


class MessageState:
    """WSGI middleware: ``GET /_local/visible-at?region=R&queue=NAME&receipt=HANDLE`` gives epoch seconds or null."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != PATH:
            return self._application(environ, start_response)
        query = {name: values[0] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
        body = json.dumps(visible_at(query["region"], query["queue"], query["receipt"])).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]


def visible_at(region: str, queue: str, receipt: str) -> float | None:
    for message in list(sqs_backends[ACCOUNT][region].get_queue(queue)._messages):
        if receipt in message._old_receipt_handles or message.receipt_handle == receipt:
            return float(message.visible_at) / 1000
    return None
