"""`close_run` over AWS."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from listrak_relay.adapters.aws.announcer import EventBridgeSnsAnnouncer
from listrak_relay.adapters.aws.clients import client
from listrak_relay.adapters.aws.destinations_file import S3DestinationBook
from listrak_relay.adapters.aws.run_metrics import MeasuredAnnouncer, publish_sweep
from listrak_relay.domain.destinations.destinations import BUILT_IN
from listrak_relay.errors import ConfigurationError, RelayError
from listrak_relay.ports.destinations import DestinationBook
from listrak_relay.settings.ending import CloseSettings
from listrak_relay.use_cases.runs.consuming import ReceivedMessage
from listrak_relay.wiring import aws
from listrak_relay.wiring.assembly.close_run import CloseRunPorts, RunCloser, run_closer


def close_run(delivery: ReceivedMessage) -> str:
    """Close the run that a CloseQueue message names; see `Consuming.consume`."""
    return _closer().consume(delivery)


def sweep_runs() -> dict[str, Any]:
    """What was found, for the log: see `SweepRuns.sweep` and `ExpectedDrops.missing`. ``failed``: why, of each run
    that could not be looked after."""
    closer = _closer()
    swept = closer.sweep()
    found: dict[str, Any] = {**swept.found, "failed": dict(swept.failed)}
    found |= {"longest_wait": swept.longest_wait, "troubled": swept.troubled}
    missing: list[str] = []
    try:
        missing = found["missing"] = closer.missing()
        if faulty := closer.faulty():
            found["expected_drops_not_checked"] = faulty
    except ConfigurationError as error:
        # Every file that is dropped says so, too, in a report that asks for attention.
        found["expected_drops_not_checked"] = error.code
    publish_sweep(missing, found["waiting"], swept.longest_wait, swept.troubled)
    return found


def _configured(book: DestinationBook) -> Collection[str]:
    try:
        return {*book.all(), *book.faulty()}
    except RelayError:
        return BUILT_IN


@cache
def _closer() -> RunCloser:
    settings = CloseSettings.from_env()
    notices = EventBridgeSnsAnnouncer(
        settings.event_bus, client("events"), settings.topic_arn, client("sns"), stack=settings.stack
    )
    book = S3DestinationBook(settings.aws.work_bucket, client("s3"), aws.CLOCK)
    ports = CloseRunPorts(
        run=aws.run_ports(settings.aws),
        chunk_queues=aws.chunk_queues(settings.chunk_queues),
        announcer=MeasuredAnnouncer(notices, lambda: _configured(book)),
        book=book,
        drop_record=aws.drop_record(settings.aws),
        usage=aws.usage_record(settings.aws),
    )
    return run_closer(ports, settings)
