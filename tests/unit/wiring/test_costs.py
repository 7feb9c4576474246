"""What an invocation used is noted for its runs, and never in its way."""

from __future__ import annotations

import json
from typing import Any

import pytest

from listrak_relay.adapters.aws.call_counts import CALLS
from listrak_relay.errors import RetryableError
from listrak_relay.ports.usage import UsageRecord
from listrak_relay.wiring.costs import counted
from tests.support.aws.lambda_context import Context
from tests.support.fakes import FakeUsageRecord


def message(run_id: str) -> dict[str, Any]:
    return {"eventSource": "aws:sqs", "body": json.dumps({"run_id": run_id})}


def returns(value: Any) -> Any:
    return lambda _event, _context: value


def test_an_invocation_of_a_queue_is_noted_for_its_run() -> None:
    used = FakeUsageRecord()

    answer = counted(returns("done"), lambda: used)({"Records": [message("email-1")]}, Context())

    found = used.of("email-1")
    assert answer == "done"
    assert (found["invocations"], found["sqs_requests"]) == (1, 2)
    assert found["gb_seconds"] >= 0


def test_a_file_s_run_is_known_by_what_ingest_returns() -> None:
    used = FakeUsageRecord()

    counted(returns({"email-1": "ingested"}), lambda: used)({"Records": [{"s3": {}}]}, Context())

    assert used.of("email-1")["invocations"] == 1


def test_what_several_runs_share_is_parted() -> None:
    used = FakeUsageRecord()

    counted(returns(None), lambda: used)({"Records": [message("a-1"), message("b-1")]}, Context())

    assert used.of("a-1")["invocations"] == used.of("b-1")["invocations"] == 0.5


def test_an_invocation_that_fails_is_noted_too() -> None:
    used = FakeUsageRecord()

    def fails(_event: Any, _context: Any) -> None:
        raise RetryableError("no answer")

    with pytest.raises(RetryableError):
        counted(fails, lambda: used)({"step": "cut", "run_id": "email-1"}, Context())

    assert used.of("email-1")["invocations"] == 1


def test_an_invocation_without_a_run_is_nobodys() -> None:
    used = FakeUsageRecord()

    counted(returns({"closed": 3}), lambda: used)({"source": "aws.events"}, Context())

    assert used.of("closed") == {}


def test_an_invocation_whose_time_is_nearly_over_is_not_held_up_by_counting() -> None:
    used = FakeUsageRecord()

    assert counted(returns("done"), lambda: used)({"Records": [message("email-1")]}, Context(seconds=1)) == "done"
    assert used.of("email-1") == {}


def test_counting_that_fails_fails_no_invocation() -> None:
    def away() -> UsageRecord:
        raise RetryableError("the ledger is away")

    assert counted(returns("done"), away)({"Records": [message("email-1")]}, Context()) == "done"
    assert CALLS.take() == {}
