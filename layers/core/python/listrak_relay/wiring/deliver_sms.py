"""`deliver_sms` over AWS and Listrak."""

from __future__ import annotations

from functools import cache

from listrak_relay.adapters.listrak.sms import ListrakSms
from listrak_relay.ports.time import TimeLeft
from listrak_relay.settings.delivering import DeliverSmsSettings
from listrak_relay.use_cases.runs.consuming import ReceivedMessage
from listrak_relay.wiring import aws, listrak
from listrak_relay.wiring.assembly.chunks import ConsumeChunk
from listrak_relay.wiring.assembly.deliver_sms import DeliverSmsPorts, sms_consumer


def deliver_sms(delivery: ReceivedMessage, owner: str, time_left: TimeLeft) -> str:
    """Deliver the chunk that an SmsQueue message points to; see `Consuming.consume`."""
    with listrak.measured():
        return _consumer()(delivery, owner, time_left)


@cache
def _consumer() -> ConsumeChunk:
    settings = DeliverSmsSettings.from_env()
    pace_for = listrak.sms_pace(settings.aws.ledger_table, settings.calls_per_second)
    ports = DeliverSmsPorts(
        run=aws.run_ports(settings.aws),
        inbox=aws.inbox(settings.inbox),
        import_queue=aws.queue(settings.follow.queue_url),
        gateways=listrak.gateways(
            ListrakSms,
            settings.listrak,
            settings.connections,
            pace_for,
            breaker_for=listrak.sms_breaker(settings.aws.ledger_table),
        ),
    )
    return sms_consumer(ports, settings)
