"""The Listrak side, for the functions that call it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from listrak_relay.adapters.aws.call_metrics import publish_calls
from listrak_relay.adapters.aws.clients import client
from listrak_relay.adapters.aws.dynamodb_outages import DynamoDbOutages
from listrak_relay.adapters.aws.dynamodb_permits import DynamoDbPermits
from listrak_relay.adapters.aws.secrets import SecretsManagerStore
from listrak_relay.adapters.listrak.breaker import Breaker
from listrak_relay.adapters.listrak.call_meter import CallMeter
from listrak_relay.adapters.listrak.gateways import ListrakGateways
from listrak_relay.adapters.listrak.http import ListrakHttp
from listrak_relay.adapters.listrak.pace import Pace
from listrak_relay.ports.listrak_email import CALLS_AT_ONCE
from listrak_relay.ports.secrets import SecretStore
from listrak_relay.settings.shared import ListrakSettings
from listrak_relay.wiring.aws import CLOCK

Gateway = TypeVar("Gateway")

METER = CallMeter()
"""Of every call that this execution environment makes."""

EMAIL_CALLS_PER_SECOND = 200
"""What `CALLS_AT_ONCE` calls come to at 40 ms each: no limit of the email API is known, so only trouble slows them."""


def email_pace(secret: str) -> Pace:
    """Of the email calls that this execution environment makes with one secret."""
    return Pace(None, f"email/{secret}", EMAIL_CALLS_PER_SECOND, CLOCK, time.sleep)


def sms_pace(ledger_table: str, calls_per_second: int) -> Callable[[str], Pace]:
    """Of the SMS calls that the whole stack makes, by secret."""
    permits = DynamoDbPermits(ledger_table, client("dynamodb"), CLOCK)
    return lambda secret: Pace(permits, f"sms/{secret}", calls_per_second, CLOCK, time.sleep)


def email_breaker(ledger_table: str) -> Callable[[str], Breaker]:
    """Of the email calls that the whole stack makes, by secret."""
    return _breaker(ledger_table, "email", "/List")


def sms_breaker(ledger_table: str) -> Callable[[str], Breaker]:
    """The same for SMS."""
    return _breaker(ledger_table, "sms", "/ShortCode")


def _breaker(ledger_table: str, api: str, path: str) -> Callable[[str], Breaker]:
    outages = DynamoDbOutages(ledger_table, client("dynamodb"), CLOCK)
    return lambda secret: Breaker(outages, f"{api}/{secret}", path, CLOCK)


def gateways(
    make: Callable[[ListrakHttp], Gateway],
    settings: ListrakSettings,
    connections: int = CALLS_AT_ONCE,
    pace_for: Callable[[str], Pace] | None = None,
    secrets: SecretStore | None = None,
    breaker_for: Callable[[str], Breaker] | None = None,
) -> ListrakGateways[Gateway]:
    """``make``: the gateway of a channel over signed-in calls. ``pace_for``: see `ListrakGateways`. ``secrets``: None
    for Secrets Manager. ``breaker_for``: see `ListrakGateways`."""
    return ListrakGateways(
        make=make,
        secrets=secrets or SecretsManagerStore(client("secretsmanager")),
        own_secret=settings.secret,
        base_url=settings.base_url,
        auth_url=settings.auth_url,
        timeouts=(settings.connect_timeout, settings.read_timeout),
        clock=CLOCK,
        connections=connections,
        pace_for=pace_for,
        meter=METER,
        breaker_for=breaker_for,
    )


@contextmanager
def measured() -> Iterator[None]:
    """The calls made within go into the log as metrics, however it ends."""
    try:
        yield
    finally:
        publish_calls(METER.take())
