"""The parts of `close_run`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from listrak_relay.adapters.aws.announcer import EventBridgeSnsAnnouncer
from listrak_relay.adapters.aws.clients import client
from listrak_relay.adapters.aws.run_metrics import MeasuredAnnouncer
from listrak_relay.errors import ConfigurationError
from listrak_relay.messages import CloseRun as CloseRunMessage
from listrak_relay.messages import Message
from listrak_relay.settings import CloseSettings
from listrak_relay.use_cases.close_run import CloseRun
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


def sweep_runs() -> dict[str, int]:
    """See `SweepRuns.sweep`."""
    return _parts().sweeping.sweep()


@dataclass(frozen=True, slots=True)
class _Parts:
    consuming: Consuming
    closing: CloseRun
    sweeping: SweepRuns


@cache
def _parts() -> _Parts:
    settings = CloseSettings.from_env()
    ledger, store = aws.ledger(settings.aws), aws.store(settings.aws)
    queue = aws.queue(settings.close_queue_url)
    notices = EventBridgeSnsAnnouncer(settings.event_bus, client("events"), settings.topic_arn, client("sns"))
    closing = CloseRun(ledger, store, MeasuredAnnouncer(notices), aws.CLOCK)
    queues = aws.delivery_queues(settings.email_queue_url, settings.sms_queue_url, settings.feed_queue_url)
    dispatching = Dispatching(ledger, store, queues, queue)
    return _Parts(
        # A run that cannot be closed is no batch to give up: the queue's own redrive sets its message aside.
        consuming=Consuming(queue, queue, Settling(ledger, queue), settings.max_receives),
        closing=closing,
        sweeping=SweepRuns(ledger, queue, dispatching, closing, aws.CLOCK, settings.run_deadline),
    )
