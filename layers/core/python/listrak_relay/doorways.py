"""What every Lambda handler does around its use case: a clean disk, logging, partial failures, and no row's value in
any error."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from listrak_relay.errors import RelayError, describe
from listrak_relay.scratch import clear_scratch
from listrak_relay.use_cases.runs.consuming import SET_ASIDE, DeliverAgainError, ReceivedMessage

logger = Logger()

R = TypeVar("R")

Handler = Callable[[dict[str, Any], LambdaContext], R]
SqsHandler = Handler[PartialItemFailureResponse]


class UnexpectedError(Exception):
    """Stands for an error whose own text may hold a value of a row; names its type and place."""


def seconds_left(context: LambdaContext) -> float:
    return context.get_remaining_time_in_millis() / 1000


def doorway(handler: Handler[R]) -> Handler[R]:
    """Each invocation begins with a log of its own and without the remains of an earlier one that was killed."""

    @wraps(handler)
    @logger.inject_lambda_context(clear_state=True)
    def entered(event: dict[str, Any], context: LambdaContext) -> R:
        clear_scratch()
        return handler(event, context)

    return entered


def sqs_doorway(consume: Callable[[ReceivedMessage, LambdaContext], str]) -> SqsHandler:
    """A handler that gives each record to ``consume`` and reports those that stay on the queue."""
    # An all-failed batch of one is the usual failure: a partial response, not a function error. The dead-letter queues
    # have the alarms.
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)

    def handle_record(record: SQSRecord, lambda_context: LambdaContext) -> None:
        receives = int(record.attributes.approximate_receive_count or 1)
        pointer = {"pointer": record.body, "receives": receives}
        try:
            result = consume(ReceivedMessage(record.body, record.receipt_handle, receives), lambda_context)
        except DeliverAgainError as again:
            logger.warning("left on the queue: %s", again, extra=pointer)
            raise
        except Exception as error:
            logger.error("left on the queue: %s", describe(error), extra=pointer)  # noqa: TRY400 - its text stays out
            raise
        tell = logger.warning if result.startswith(SET_ASIDE) else logger.info
        tell(result, extra=pointer)

    @doorway
    def lambda_handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
        return process_partial_response(event, handle_record, processor, context)

    return lambda_handler


def fit_to_raise(error: Exception) -> Exception:
    """The error itself when its text is ours; else a stand-in, since Lambda logs what a handler raises."""
    return error if isinstance(error, RelayError) else UnexpectedError(describe(error))
