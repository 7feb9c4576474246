"""A signed-in gateway for each secret, kept as long as the execution environment, with its token and connections."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from listrak_relay.adapters.listrak.breaker import Breaker
from listrak_relay.adapters.listrak.call_meter import CallMeter
from listrak_relay.adapters.listrak.http import ListrakHttp
from listrak_relay.adapters.listrak.pace import Pace, PacedTransport
from listrak_relay.adapters.listrak.their_clock import TheirClock
from listrak_relay.adapters.listrak.token import ListrakToken
from listrak_relay.adapters.listrak.transport import ListrakTransport, Transport
from listrak_relay.ports.listrak_email import CALLS_AT_ONCE
from listrak_relay.ports.secrets import Credentials, SecretStore
from listrak_relay.ports.time import Clock

Gateway = TypeVar("Gateway")


class ListrakGateways(Generic[Gateway]):
    """`ports.listrak_email.EmailGateways` and `ports.listrak_sms.SmsGateways`.

    Args:
        make: the gateway of a channel over signed-in calls.
        own_secret: the channel's, for destinations that name none.
        base_url: of the channel's API, without a trailing slash.
        auth_url: where tokens are had.
        timeouts: see `ListrakTransport`.
        connections: see `ListrakTransport`.
        pace_for: the pace of the calls made with a secret, if they have one.
        meter: told of every call.
        breaker_for: what stops the calls made with a secret while Listrak is away, None for nothing.
    """

    def __init__(
        self,
        *,
        make: Callable[[ListrakHttp], Gateway],
        secrets: SecretStore,
        own_secret: str,
        base_url: str,
        auth_url: str,
        timeouts: tuple[float, float],
        clock: Clock,
        connections: int = CALLS_AT_ONCE,
        pace_for: Callable[[str], Pace] | None = None,
        meter: CallMeter | None = None,
        breaker_for: Callable[[str], Breaker] | None = None,
    ) -> None:
        self._make, self._secrets, self._own_secret = make, secrets, own_secret
        self._base_url, self._auth_url, self._timeouts, self._clock = base_url, auth_url, timeouts, clock
        self._connections, self._pace_for, self._meter = connections, pace_for, meter
        self._breaker_for = breaker_for
        self._gateways: dict[str, Gateway] = {}
        self._lock = threading.Lock()

    def for_secret(self, secret: str | None) -> Gateway:
        name = secret or self._own_secret
        with self._lock:
            if name not in self._gateways:
                self._gateways[name] = self._connect(name)
            return self._gateways[name]

    def _connect(self, name: str) -> Gateway:
        def credentials(fresh: bool) -> Credentials:
            return self._secrets.credentials(name, fresh)

        transport: Transport = ListrakTransport(self._timeouts, self._connections)
        token = ListrakToken(transport, self._auth_url, credentials, self._clock, time.sleep)
        if self._pace_for:
            transport = PacedTransport(transport, self._pace_for(name))
        breaker = self._breaker_for(name) if self._breaker_for else None
        return self._make(
            ListrakHttp(
                self._base_url,
                transport,
                token,
                time.sleep,
                self._meter,
                breaker=breaker,
                their_clock=TheirClock(self._clock),
            )
        )
