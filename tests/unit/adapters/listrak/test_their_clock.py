"""When somebody left a list, by our clock, whatever Listrak's says."""

from __future__ import annotations

import json
from email.utils import formatdate

import pytest

from listrak_relay.adapters.listrak.answer import Answer
from listrak_relay.adapters.listrak.http import ListrakHttp
from listrak_relay.adapters.listrak.sms import ListrakSms
from listrak_relay.adapters.listrak.their_clock import TheirClock
from listrak_relay.adapters.listrak.token import ListrakToken
from listrak_relay.adapters.listrak.transport import Request
from listrak_relay.ports.secrets import Credentials
from tests.support.fakes import FakeClock
from tests.support.fakes.clock import written

LEFT_AGO = 600.0


class OfAnotherTime:
    """A Listrak whose clock is so many seconds ahead, with one contact, who left the list ten minutes ago."""

    def __init__(self, clock: FakeClock, ahead: float, date: str | None = None) -> None:
        self.clock, self.ahead, self.date = clock, ahead, date

    def send(self, request: Request) -> Answer:
        now = self.clock.now() + self.ahead
        headers = {"Date": formatdate(now, usegmt=True) if self.date is None else self.date}
        if request.url.endswith("/Token"):
            return Answer(200, headers, b'{"access_token": "made-up", "expires_in": 3599}')
        left = {"phoneListId": 5501, "subscriptionState": "Unsubscribed", "unsubscribeDate": written(now - LEFT_AGO)}
        return Answer(200, headers, json.dumps({"status": 200, "data": [left]}).encode())


def left_at(listrak: OfAnotherTime) -> float | None:
    clock, pair = listrak.clock, Credentials("made-up-client", "made-up-secret")
    token = ListrakToken(listrak, "https://listrak.example/Token", lambda _: pair, clock, clock.advance)
    http = ListrakHttp("https://listrak.example", listrak, token, clock.advance, their_clock=TheirClock(clock))
    return ListrakSms(http).left_list_at(55, 5501, "17175550100")


@pytest.mark.parametrize("ahead", [0.0, 3_600.0, -3_600.0, -90.0, 4.0])
def test_whoever_left_did_so_by_our_clock(ahead: float) -> None:
    clock = FakeClock()

    assert left_at(OfAnotherTime(clock, ahead)) == pytest.approx(clock.now() - LEFT_AGO, abs=5)


@pytest.mark.parametrize("date", ["", "soon", "Mon, 30 Nov 99999 06:00:00 GMT"])
def test_an_answer_without_a_date_is_taken_as_it_is(date: str) -> None:
    clock = FakeClock()

    assert left_at(OfAnotherTime(clock, 60.0, date)) == clock.now() + 60.0 - LEFT_AGO
