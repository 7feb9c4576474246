"""The Listrak side, for the functions that call it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from listrak_relay.adapters.aws.clients import client
from listrak_relay.adapters.aws.dynamodb_permits import DynamoDbPermits
from listrak_relay.adapters.aws.secrets import SecretsManagerStore
from listrak_relay.adapters.listrak.email import ListrakEmail
from listrak_relay.adapters.listrak.gateways import ListrakGateways
from listrak_relay.adapters.listrak.http import ListrakHttp
from listrak_relay.adapters.listrak.pace import Pace
from listrak_relay.adapters.listrak.sms import ListrakSms
from listrak_relay.adapters.listrak.transport import POOL_SIZE
from listrak_relay.settings.shared import ListrakSettings
from listrak_relay.wiring.aws import CLOCK

Gateway = TypeVar("Gateway")


def email_gateways(settings: ListrakSettings) -> ListrakGateways[ListrakEmail]:
    return _gateways(ListrakEmail, settings)


def sms_gateways(
    settings: ListrakSettings, ledger_table: str, connections: int = POOL_SIZE, calls_per_second: int | None = None
) -> ListrakGateways[ListrakSms]:
    """``calls_per_second`` of the whole stack with one secret; None for a function that makes a call now and then."""
    permits = DynamoDbPermits(ledger_table, client("dynamodb"), CLOCK)

    def pace_for(secret: str) -> Pace:
        return Pace(permits, f"sms/{secret}", calls_per_second or 1, CLOCK, time.sleep)

    return _gateways(ListrakSms, settings, connections, pace_for if calls_per_second else None)


def _gateways(
    make: Callable[[ListrakHttp], Gateway],
    settings: ListrakSettings,
    connections: int = POOL_SIZE,
    pace_for: Callable[[str], Pace] | None = None,
) -> ListrakGateways[Gateway]:
    return ListrakGateways(
        make=make,
        secrets=SecretsManagerStore(client("secretsmanager")),
        own_secret=settings.secret,
        base_url=settings.base_url,
        auth_url=settings.auth_url,
        timeouts=(settings.connect_timeout, settings.read_timeout),
        clock=CLOCK,
        connections=connections,
        pace_for=pace_for,
    )
