"""`monitor_import` over AWS and Listrak."""

from __future__ import annotations

from functools import cache

from listrak_relay.settings.delivering import MonitorSettings
from listrak_relay.use_cases.runs.consuming import Delivery
from listrak_relay.wiring import aws, listrak
from listrak_relay.wiring.assembly.monitor_import import ImportConsumer, MonitorImportPorts, import_consumer


def monitor_import(delivery: Delivery) -> str:
    """Look after the import that an ImportQueue message names; see `Consuming.consume`."""
    return _consumer().consume(delivery)


@cache
def _consumer() -> ImportConsumer:
    settings = MonitorSettings.from_env()
    ports = MonitorImportPorts(
        run=aws.run_ports(settings.aws),
        inbox=aws.inbox(settings.inbox),
        email_gateways=listrak.email_gateways(settings.email),
        sms_gateways=listrak.sms_gateways(settings.sms, settings.aws.ledger_table),
    )
    return import_consumer(ports, settings)
