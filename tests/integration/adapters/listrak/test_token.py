"""Signing in at Listrak: how often, with what, and what a refusal or a fault on the way leads to."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import parse_qs

import pytest

from listrak_relay.adapters.listrak.email import ListrakEmail
from listrak_relay.adapters.listrak.gateways import ListrakGateways
from listrak_relay.adapters.listrak.token import ATTEMPTS, LONGEST_WAIT_SECONDS
from listrak_relay.errors import ConfigurationError, RetryableError
from listrak_relay.ports.secrets import Credentials
from tests.support.fakes import FakeClock, FakeSecretStore
from tests.support.listrak.client import (
    PAIR,
    SECRET,
    SHORT_TIMEOUTS,
    TIMEOUTS,
    Client,
    ScriptedListrak,
    created,
    data,
    error_reply,
    listrak_client,
    token_reply,
)
from tests.support.listrak.scripted_server import End, Reply, Request, closed_port_url, hang_up, silence

ROTATED = Credentials("made-up-client", "rotated-secret")
REFUSED = error_reply(401, "ERROR_UNAUTHORIZED")
WRONG_PAIR = error_reply(400, "ERROR_INVALID_CREDENTIALS")


@pytest.fixture
def listrak(listrak: ScriptedListrak) -> ScriptedListrak:
    """Takes what a client asks of it once it has signed in."""
    listrak.on("GET", "/List", data([]))
    listrak.on("POST", "/ListImport", created())
    return listrak


def secrets_sent(listrak: ScriptedListrak) -> list[str]:
    return [form(request)["client_secret"] for request in listrak.token_requests]


def form(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(request.body.decode(), strict_parsing=True).items()}


def tokens_used(listrak: ScriptedListrak) -> list[str]:
    return [request.headers["authorization"].removeprefix("Bearer ") for request in listrak.asked("GET", "/List")]


def test_signing_in_sends_the_published_form(listrak: ScriptedListrak) -> None:
    client = listrak_client(listrak.email_url, listrak.auth_url, pair=Credentials("id &=+", "sëcret %&=+ "))

    client.email.lists()

    (request,) = listrak.token_requests
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert form(request) == {
        "grant_type": "client_credentials",
        "client_id": "id &=+",
        "client_secret": "sëcret %&=+ ",
    }
    assert "authorization" not in request.headers


def test_one_token_serves_many_calls(listrak: ScriptedListrak) -> None:
    client = listrak.client()

    for _ in range(10):
        client.email.lists()
    client.start_import()

    assert len(listrak.token_requests) == 1
    assert set(tokens_used(listrak)) == {"token-1"}


def test_one_token_serves_many_threads(listrak: ScriptedListrak) -> None:
    client, together = listrak.client(), Barrier(8)

    def work(_: int) -> None:
        together.wait()
        for _ in range(10):
            client.email.lists()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))

    assert len(listrak.token_requests) == 1
    assert len(listrak.asked("GET", "/List")) == 80


def test_a_token_refused_to_many_threads_is_renewed_once(listrak: ScriptedListrak) -> None:
    client, together = listrak.client(), Barrier(8)
    client.email.lists()
    listrak.refused_tokens.add("token-1")

    def work(_: int) -> None:
        together.wait()
        client.email.lists()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))

    assert len(listrak.token_requests) == 2


def test_a_token_is_renewed_two_minutes_before_its_end(listrak: ScriptedListrak) -> None:
    listrak.on_token(token_reply("first", 3599), token_reply("second", 3599))
    client = listrak.client()

    client.email.lists()
    client.clock.advance(3599 - 120)
    client.email.lists()
    client.clock.advance(1)
    client.email.lists()

    assert tokens_used(listrak) == ["first", "first", "second"]


@pytest.mark.parametrize("expires_in", ["3599", 3599.0])
def test_the_life_of_a_token_may_be_written_otherwise(listrak: ScriptedListrak, expires_in: object) -> None:
    listrak.on_token(token_reply("first", expires_in), token_reply("second"))
    client = listrak.client()

    client.email.lists()
    client.clock.advance(3000)
    client.email.lists()
    client.clock.advance(500)
    client.email.lists()

    assert tokens_used(listrak) == ["first", "first", "second"]


@pytest.mark.parametrize("expires_in", [None, "", "soon", "NaN", True, [], -1, 0, 60])
def test_a_token_without_a_usable_life_is_kept_for_a_minute_at_most(
    listrak: ScriptedListrak, expires_in: object
) -> None:
    listrak.on_token(token_reply("first", expires_in), token_reply("second"))
    client = listrak.client()

    client.email.lists()
    client.email.lists()
    client.clock.advance(61)
    client.email.lists()

    assert tokens_used(listrak) == ["first", "first", "second"]


def test_a_refused_token_is_renewed_and_the_call_made_again(listrak: ScriptedListrak) -> None:
    listrak.on("GET", "/List", REFUSED, data([]))
    client = listrak.client()

    client.email.lists()

    assert tokens_used(listrak) == ["token-1", "token-2"]
    assert client.waits == []


def test_a_second_refusal_reads_the_secret_anew(listrak: ScriptedListrak) -> None:
    listrak.on("GET", "/List", REFUSED, REFUSED, data([]))
    client = listrak.client()
    client.secrets.credentials(SECRET)
    client.secrets.rotate(SECRET, ROTATED)

    client.email.lists()

    assert secrets_sent(listrak) == [PAIR.client_secret, PAIR.client_secret, ROTATED.client_secret]


def test_a_third_refusal_is_for_an_operator_to_mend(listrak: ScriptedListrak) -> None:
    listrak.on("GET", "/List", REFUSED)

    with pytest.raises(ConfigurationError, match="ERROR_UNAUTHORIZED") as caught:
        listrak.client().email.lists()

    assert caught.value.code == "credentials_refused"
    assert tokens_used(listrak) == ["token-1", "token-2", "token-3"]


def test_a_token_refused_to_an_import_is_renewed_for_the_next_delivery(listrak: ScriptedListrak) -> None:
    listrak.on("POST", "/ListImport", REFUSED, created(12))
    client = listrak.client()

    with pytest.raises(RetryableError, match="ERROR_UNAUTHORIZED") as caught:
        client.start_import()
    import_id = client.start_import()

    assert caught.value.retry_after == 1
    assert import_id == 12
    assert len(listrak.token_requests) == 2


def test_a_rotated_secret_is_read_when_the_old_one_is_refused(listrak: ScriptedListrak) -> None:
    listrak.on_token(WRONG_PAIR, token_reply("new"))
    client = listrak.client()
    client.secrets.credentials(SECRET)
    client.secrets.rotate(SECRET, ROTATED)

    client.email.lists()

    assert secrets_sent(listrak) == [PAIR.client_secret, ROTATED.client_secret]
    assert tokens_used(listrak) == ["new"]


@pytest.mark.parametrize(
    "refusal",
    [
        WRONG_PAIR,
        error_reply(401, "ERROR_INVALID_CREDENTIALS"),
        Reply(400, {"error": "invalid_client"}),
        Reply(403, b"<html>Forbidden</html>"),
    ],
)
def test_credentials_refused_twice_are_for_an_operator_to_mend(listrak: ScriptedListrak, refusal: Reply) -> None:
    listrak.on_token(refusal)
    client = listrak.client()

    with pytest.raises(ConfigurationError, match="paused") as caught:
        client.start_import()

    assert caught.value.code == "credentials_refused"
    assert len(listrak.token_requests) == 2
    assert listrak.asked("POST", "/ListImport") == []
    assert client.waits == []


def test_credentials_that_are_mended_are_taken_up_again(listrak: ScriptedListrak) -> None:
    listrak.on_token(WRONG_PAIR, WRONG_PAIR, token_reply())
    client = listrak.client()

    with pytest.raises(ConfigurationError):
        client.email.lists()
    client.email.lists()

    assert len(listrak.asked("GET", "/List")) == 1


@pytest.mark.parametrize("status", [404, 405, 415])
def test_a_token_address_that_is_none_is_for_an_operator_to_mend(listrak: ScriptedListrak, status: int) -> None:
    listrak.on_token(Reply(status, b"<html>No such page</html>"))

    with pytest.raises(ConfigurationError, match=f"HTTP {status}.*LISTRAK_AUTH_URL") as caught:
        listrak.client().email.lists()

    assert caught.value.code == "listrak_refused"


PASSING = {
    "500": error_reply(500, "ERROR_UNHANDLED_EXCEPTION"),
    "503": Reply(503, b"<html>Maintenance</html>"),
    "429": error_reply(429, "ERROR_THROTTLED"),
    "redirect": Reply(302, b"", {"Location": "/login"}),
    "HTML with 200": Reply(200, b"<html>Sign in</html>"),
    "no token": Reply(200, {"token_type": "bearer"}),
    "token null": token_reply(None),  # type: ignore[arg-type]
    "token empty": token_reply(" "),
    "token no text": token_reply(17),  # type: ignore[arg-type]
    "token that breaks a header": token_reply("a\r\nX-Other: b"),
    "token beyond ASCII": token_reply("tökén"),
    "reset": hang_up(),
    "broken off": Reply(200, {"access_token": "token"}, sent=60, end=End.RESET),
}


@pytest.mark.parametrize("reply", PASSING.values(), ids=PASSING)
def test_a_fault_while_signing_in_is_met_by_trying_again(listrak: ScriptedListrak, reply: Reply) -> None:
    listrak.on_token(reply, token_reply())
    client = listrak.client()

    client.email.lists()

    assert len(listrak.token_requests) == 2
    assert len(client.waits) == 1


@pytest.mark.parametrize("reply", PASSING.values(), ids=PASSING)
def test_a_fault_that_stays_while_signing_in_is_left_to_the_queue(listrak: ScriptedListrak, reply: Reply) -> None:
    listrak.on_token(reply)
    client = listrak.client()

    with pytest.raises(RetryableError, match="token: "):
        client.start_import()

    assert len(listrak.token_requests) == ATTEMPTS
    assert all(wait <= LONGEST_WAIT_SECONDS for wait in client.waits)
    assert listrak.asked("POST", "/ListImport") == []


def test_a_long_wait_asked_for_while_signing_in_is_left_to_the_queue(listrak: ScriptedListrak) -> None:
    listrak.on_token(error_reply(429, "ERROR_THROTTLED", Retry_After="600"))
    client = listrak.client()

    with pytest.raises(RetryableError) as caught:
        client.email.lists()

    assert caught.value.retry_after == 600
    assert client.waits == []


def test_a_silent_token_service_is_left_to_the_queue(listrak: ScriptedListrak) -> None:
    listrak.on_token(silence())

    with pytest.raises(RetryableError, match="no answer in time"):
        listrak.client(SHORT_TIMEOUTS).email.lists()


def test_a_token_service_that_is_not_there_is_left_to_the_queue(listrak: ScriptedListrak) -> None:
    with pytest.raises(RetryableError, match="could not connect"):
        listrak_client(listrak.email_url, closed_port_url()).email.lists()


def test_a_secret_that_cannot_be_read_is_told_as_it_is(listrak: ScriptedListrak) -> None:
    client: Client = listrak.client()
    client.secrets.script.fail("credentials", ConfigurationError("secret_malformed", "made up"))

    with pytest.raises(ConfigurationError) as caught:
        client.email.lists()

    assert caught.value.code == "secret_malformed"
    assert listrak.token_requests == []


def test_each_secret_has_a_gateway_and_a_token_of_its_own(listrak: ScriptedListrak) -> None:
    secrets = FakeSecretStore({SECRET: PAIR, "other": Credentials("other-client", "other-secret")})
    gateways = ListrakGateways(
        make=ListrakEmail,
        secrets=secrets,
        own_secret=SECRET,
        base_url=listrak.email_url,
        auth_url=listrak.auth_url,
        timeouts=TIMEOUTS,
        clock=FakeClock(),
    )

    for secret in (None, SECRET, "other", None):
        gateways.for_secret(secret).lists()

    assert gateways.for_secret(None) is gateways.for_secret(SECRET)
    assert secrets_sent(listrak) == [PAIR.client_secret, "other-secret"]
    assert tokens_used(listrak) == ["token-1", "token-1", "token-2", "token-1"]
