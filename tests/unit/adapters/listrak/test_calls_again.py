"""How long a call that may put somebody on a list is tried again before its caller looks anew at who has opted out."""

from __future__ import annotations

import pytest

from listrak_relay.adapters.listrak.answer import Answer
from listrak_relay.adapters.listrak.http import ListrakHttp
from listrak_relay.adapters.listrak.sms import ListrakSms
from listrak_relay.adapters.listrak.token import ListrakToken
from listrak_relay.adapters.listrak.transport import Request
from listrak_relay.errors import RetryableError
from listrak_relay.ports.listrak_sms import NewContact
from listrak_relay.ports.secrets import Credentials
from tests.support.fakes import FakeClock


class Throttles:
    """A Listrak that takes ``seconds`` to say that it is too busy."""

    def __init__(self, clock: FakeClock, seconds: float) -> None:
        self.clock, self.seconds, self.asked = clock, seconds, 0

    def send(self, request: Request) -> Answer:
        if request.url.endswith("/Token"):
            return Answer(200, {}, b'{"access_token": "made-up", "expires_in": 3599}')
        self.asked += 1
        self.clock.advance(self.seconds)
        return Answer(429, {}, b"{}")


@pytest.mark.parametrize(("seconds", "tries"), [(0.0, 4), (6.0, 1)])
def test_a_creation_is_not_made_again_long_after_its_first_try(seconds: float, tries: int) -> None:
    clock = FakeClock()
    listrak = Throttles(clock, seconds)
    pair = Credentials("made-up-client", "made-up-secret")
    token = ListrakToken(listrak, "https://listrak.example/Token", lambda _: pair, clock, clock.advance)
    sms = ListrakSms(ListrakHttp("https://listrak.example", listrak, token, lambda _: None, seconds=clock.now))

    with pytest.raises(RetryableError):
        sms.create(55, 5501, NewContact("17175550100", {}))

    assert listrak.asked == tries
