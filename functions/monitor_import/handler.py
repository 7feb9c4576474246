"""ImportQueue → one look at one import."""

from aws_lambda_powertools.utilities.typing import LambdaContext

from listrak_relay.doorways import seconds_left, sqs_doorway
from listrak_relay.use_cases.runs.consuming import ReceivedMessage
from listrak_relay.wiring.costs import counted
from listrak_relay.wiring.monitor_import import monitor_import
from listrak_relay.wiring.tracing import traced_if_wanted


def consume(delivery: ReceivedMessage, context: LambdaContext) -> str:
    return monitor_import(delivery, lambda: seconds_left(context))


lambda_handler = counted(traced_if_wanted(sqs_doorway(consume)))
