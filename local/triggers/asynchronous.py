"""Asynchronous invocations, as S3 and schedules make them: retries, then the on-failure destination."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.aws import Aws
from local.deploy.attributes import queue_name
from local.deploy.deployment import Deployment
from local.errors import LocalStackError
from local.lambda_runtime.function import Function
from local.lambda_runtime.worker import Outcome
from local.triggers.threads import Background


class AsynchronousInvocations:
    """``retry_seconds``: waits before the first and second retry; Lambda waits 60 and 120. ``concurrency``: of each
    function; Lambda has 1,000, this machine has not."""

    def __init__(
        self,
        deployment: Deployment,
        functions: Mapping[str, Function],
        background: Background,
        retry_seconds: tuple[float, float],
        concurrency: int,
    ) -> None:
        self._aws = deployment.aws
        self._functions = functions
        self._background = background
        self._retry_seconds = retry_seconds
        self._settings = {
            deployment.logical(properties["FunctionName"]): properties
            for properties in deployment.of_type("AWS::Lambda::EventInvokeConfig").values()
        }
        self._pools = {name: ThreadPoolExecutor(concurrency, thread_name_prefix=name) for name in functions}
        self._lock = threading.Lock()
        self._pending = 0
        self._timers: set[threading.Timer] = set()

    @property
    def pending(self) -> int:
        """Events taken and not at their end."""
        with self._lock:
            return self._pending

    def submit(self, function: str, event: Mapping[str, Any]) -> str:
        """Returns the request id, which all attempts share."""
        request_id = str(uuid.uuid4())
        with self._lock:
            self._pending += 1
        self._pools[function].submit(self._attempt, function, event, request_id, 1, time.monotonic())
        return request_id

    def stop(self) -> None:
        with self._lock:
            timers, self._timers = self._timers, set()
        for timer in timers:
            timer.cancel()
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)

    def _attempt(self, function: str, event: Mapping[str, Any], request_id: str, attempt: int, taken: float) -> None:
        try:
            outcome = self._functions[function].invoke(event, request_id)
            settings = self._settings.get(function, {})
            retries = int(settings.get("MaximumRetryAttempts", 2))
            too_old = time.monotonic() - taken > float(settings.get("MaximumEventAgeInSeconds", 21_600))
            if self._background.stopping.is_set():
                return
            if outcome.failed and attempt <= retries and not too_old:
                self._later(self._retry_seconds[attempt - 1], function, event, request_id, attempt + 1, taken)
                return
            destination = settings.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
            if outcome.failed and destination:
                condition = "EventAgeExceeded" if too_old else "RetriesExhausted"
                arn = self._functions[function].settings.arn
                send(self._aws, destination, envelope(arn, event, outcome, request_id, condition, attempt))
            with self._lock:
                self._pending -= 1
        except (BotoCoreError, ClientError, OSError, LocalStackError) as error:
            self._background.report(error)

    def _later(self, seconds: float, function: str, *arguments: Any) -> None:
        def again() -> None:
            with self._lock:
                self._timers.discard(timer)
            if not self._background.stopping.is_set():
                self._pools[function].submit(self._attempt, function, *arguments)

        timer = threading.Timer(seconds, again)
        timer.daemon = True
        with self._lock:
            self._timers.add(timer)
        timer.start()


def envelope(
    function_arn: str, event: Mapping[str, Any], outcome: Outcome, request_id: str, condition: str, attempts: int
) -> dict[str, Any]:
    """What a destination gets: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html"""
    return {
        "version": "1.0",
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "requestContext": {
            "requestId": request_id,
            "functionArn": f"{function_arn}:$LATEST",
            "condition": condition,
            "approximateInvokeCount": attempts,
        },
        "requestPayload": event,
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "responsePayload": outcome.payload,
    }


def send(aws: Aws, queue_arn: str, body: Mapping[str, Any]) -> None:
    url = aws.sqs.get_queue_url(QueueName=queue_name(queue_arn))["QueueUrl"]
    aws.sqs.send_message(QueueUrl=url, MessageBody=json.dumps(body))
