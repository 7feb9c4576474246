"""`close_run` over AWS."""

from __future__ import annotations

from functools import cache

from listrak_relay.adapters.aws.announcer import EventBridgeSnsAnnouncer
from listrak_relay.adapters.aws.clients import client
from listrak_relay.adapters.aws.run_metrics import MeasuredAnnouncer, measure_waiting
from listrak_relay.settings import CloseSettings
from listrak_relay.use_cases.runs.consuming import Delivery
from listrak_relay.wiring import aws
from listrak_relay.wiring.assembly.close_run import CloseRunPorts, RunCloser, run_closer


def close_run(delivery: Delivery) -> str:
    """Close the run that a CloseQueue message names; see `Consuming.consume`."""
    return _closer().consume(delivery)


def sweep_runs() -> dict[str, int]:
    """See `SweepRuns.sweep`."""
    found = _closer().sweep()
    measure_waiting(found["waiting"])
    return found


@cache
def _closer() -> RunCloser:
    settings = CloseSettings.from_env()
    notices = EventBridgeSnsAnnouncer(settings.event_bus, client("events"), settings.topic_arn, client("sns"))
    ports = CloseRunPorts(
        run=aws.run_ports(settings.aws),
        chunk_queues=aws.chunk_queues(settings.chunk_queues),
        announcer=MeasuredAnnouncer(notices),
    )
    return run_closer(ports, settings)
