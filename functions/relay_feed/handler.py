"""FeedQueue → Listrak's SFTP server: one message, one file."""

from aws_lambda_powertools.utilities.typing import LambdaContext

from listrak_relay.doorways import seconds_left, sqs_doorway
from listrak_relay.use_cases.runs.consuming import ReceivedMessage
from listrak_relay.wiring.costs import counted
from listrak_relay.wiring.relay_feed import relay_feed
from listrak_relay.wiring.tracing import traced_if_wanted


def consume(delivery: ReceivedMessage, context: LambdaContext) -> str:
    return relay_feed(delivery, context.aws_request_id, lambda: seconds_left(context))


lambda_handler = counted(traced_if_wanted(sqs_doorway(consume)))
