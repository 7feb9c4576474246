"""What each invocation uses, noted for the runs that it is about."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import cache, wraps
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from listrak_relay.adapters.aws.call_counts import CALLS
from listrak_relay.adapters.aws.tracing import run_ids
from listrak_relay.errors import describe
from listrak_relay.ports.usage import UsageRecord
from listrak_relay.settings.shared import AwsSettings
from listrak_relay.wiring import aws

Handler = Callable[[dict[str, Any], LambdaContext], Any]

_RECEIVED_AND_DELETED = 2
"""Requests that Lambda makes to SQS for each message."""
_MB_OF_A_GB = 1024
_LEAST_MILLISECONDS = 5_000
"""With less left, a ledger that is slow would make a failure of work that is done."""

logger = Logger()


@cache
def _record() -> UsageRecord:
    return aws.usage_record(AwsSettings.from_env())


def counted(handler: Handler, record: Callable[[], UsageRecord] = _record) -> Handler:
    """``handler``, after which what it took is added to the runs that its event, or what it returns, names. Counting
    never fails an invocation; what was not counted is in the log."""

    @wraps(handler)
    def entered(event: dict[str, Any], context: LambdaContext) -> Any:
        CALLS.take()  # what is left is of nobody: the start of the process, or the last note itself
        begun, result = time.monotonic(), None
        try:
            result = handler(event, context)
            return result
        finally:
            _note(record, event, result, context, time.monotonic() - begun)

    return entered


def _note(
    record: Callable[[], UsageRecord], event: Mapping[str, Any], result: Any, context: LambdaContext, seconds: float
) -> None:
    try:
        if context.get_remaining_time_in_millis() < _LEAST_MILLISECONDS:
            logger.warning("what this invocation used was not counted: its time is over")
            return
        runs = _runs_of(event, result)
        used = {
            **CALLS.take(),
            "invocations": 1.0,
            "gb_seconds": seconds * int(context.memory_limit_in_mb) / _MB_OF_A_GB,
        }
        messages = sum(one.get("eventSource") == "aws:sqs" for one in event.get("Records", ()))
        used["sqs_requests"] = used.get("sqs_requests", 0.0) + _RECEIVED_AND_DELETED * messages
        for run_id in runs:
            record().add(run_id, {name: amount / len(runs) for name, amount in used.items()})
    except Exception as error:  # noqa: BLE001 - the work is done, and what it cost is not worth doing it again
        logger.warning("what this invocation used was not counted: %s", describe(error))


def _runs_of(event: Mapping[str, Any], result: Any) -> list[str]:
    """``result`` of `ingest_audience` has them as its keys; the events of all others name them."""
    named = list(dict.fromkeys(run_ids(dict(event))))
    return named or ([str(run_id) for run_id in result] if isinstance(result, dict) and "Records" in event else [])
