"""Use cases over fakes, with the real client of Listrak and the simulator behind it. All live by the same clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import time
from typing import Any, Generic, TypeVar

from listrak_relay.adapters.listrak.breaker import Breaker
from listrak_relay.adapters.listrak.email import ListrakEmail
from listrak_relay.adapters.listrak.http import ListrakHttp
from listrak_relay.adapters.listrak.pace import Pace, PacedTransport
from listrak_relay.adapters.listrak.sms import ListrakSms
from listrak_relay.adapters.listrak.token import ListrakToken
from listrak_relay.adapters.listrak.transport import ListrakTransport, Transport
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.destinations.destinations import Destination, SmsDestination
from listrak_relay.ports.secrets import Credentials
from tests.support.fakes import FakeClock, FakeOutages
from tests.support.listrak.simulator import EMAIL_CLIENT, SMS_CLIENT, RunningSimulator
from tests.support.runs.relay import MAX_RECEIVES, Relay, destination

TIMEOUTS = (5.0, 20.0)

Gateway = TypeVar("Gateway")


class SharedClock(FakeClock):
    """Time that passes for the simulator too, which takes that of the machine besides: so does this."""

    def __init__(self, simulator: RunningSimulator) -> None:
        super().__init__(0.0)
        self._simulator = simulator
        self._lock = Lock()

    def now(self) -> float:
        return time() + super().now()

    def advance(self, seconds: float) -> None:
        # One at a time, or what another thread tells the simulator late puts its clock back.
        with self._lock:
            super().advance(seconds)
            self._simulator.control("PUT", "/clock", {"ahead_seconds": super().now()})


@dataclass(frozen=True)
class OneGateway(Generic[Gateway]):
    """`ports.listrak_email.EmailGateways` or `ports.listrak_sms.SmsGateways`, whatever the secret."""

    gateway: Gateway

    def for_secret(self, secret: str | None) -> Gateway:
        return self.gateway


def relay_over(
    transport: Transport,
    url: str,
    clock: FakeClock,
    channel: Channel,
    *,
    breaks: bool,
    small_chunk_rows: int = 3,
    side_by_side: int = 4,
    max_receives: int = MAX_RECEIVES,
    **values: Any,
) -> Relay:
    """With a Listrak at ``url``, which is reached by ``transport``. ``breaks``: calls stop while it is away.
    ``values``: of the destination."""
    outages = FakeOutages(clock)

    def http(path: str, client: dict[str, str]) -> ListrakHttp:
        paced = PacedTransport(transport, Pace(None, path, 200, clock, clock.advance))
        token = ListrakToken(transport, f"{url}/OAuth2/Token", lambda _: Credentials(**client), clock, clock.advance)
        question = "/List" if path.startswith("/email") else "/ShortCode"
        breaker = Breaker(outages, path, question, clock) if breaks else None
        return ListrakHttp(f"{url}{path}", paced, token, clock.advance, breaker=breaker)

    wanted: Destination = SmsDestination("sms", **values) if channel is Channel.SMS else destination(**values)
    return Relay(
        wanted,
        small_chunk_rows=small_chunk_rows,
        side_by_side=side_by_side,
        max_receives=max_receives,
        clock=clock,
        email=OneGateway(ListrakEmail(http("/email/v1", EMAIL_CLIENT))),
        sms=OneGateway(ListrakSms(http("/sms/v1", SMS_CLIENT))),
    )


def simulated_relay(
    simulator: RunningSimulator,
    channel: Channel = Channel.EMAIL,
    *,
    road: Callable[[Transport], Transport] = lambda transport: transport,
    breaks: bool = False,
    **values: Any,
) -> Relay:
    """``road``: laid over every connection to Listrak. ``breaks``, ``values``: as for `relay_over`."""
    direct = road(ListrakTransport(TIMEOUTS))
    return relay_over(direct, simulator.url, SharedClock(simulator), channel, breaks=breaks, **values)
