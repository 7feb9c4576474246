"""Asynchronous invocations, as S3 and schedules make them: retries, then the on-failure destination.

What the function itself failed of is tried twice more, after one and two minutes. What was throttled is tried for as
long as the event may be old, more and more seldom.
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.aws import Aws
from local.deploy.attributes import physical_name
from local.deploy.deployment import Deployment
from local.errors import LocalStackError, ThrottledError
from local.lambda_runtime.function import Function
from local.lambda_runtime.trace import LOOP
from local.lambda_runtime.worker import Outcome
from local.triggers.threads import Background

AFTER_ERRORS = (60.0, 120.0)  # seconds
AFTER_THROTTLE = (1.0, 300.0)  # seconds after the first, doubled each time, and at most
LONGEST_AGE = 21_600.0  # seconds, where the settings of the function name none
LARGEST_EVENT = 1_048_576  # bytes


@dataclass(frozen=True, slots=True)
class Taken:
    """An event that Lambda has taken. ``since``: monotonic. ``attempts``: of the function. ``throttled``: times.

    ``trace``: the header that came with it.
    """

    function: str
    event: Mapping[str, Any]
    request_id: str
    trace: str | None
    since: float
    attempts: int = 0
    throttled: int = 0


@dataclass(frozen=True, slots=True)
class Settings:
    """Of a function's asynchronous invocations. ``longest_age`` in seconds. ``destination``: a queue's ARN."""

    retries: int = 2
    longest_age: float = LONGEST_AGE
    destination: str | None = None

    @classmethod
    def from_template(cls, properties: Mapping[str, Any]) -> Settings:
        return cls(
            int(properties.get("MaximumRetryAttempts", 2)),
            float(properties.get("MaximumEventAgeInSeconds", LONGEST_AGE)),
            properties.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination"),
        )


class AsynchronousInvocations:
    """``hurry``: how many of Lambda's seconds pass in one here. ``concurrency``: of each function; Lambda has the
    account's, this machine has not."""

    def __init__(
        self,
        deployment: Deployment,
        functions: Mapping[str, Function],
        background: Background,
        hurry: float,
        concurrency: int,
    ) -> None:
        self._aws = deployment.aws
        self._functions = functions
        self._background = background
        self._hurry = hurry
        self._settings = {
            deployment.logical(properties["FunctionName"]): Settings.from_template(properties)
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

    def submit(self, function: str, event: Mapping[str, Any], trace: str | None = None) -> str:
        """Returns the request id, which all attempts share. Raises LocalStackError: Lambda would not take the event."""
        size = len(json.dumps(event).encode())
        if size > LARGEST_EVENT:
            raise LocalStackError(
                f"{size} byte payload is too large for the Event invocation type (limit {LARGEST_EVENT} bytes)"
            )
        taken = Taken(function, event, str(uuid.uuid4()), trace, time.monotonic())
        with self._lock:
            self._pending += 1
        self._hand_over(taken)
        return taken.request_id

    def stop(self) -> None:
        with self._lock:
            timers, self._timers = self._timers, set()
        for timer in timers:
            timer.cancel()
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)

    def _hand_over(self, taken: Taken) -> None:
        """What comes while the stack stops, between a look at that and the end of the threads, is gone with it."""
        try:
            self._pools[taken.function].submit(self._attempt, taken)
        except RuntimeError:
            if not self._background.stopping.is_set():
                raise

    def _attempt(self, taken: Taken) -> None:
        try:
            try:
                outcome = self._functions[taken.function].invoke(taken.event, taken.request_id, taken.trace)
            except ThrottledError as error:
                self._throttled(replace(taken, throttled=taken.throttled + 1), error)
                return
            if not self._background.stopping.is_set():
                self._ran(replace(taken, attempts=taken.attempts + 1), outcome)
        except (BotoCoreError, ClientError, OSError, LocalStackError) as error:
            self._background.report(error)

    def _ran(self, taken: Taken, outcome: Outcome) -> None:
        settings = self._settings.get(taken.function, Settings())
        if not outcome.failed:
            self._ended()
        elif taken.attempts > settings.retries or (outcome.payload or {}).get("errorType") == LOOP:
            self._give_up(taken, outcome, "RetriesExhausted")
        else:
            self._again(taken, AFTER_ERRORS[taken.attempts - 1], outcome)

    def _throttled(self, taken: Taken, error: ThrottledError) -> None:
        first, longest = AFTER_THROTTLE
        outcome = Outcome({"errorType": "ThrottledError", "errorMessage": str(error)}, True, 0.0, False)
        self._again(taken, min(first * 2 ** (taken.throttled - 1), longest), outcome)

    def _again(self, taken: Taken, seconds: float, outcome: Outcome) -> None:
        """After ``seconds`` of Lambda's, unless the event would be too old by then."""
        settings = self._settings.get(taken.function, Settings())
        age = (time.monotonic() - taken.since) * self._hurry
        if age + seconds > settings.longest_age:
            self._give_up(taken, outcome, "EventAgeExceeded")
            return

        def again() -> None:
            with self._lock:
                self._timers.discard(timer)
            self._hand_over(taken)

        timer = threading.Timer(seconds / self._hurry, again)
        timer.daemon = True
        with self._lock:
            self._timers.add(timer)
        timer.start()

    def _give_up(self, taken: Taken, outcome: Outcome, condition: str) -> None:
        destination = self._settings.get(taken.function, Settings()).destination
        if destination:
            arn = self._functions[taken.function].settings.arn
            send(self._aws, destination, envelope(arn, taken, outcome, condition))
        self._ended()

    def _ended(self) -> None:
        with self._lock:
            self._pending -= 1


def envelope(function_arn: str, taken: Taken, outcome: Outcome, condition: str) -> dict[str, Any]:
    """What a destination gets: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html"""
    return {
        "version": "1.0",
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "requestContext": {
            "requestId": taken.request_id,
            "functionArn": f"{function_arn}:$LATEST",
            "condition": condition,
            "approximateInvokeCount": taken.attempts,
        },
        "requestPayload": taken.event,
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "responsePayload": outcome.payload,
    }


def send(aws: Aws, queue_arn: str, body: Mapping[str, Any]) -> None:
    url = aws.sqs.get_queue_url(QueueName=physical_name(queue_arn))["QueueUrl"]
    aws.sqs.send_message(QueueUrl=url, MessageBody=json.dumps(body))
