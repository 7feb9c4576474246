"""`deliver_sms` over AWS and Listrak."""

from __future__ import annotations

from functools import cache

from listrak_relay.ports.time import TimeLeft
from listrak_relay.settings.delivering import DeliverSmsSettings
from listrak_relay.use_cases.runs.consuming import Delivery
from listrak_relay.wiring import aws, listrak
from listrak_relay.wiring.assembly.common import ChunkConsumer
from listrak_relay.wiring.assembly.deliver_sms import DeliverSmsPorts, sms_consumer


def deliver_sms(delivery: Delivery, owner: str, time_left: TimeLeft) -> str:
    """Deliver the chunk that an SmsQueue message points to; see `Consuming.consume`."""
    return _consumer().consume(delivery, owner, time_left)


@cache
def _consumer() -> ChunkConsumer:
    settings = DeliverSmsSettings.from_env()
    ports = DeliverSmsPorts(
        run=aws.run_ports(settings.aws),
        inbox=aws.inbox(settings.inbox),
        import_queue=aws.queue(settings.follow.queue_url),
        gateways=listrak.sms_gateways(
            settings.listrak, settings.aws.ledger_table, settings.connections, settings.calls_per_second
        ),
    )
    return sms_consumer(ports, settings)
