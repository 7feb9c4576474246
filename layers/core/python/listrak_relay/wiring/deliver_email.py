"""`deliver_email` over AWS and Listrak."""

from __future__ import annotations

import time
from functools import cache

from listrak_relay.adapters.listrak.email import ListrakEmail
from listrak_relay.ports.time import TimeLeft
from listrak_relay.settings.delivering import DeliverEmailSettings
from listrak_relay.use_cases.runs.consuming import ReceivedMessage
from listrak_relay.wiring import aws, listrak
from listrak_relay.wiring.assembly.chunks import ConsumeChunk
from listrak_relay.wiring.assembly.deliver_email import DeliverEmailPorts, email_consumer


def deliver_email(delivery: ReceivedMessage, owner: str, time_left: TimeLeft) -> str:
    """Deliver the chunk that an EmailQueue message points to; see `Consuming.consume`."""
    with listrak.measured():
        return _consumer()(delivery, owner, time_left)


@cache
def _consumer() -> ConsumeChunk:
    settings = DeliverEmailSettings.from_env()
    ports = DeliverEmailPorts(
        run=aws.run_ports(settings.aws),
        inbox=aws.inbox(settings.inbox),
        import_queue=aws.queue(settings.follow.queue_url),
        gateways=listrak.gateways(
            ListrakEmail,
            settings.listrak,
            pace_for=listrak.email_pace,
            breaker_for=listrak.email_breaker(settings.aws.ledger_table),
        ),
        pause=time.sleep,
    )
    return email_consumer(ports, settings)
