"""SmsQueue → Listrak SMS: one batch message, one chunk or what is left of it."""

from aws_lambda_powertools.utilities.typing import LambdaContext

from listrak_relay.doorways import seconds_left, sqs_doorway
from listrak_relay.use_cases.runs.consuming import ReceivedMessage
from listrak_relay.wiring.costs import counted
from listrak_relay.wiring.deliver_sms import deliver_sms
from listrak_relay.wiring.tracing import traced_if_wanted


def consume(delivery: ReceivedMessage, context: LambdaContext) -> str:
    return deliver_sms(delivery, context.aws_request_id, lambda: seconds_left(context))


lambda_handler = counted(traced_if_wanted(sqs_doorway(consume)))
