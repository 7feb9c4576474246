"""Lambda's Invoke call, for what runs in another process: the emulator hands on each one that it gets.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from local.errors import LocalStackError, StoppedError, ThrottledError
from local.lambda_runtime.trace import LOOP

if TYPE_CHECKING:
    from local.lambda_runtime.function import Function  # the emulator needs no more than the names below

PATH = re.compile(r"/2015-03-31/functions/(?P<function>.+)/invocations/?")
SYNCHRONOUS = "RequestResponse"
TRACE_HEADER = "X-Amzn-Trace-Id"
LARGEST_PAYLOAD = 6_291_456  # bytes


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that breaks is an emulator that has ended, which the stack notices by itself."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class InvokeApi:
    """``function``: finds a function by its name in AWS, and raises LocalStackError for a name that is none. It is not
    asked before the first call comes."""

    def __init__(self, function: Callable[[str], Function]) -> None:
        self._function = function
        self._server = _Server(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(
        self, path: str, invocation_type: str, body: bytes, trace: str | None
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body, as Lambda gives them."""
        found = PATH.fullmatch(path)
        if not found:
            return _fault(404, "ResourceNotFoundException", f"{path} is no path of Invoke")
        if invocation_type != SYNCHRONOUS:
            message = f"the local stack invokes with the type {SYNCHRONOUS} only, not {invocation_type}"
            return _fault(400, "InvalidParameterValueException", message)
        if len(body) > LARGEST_PAYLOAD:
            message = f"{len(body)} byte payload is too large for the {SYNCHRONOUS} invocation type"
            return _fault(413, "RequestTooLargeException", f"{message} (limit {LARGEST_PAYLOAD} bytes)")
        try:
            function = self._function(function_name(found["function"]))
            outcome = function.invoke(json.loads(body or b"{}"), trace=trace)
        except ThrottledError:
            return _fault(429, "TooManyRequestsException", "Rate Exceeded.")
        except StoppedError as error:
            return _fault(500, "ServiceException", str(error))
        except LocalStackError as error:
            return _fault(404, "ResourceNotFoundException", str(error))
        except ValueError as error:
            return _fault(400, "InvalidRequestContentException", f"the payload is no JSON: {error}")
        if outcome.failed and (outcome.payload or {}).get("errorType") == LOOP:
            return _fault(400, LOOP, outcome.payload["errorMessage"])
        failed = {"X-Amz-Function-Error": "Unhandled"} if outcome.failed else {}
        return 200, {**failed, "X-Amz-Executed-Version": "$LATEST"}, json.dumps(outcome.payload).encode()

    def _handler(api: InvokeApi) -> type[BaseHTTPRequestHandler]:  # noqa: N805 # `self` is the request's
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                kind = self.headers.get("X-Amz-Invocation-Type", SYNCHRONOUS)
                status, headers, answer = api._answer(self.path, kind, body, self.headers.get(TRACE_HEADER))
                self.send_response(status)
                for name, value in {**headers, "Content-Type": "application/json"}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 # the base class's name
                """Silent: each invocation is in its function's own log."""

        return Handler


def function_name(name_or_arn: str) -> str:
    """Of a function's name, its ARN, or either with a qualifier, as they stand in the path."""
    return unquote(name_or_arn).rpartition(":function:")[2].split(":")[0]


def _fault(status: int, kind: str, message: str) -> tuple[int, dict[str, str], bytes]:
    return status, {"X-Amzn-ErrorType": kind}, json.dumps({"Type": "User", "Message": message}).encode()
