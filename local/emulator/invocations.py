"""Lambda's Invoke call, handed to the stack's process: moto keeps the functions and runs none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import requests

from local.lambda_runtime.invoke_api import PATH, SYNCHRONOUS, TRACE_HEADER

SECONDS = 1_000  # more than the longest invocation with the start of its process
_HANDED_BACK = ("Content-Type", "X-Amz-Function-Error", "X-Amz-Executed-Version", "X-Amzn-ErrorType")


class Invocations:
    """WSGI middleware. ``invoke_api``: address of the stack's `local.lambda_runtime.invoke_api`."""

    def __init__(self, application: Callable[..., Iterable[bytes]], invoke_api: str) -> None:
        self._application = application
        self._invoke_api = invoke_api

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if environ.get("REQUEST_METHOD") != "POST" or not PATH.fullmatch(path):
            return self._application(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        headers = {"X-Amz-Invocation-Type": environ.get("HTTP_X_AMZ_INVOCATION_TYPE", SYNCHRONOUS)}
        if trace := environ.get("HTTP_X_AMZN_TRACE_ID"):
            headers[TRACE_HEADER] = trace
        with requests.Session() as session:
            session.trust_env = False  # the stack is on this machine, whatever HTTP_PROXY says
            answer = session.post(f"{self._invoke_api}{path}", data=body, headers=headers, timeout=SECONDS)
        handed_back = [(name, answer.headers[name]) for name in _HANDED_BACK if name in answer.headers]
        start_response(
            f"{answer.status_code} {answer.reason}", [*handed_back, ("Content-Length", str(len(answer.content)))]
        )
        return [answer.content]
