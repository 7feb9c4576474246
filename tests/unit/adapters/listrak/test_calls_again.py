"""How long a call that may put somebody on a list is tried again before its caller looks anew at who has opted out."""

from __future__ import annotations

import pytest

from listrak_relay.adapters.listrak.answer import Answer
from listrak_relay.adapters.listrak.call import Call
from listrak_relay.adapters.listrak.http import ListrakHttp
from listrak_relay.adapters.listrak.sms import ListrakSms
from listrak_relay.adapters.listrak.token import ListrakToken
from listrak_relay.adapters.listrak.transport import Request
from listrak_relay.errors import OutcomeUnknownError, RetryableError
from listrak_relay.ports.listrak_sms import NewContact
from listrak_relay.ports.secrets import Credentials
from tests.support.fakes import FakeClock


class Throttles:
    """A Listrak that takes ``seconds`` to say that it is too busy."""

    def __init__(self, clock: FakeClock, seconds: float, status: int = 429, content: bytes = b"{}") -> None:
        self.clock, self.seconds, self.asked = clock, seconds, 0
        self.status, self.content = status, content

    def send(self, request: Request) -> Answer:
        if request.url.endswith("/Token"):
            return Answer(200, {}, b'{"access_token": "made-up", "expires_in": 3599}')
        self.asked += 1
        self.clock.advance(self.seconds)
        return Answer(self.status, {}, self.content)


def http_of(listrak: Throttles) -> ListrakHttp:
    pair = Credentials("made-up-client", "made-up-secret")
    token = ListrakToken(listrak, "https://listrak.example/Token", lambda _: pair, listrak.clock, listrak.clock.advance)
    return ListrakHttp("https://listrak.example", listrak, token, lambda _: None, seconds=listrak.clock.now)


@pytest.mark.parametrize(("seconds", "tries"), [(0.0, 4), (6.0, 1)])
def test_a_creation_is_not_made_again_long_after_its_first_try(seconds: float, tries: int) -> None:
    listrak = Throttles(FakeClock(), seconds)
    sms = ListrakSms(http_of(listrak))

    with pytest.raises(RetryableError):
        sms.create(55, 5501, NewContact("17175550100", {}))

    assert listrak.asked == tries


@pytest.mark.parametrize("status", ["9" * 5_000, "true", "-200", "2000"])
def test_a_status_of_any_kind_in_an_answer_confirms_nothing(status: str) -> None:
    listrak = Throttles(FakeClock(), 0.0, 201, b'{"status": "' + status.encode() + b'"}')

    with pytest.raises(OutcomeUnknownError):
        http_of(listrak).call(Call("POST", "/List/1/ListImport", "POST ListImport", repeatable=False))
    assert listrak.asked == 1


@pytest.mark.parametrize(
    "body",
    [
        b'{"status": 400, "error": "ERROR_BANNED_EMAIL_ADDRESS", "message": "no"}',
        b'{"status": 201, "error": "ERROR_BANNED_EMAIL_ADDRESS", "message": "no"}',
        b'{"status": "500", "resourceId": "7"}',
        b'{"error": "ERROR_UNHANDLED_EXCEPTION", "resourceId": "7"}',
    ],
)
def test_a_refusal_under_a_status_of_success_confirms_nothing(body: bytes) -> None:
    listrak = Throttles(FakeClock(), 0.0, 200, body)

    with pytest.raises(OutcomeUnknownError):
        http_of(listrak).call(Call("POST", "/List/1/ListImport", "POST ListImport", repeatable=False))


@pytest.mark.parametrize("body", [b'{"resourceId": "7"}', b'{"status": 201, "error": null}', b'{"status": "201"}'])
def test_what_is_as_published_and_more_confirms(body: bytes) -> None:
    listrak = Throttles(FakeClock(), 0.0, 200, body)

    http_of(listrak).call(Call("POST", "/List/1/ListImport", "POST ListImport", repeatable=False))

    assert listrak.asked == 1
