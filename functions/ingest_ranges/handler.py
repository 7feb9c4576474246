"""One step of the state machine that reads a large file in ranges."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from listrak_relay.doorways import doorway, fit_to_raise, logger, seconds_left
from listrak_relay.wiring.costs import counted
from listrak_relay.wiring.ingest_ranges import ingest_ranges
from listrak_relay.wiring.tracing import traced_if_wanted


@counted
@traced_if_wanted
@doorway
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, str] | None:
    """``event``: ``step``, ``run_id`` and for some steps ``number``, that of a range. Returns what comes next, if the
    step decides that. Raises so that the state machine tries again."""
    run_id, number = event["run_id"], event.get("number", 0)
    try:
        next_step = ingest_ranges().take(event["step"], run_id, number, lambda: seconds_left(context))
    except Exception as error:  # noqa: BLE001 - raised again, without a text that may hold a row's value
        raise fit_to_raise(error) from None
    logger.info("step taken", extra={"step": event["step"], "run_id": run_id, "number": number})
    return asdict(next_step) if next_step is not None else None
