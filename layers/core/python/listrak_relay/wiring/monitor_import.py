"""`monitor_import` over AWS and Listrak."""

from __future__ import annotations

from functools import cache

from listrak_relay.adapters.listrak.email import ListrakEmail
from listrak_relay.adapters.listrak.sms import ListrakSms
from listrak_relay.ports.time import TimeLeft
from listrak_relay.settings.delivering import MonitorSettings
from listrak_relay.use_cases.runs.consuming import ReceivedMessage
from listrak_relay.wiring import aws, listrak
from listrak_relay.wiring.assembly.monitor_import import ConsumeImport, MonitorImportPorts, import_consumer


def monitor_import(delivery: ReceivedMessage, time_left: TimeLeft) -> str:
    """Look after the import that an ImportQueue message names; see `Consuming.consume`."""
    with listrak.measured():
        return _consumer()(delivery, time_left)


@cache
def _consumer() -> ConsumeImport:
    settings = MonitorSettings.from_env()
    table = settings.aws.ledger_table
    ports = MonitorImportPorts(
        run=aws.run_ports(settings.aws),
        inbox=aws.inbox(settings.inbox),
        email_gateways=listrak.gateways(ListrakEmail, settings.email, breaker_for=listrak.email_breaker(table)),
        sms_gateways=listrak.gateways(ListrakSms, settings.sms, breaker_for=listrak.sms_breaker(table)),
    )
    return import_consumer(ports, settings)
