"""Asynchronous invocations: how often and when an event is tried, and where it ends."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from local.errors import LocalStackError, ThrottledError
from local.lambda_runtime.worker import Outcome
from local.triggers.asynchronous import AFTER_ERRORS, LARGEST_EVENT, AsynchronousInvocations
from local.triggers.threads import Background
from tests.support.waiting import eventually

DONE = Outcome({}, failed=False, seconds=0.1, alive=True)
FAILED = Outcome({"errorType": "ValueError"}, failed=True, seconds=0.1, alive=True)
LOOPED = Outcome({"errorType": "RecursiveInvocationException"}, failed=True, seconds=0.0, alive=False)
QUEUE = "arn:aws:sqs:us-east-1:123456789012:failures"


class ScriptedFunction:
    """Ends its invocations as listed; the last one again and again."""

    settings = SimpleNamespace(arn="arn:aws:lambda:us-east-1:123456789012:function:scripted")

    def __init__(self, *ends: Outcome | Exception) -> None:
        self._ends = ends
        self.calls: list[tuple[float, str, str | None]] = []

    def invoke(self, _event: Any, request_id: str, trace: str | None) -> Outcome:
        self.calls.append((time.monotonic(), request_id, trace))
        end = self._ends[min(len(self.calls), len(self._ends)) - 1]
        if isinstance(end, Exception):
            raise end
        return end


class Failures:
    """In SQS's place: what went to the destination."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def get_queue_url(self, QueueName: str) -> dict[str, str]:  # noqa: N803 # boto3's
        return {"QueueUrl": QueueName}

    def send_message(self, QueueUrl: str, MessageBody: str) -> None:  # noqa: N803
        self.sent.append(json.loads(MessageBody))


@pytest.fixture
def failures() -> Failures:
    return Failures()


@pytest.fixture
def invoke(failures: Failures) -> Iterator[Any]:
    """Submits an event for a scripted function and waits for its end."""
    started: list[AsynchronousInvocations] = []
    background = Background()

    def run(function: ScriptedFunction, hurry: float = 1e6, age: int = 10**12, **settings: Any) -> None:
        named = {"FunctionName": "scripted", "MaximumEventAgeInSeconds": age, **settings}
        named["DestinationConfig"] = {"OnFailure": {"Destination": QUEUE}}
        deployment: Any = SimpleNamespace(
            aws=SimpleNamespace(sqs=failures), logical=lambda name: name, of_type=lambda _kind: {"Config": named}
        )
        functions: Any = {"scripted": function}
        started.append(AsynchronousInvocations(deployment, functions, background, hurry, concurrency=1))
        started[-1].submit("scripted", {"number": 1}, "Root=1-a-b")
        eventually(lambda: started[-1].pending == 0, what="the end of the event")
        assert background.fault is None

    yield run
    for one in started:
        one.stop()


def test_a_failed_event_is_tried_twice_more_and_then_kept(invoke: Any, failures: Failures) -> None:
    function = ScriptedFunction(FAILED)

    invoke(function)

    assert len(function.calls) == 3
    assert len({request_id for _, request_id, _ in function.calls}) == 1
    (kept,) = failures.sent
    assert kept["requestContext"]["condition"] == "RetriesExhausted"
    assert kept["requestContext"]["approximateInvokeCount"] == 3


def test_the_waits_between_tries_are_one_and_two_minutes_in_the_stacks_hurry(invoke: Any) -> None:
    function = ScriptedFunction(FAILED)

    invoke(function, hurry=300)

    first, second, third = (at for at, _, _ in function.calls)
    assert second - first >= AFTER_ERRORS[0] / 300
    assert third - second >= AFTER_ERRORS[1] / 300
    assert AFTER_ERRORS == (60, 120)


def test_an_event_that_is_done_the_second_time_is_kept_nowhere(invoke: Any, failures: Failures) -> None:
    function = ScriptedFunction(FAILED, DONE)

    invoke(function)

    assert len(function.calls) == 2
    assert failures.sent == []


def test_throttles_use_up_no_tries(invoke: Any, failures: Failures) -> None:
    function = ScriptedFunction(*[ThrottledError("busy")] * 8, FAILED, FAILED, DONE)

    invoke(function)

    assert len(function.calls) == 11
    assert failures.sent == []


def test_an_event_that_is_throttled_until_it_is_too_old_is_kept(invoke: Any, failures: Failures) -> None:
    function = ScriptedFunction(ThrottledError("busy"))

    invoke(function, hurry=600, age=60)

    (kept,) = failures.sent
    assert kept["requestContext"]["condition"] == "EventAgeExceeded"
    assert kept["requestContext"]["approximateInvokeCount"] == 0
    assert len(function.calls) > 2


def test_an_error_whose_next_try_would_come_too_late_is_kept_at_once(invoke: Any, failures: Failures) -> None:
    function = ScriptedFunction(FAILED)

    invoke(function, hurry=1, age=59)

    assert len(function.calls) == 1
    assert failures.sent[0]["requestContext"]["condition"] == "EventAgeExceeded"


def test_an_invocation_too_many_in_a_loop_is_not_tried_again(invoke: Any, failures: Failures) -> None:
    function = ScriptedFunction(LOOPED)

    invoke(function)

    assert len(function.calls) == 1
    assert failures.sent[0]["responsePayload"]["errorType"] == "RecursiveInvocationException"


def test_the_trace_of_the_event_reaches_every_try(invoke: Any) -> None:
    function = ScriptedFunction(FAILED, DONE)

    invoke(function)

    assert [trace for _, _, trace in function.calls] == ["Root=1-a-b"] * 2


def test_an_event_that_is_too_large_is_not_taken() -> None:
    deployment: Any = SimpleNamespace(aws=None, of_type=lambda _kind: {})
    functions: Any = {"scripted": ScriptedFunction(DONE)}
    invocations = AsynchronousInvocations(deployment, functions, Background(), 1, 1)

    with pytest.raises(LocalStackError, match="too large for the Event invocation type"):
        invocations.submit("scripted", {"filler": "x" * LARGEST_EVENT})

    invocations.stop()


def test_an_event_that_comes_while_the_stack_stops_is_gone_with_it() -> None:
    functions: Any = {"scripted": ScriptedFunction(DONE)}
    deployment: Any = SimpleNamespace(aws=None, logical=lambda name: name, of_type=lambda _kind: {})
    background = Background()
    invocations = AsynchronousInvocations(deployment, functions, background, 1, 1)
    background.stopping.set()
    invocations.stop()

    invocations.submit("scripted", {})

    assert functions["scripted"].calls == []
