"""The Listrak side, for the functions that call it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from listrak_relay.adapters.aws.call_metrics import publish_calls
from listrak_relay.adapters.aws.clients import client
from listrak_relay.adapters.aws.dynamodb_permits import DynamoDbPermits
from listrak_relay.adapters.aws.secrets import SecretsManagerStore
from listrak_relay.adapters.listrak.call_meter import CallMeter
from listrak_relay.adapters.listrak.email import ListrakEmail
from listrak_relay.adapters.listrak.gateways import ListrakGateways
from listrak_relay.adapters.listrak.http import ListrakHttp
from listrak_relay.adapters.listrak.pace import Pace
from listrak_relay.adapters.listrak.sms import ListrakSms
from listrak_relay.errors import ConfigurationError
from listrak_relay.messages import Message
from listrak_relay.ports.listrak_email import CALLS_AT_ONCE
from listrak_relay.settings import ListrakSettings
from listrak_relay.wiring.aws import CLOCK

Gateway = TypeVar("Gateway")

METER = CallMeter()
"""Of every call that this execution environment makes."""


def email_gateways(settings: ListrakSettings) -> ListrakGateways[ListrakEmail]:
    return _gateways(ListrakEmail, settings)


def sms_gateways(
    settings: ListrakSettings, ledger_table: str, connections: int = CALLS_AT_ONCE, calls_per_second: int | None = None
) -> ListrakGateways[ListrakSms]:
    """``calls_per_second`` of the whole stack with one secret; None for a function that makes a call now and then."""
    permits = DynamoDbPermits(ledger_table, client("dynamodb"), CLOCK)

    def pace_for(secret: str) -> Pace:
        return Pace(permits, f"sms/{secret}", calls_per_second or 1, CLOCK, time.sleep)

    return _gateways(ListrakSms, settings, connections, pace_for if calls_per_second else None)


def _gateways(
    make: Callable[[ListrakHttp], Gateway],
    settings: ListrakSettings,
    connections: int = CALLS_AT_ONCE,
    pace_for: Callable[[str], Pace] | None = None,
) -> ListrakGateways[Gateway]:
    return ListrakGateways(
        make,
        SecretsManagerStore(client("secretsmanager")),
        settings.secret,
        settings.base_url,
        settings.auth_url,
        (settings.connect_timeout, settings.read_timeout),
        CLOCK,
        connections,
        pace_for,
        METER,
    )


@contextmanager
def measured() -> Iterator[None]:
    """The calls made within go into the log as metrics, however it ends."""
    try:
        yield
    finally:
        publish_calls(METER.take())


def foreign(message: Message) -> ConfigurationError:
    return ConfigurationError("message_foreign", f"a {type(message).__name__} message is on the wrong queue")
