"""The Lambda Runtime API for one process: it asks for the next invocation and posts what came of it.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import json
import sys
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_VERSION = "/2018-06-01/runtime"


@dataclass(frozen=True, slots=True)
class Invocation:
    """``deadline`` in epoch seconds. ``trace``: the header of `local.lambda_runtime.trace`."""

    request_id: str
    event: bytes
    function_arn: str
    deadline: float
    trace: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the process posted: a result, or the error that ended the invocation (or the process's start)."""

    payload: bytes
    is_error: bool


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that breaks is a process that was killed, which `RuntimeApi.process_gone` tells."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class RuntimeApi:
    """One server, one process, one invocation at a time."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._asked = False
        self._invocation: Invocation | None = None
        self._answer: Answer | None = None
        self._closed = False
        self._server = _Server(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()

    @property
    def address(self) -> str:
        """``host:port``, for AWS_LAMBDA_RUNTIME_API."""
        return f"127.0.0.1:{self._server.server_port}"

    def wait_until_asked(self, deadline: float) -> Answer | None:
        """Until the process has started and asks for work. Its error if it could not start. ``deadline``: monotonic.

        Raises:
            TimeoutError: neither in time.
            ConnectionError: closed, since the process is gone.
        """
        with self._changed:
            self._wait(lambda: self._asked or self._answer is not None, deadline)
            return self._take_answer()

    def hand_over(self, invocation: Invocation) -> None:
        with self._changed:
            self._invocation = invocation
            self._changed.notify_all()

    def wait_for_answer(self, deadline: float) -> Answer:
        """Raises TimeoutError and ConnectionError as `wait_until_asked` does."""
        with self._changed:
            self._wait(lambda: self._answer is not None, deadline)
            answer = self._take_answer()
        if answer is None:
            raise ConnectionError("closed")
        return answer

    def close(self) -> None:
        """Every waiting call ends."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._server.shutdown()
        self._server.server_close()

    def process_gone(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _take_answer(self) -> Answer | None:
        answer, self._answer = self._answer, None
        return answer

    def _wait(self, condition: Any, deadline: float) -> None:
        while not condition():
            if self._closed:
                raise ConnectionError("the process has ended")
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._changed.wait(left)

    def _next(self) -> Invocation | None:
        with self._changed:
            self._asked = True
            self._changed.notify_all()
            while self._invocation is None and not self._closed:
                self._changed.wait()
            invocation, self._invocation = self._invocation, None
            self._asked = False
            return invocation

    def _post(self, path: str, payload: bytes) -> bool:
        with self._changed:
            self._answer = Answer(payload, is_error=path.endswith("/error"))
            self._changed.notify_all()
        return path.startswith(_VERSION)

    def _handler(api: RuntimeApi) -> type[BaseHTTPRequestHandler]:  # noqa: N805 # `self` is the request's
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                invocation = api._next()
                if invocation is None:
                    self.close_connection = True
                    return
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(invocation.event)))
                self.send_header("Lambda-Runtime-Aws-Request-Id", invocation.request_id)
                self.send_header("Lambda-Runtime-Deadline-Ms", str(int(invocation.deadline * 1000)))
                self.send_header("Lambda-Runtime-Invoked-Function-Arn", invocation.function_arn)
                self.send_header("Lambda-Runtime-Trace-Id", invocation.trace)
                self.end_headers()
                self.wfile.write(invocation.event)

            def do_POST(self) -> None:
                accepted = api._post(self.path, self._body())
                body = json.dumps({"status": "OK"}).encode()
                self.send_response(202 if accepted else 404)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def _body(self) -> bytes:
                if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                    return self.rfile.read(int(self.headers.get("Content-Length", 0)))
                chunks = []
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    chunks.append(self.rfile.read(size))
                    self.rfile.readline()
                while self.rfile.readline().strip():
                    pass  # trailers
                return b"".join(chunks)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 # the base class's name
                """Silent: one line for each poll would drown the functions' own logs."""

        return Handler
