"""The schedule → who opted out at Listrak since the last time is written down for those who send the files."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from listrak_relay.doorways import doorway, fit_to_raise, logger, seconds_left
from listrak_relay.wiring.collect_opt_outs import collect_opt_outs
from listrak_relay.wiring.tracing import traced_if_wanted


@traced_if_wanted
@doorway
def lambda_handler(_: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Returns how many lists, files and people there were. Raises so that Lambda tries again, which goes on from where
    it ended."""
    try:
        written = collect_opt_outs(lambda: seconds_left(context))
    except Exception as error:  # noqa: BLE001 - raised again, without a text that may hold a contact
        raise fit_to_raise(error) from None
    logger.info("opt-outs collected", extra=written)
    return written
