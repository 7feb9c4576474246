"""X-Ray: each invocation with the AWS calls that it makes, and the run that it is about.

Calls to Listrak are left out, since the address of some has a person's address in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

Handler = Callable[[dict[str, Any], LambdaContext], Any]


def traced(handler: Handler) -> Handler:
    """``handler`` with a trace. Neither what it returns nor the text of an error goes along: both may name a person."""
    # Loads the X-Ray SDK, for which only those pay who want traces.
    from aws_lambda_powertools import Tracer  # noqa: PLC0415

    tracer = Tracer(patch_modules=["boto3"])

    # The SDK notes the text of whatever is raised through it, so nothing is.
    def outcome(event: dict[str, Any], context: LambdaContext) -> tuple[Any, Exception | None]:
        for run_id in run_ids(event):
            tracer.put_annotation("run_id", run_id)
        try:
            return handler(event, context), None
        except Exception as error:  # noqa: BLE001 - raised again outside
            tracer.put_annotation("error", type(error).__name__)
            return None, error

    traced_outcome = tracer.capture_lambda_handler(outcome, capture_response=False)

    def traced_handler(event: dict[str, Any], context: LambdaContext) -> Any:
        result, error = traced_outcome(event, context)
        if error:
            raise error
        return result

    return traced_handler


def run_ids(event: dict[str, Any]) -> Iterator[str]:
    """Of a step of the state machine, or of the messages of a queue."""
    bodies = [event, *(_parsed(record.get("body")) for record in event.get("Records", []))]
    yield from (body["run_id"] for body in bodies if isinstance(body.get("run_id"), str))


def _parsed(text: object) -> dict[str, Any]:
    try:
        values = json.loads(text) if isinstance(text, str) else {}
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}
