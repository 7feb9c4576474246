"""CloseQueue → one run closed; the schedule → a sweep over the runs that were left open."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from listrak_relay.doorways import doorway, logger, sqs_doorway
from listrak_relay.use_cases.runs.consuming import ReceivedMessage
from listrak_relay.wiring.close_run import close_run, sweep_runs
from listrak_relay.wiring.costs import counted
from listrak_relay.wiring.tracing import traced_if_wanted


class SweepFailedError(Exception):
    """All other runs were looked after; an alarm counts the function's errors."""


def consume(delivery: ReceivedMessage, _: LambdaContext) -> str:
    return close_run(delivery)


close = sqs_doorway(consume)


@doorway
def sweep(_event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Returns what was found. Raises SweepFailedError at the end."""
    found = sweep_runs()
    logger.info("swept", extra=found)
    if failed := found["failed"]:
        raise SweepFailedError(f"runs that could not be looked after: {', '.join(sorted(failed))}")
    return found


@counted
@traced_if_wanted
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return close(event, context) if "Records" in event else sweep(event, context)
