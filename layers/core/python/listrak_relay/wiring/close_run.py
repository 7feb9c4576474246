"""The parts of `close_run`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from listrak_relay.adapters.aws.announcer import EventBridgeSnsAnnouncer
from listrak_relay.adapters.aws.clients import client
from listrak_relay.adapters.aws.destinations_file import S3DestinationBook
from listrak_relay.adapters.aws.run_metrics import MeasuredAnnouncer, publish_sweep
from listrak_relay.domain.destinations.destinations import BUILT_IN
from listrak_relay.errors import ConfigurationError, RelayError
from listrak_relay.messages import CloseRun as CloseRunMessage
from listrak_relay.messages import Message
from listrak_relay.ports.destinations import DestinationBook
from listrak_relay.settings import CloseSettings
from listrak_relay.use_cases.close_run import CloseRun
from listrak_relay.use_cases.expected_drops import ExpectedDrops
from listrak_relay.use_cases.ingest.dispatching import Dispatching
from listrak_relay.use_cases.runs.consuming import Consuming, Delivery
from listrak_relay.use_cases.runs.settling import Settling
from listrak_relay.use_cases.sweep_runs import SweepRuns
from listrak_relay.wiring import aws


def close_run(delivery: Delivery) -> str:
    """Close the run that a CloseQueue message names; see `Consuming.consume`."""
    parts = _parts()

    def work(message: Message) -> None:
        if not isinstance(message, CloseRunMessage):
            raise ConfigurationError("message_foreign", f"a {type(message).__name__} message is on the close queue")
        parts.closing.close(message.run_id, overdue=message.given_up)

    return parts.consuming.consume(delivery, work)


def sweep_runs() -> dict[str, Any]:
    """What was found, for the log: see `SweepRuns.sweep` and `ExpectedDrops.missing`."""
    parts = _parts()
    found: dict[str, Any] = {**parts.sweeping.sweep()}
    missing: list[str] = []
    try:
        missing = found["missing"] = parts.expected.missing()
    except ConfigurationError as error:
        # Every file that is dropped says so, too, in a report that asks for attention.
        found["expected_drops_not_checked"] = error.code
    publish_sweep(missing)
    return found


def _configured(book: DestinationBook) -> Collection[str]:
    try:
        return book.all()
    except RelayError:
        return BUILT_IN


@dataclass(frozen=True, slots=True)
class _Parts:
    consuming: Consuming
    closing: CloseRun
    sweeping: SweepRuns
    expected: ExpectedDrops


@cache
def _parts() -> _Parts:
    settings = CloseSettings.from_env()
    ledger, store = aws.ledger(settings.aws), aws.store(settings.aws)
    queue = aws.queue(settings.close_queue_url)
    notices = EventBridgeSnsAnnouncer(settings.event_bus, client("events"), settings.topic_arn, client("sns"))
    book = S3DestinationBook(settings.aws.work_bucket, client("s3"), aws.CLOCK)
    announcer = MeasuredAnnouncer(notices, lambda: _configured(book))
    closing = CloseRun(ledger, store, announcer, aws.CLOCK)
    queues = aws.delivery_queues(settings.email_queue_url, settings.sms_queue_url, settings.feed_queue_url)
    dispatching = Dispatching(ledger, store, queues, queue)
    return _Parts(
        # A run that cannot be closed is no batch to give up: the queue's own redrive sets its message aside.
        consuming=Consuming(queue, queue, Settling(ledger, queue), settings.max_receives),
        closing=closing,
        sweeping=SweepRuns(ledger, queue, dispatching, closing, aws.CLOCK, settings.run_deadline),
        expected=ExpectedDrops(book, aws.drop_record(settings.aws), aws.CLOCK),
    )
