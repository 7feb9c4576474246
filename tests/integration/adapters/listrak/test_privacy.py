"""No address, secret or token of a Listrak call gets into a log record, an error or a repr, whatever goes wrong."""

import logging
import traceback
from collections.abc import Callable, Iterator

import pytest

from listrak_relay.adapters.listrak.answer import Answer
from listrak_relay.adapters.listrak.call import Call
from listrak_relay.errors import RelayError
from tests.support.listrak.client import (
    LIST_ID,
    PAIR,
    SHORT_TIMEOUTS,
    Client,
    ScriptedListrak,
    created,
    data,
    error_reply,
    listrak_client,
    token_reply,
)
from tests.support.listrak.scripted_server import End, Reply, closed_port_url, hang_up, silence

EMAIL = "grace.o'hara+vip@example.com"
VALUE = "Grace Made-Up"
TOKEN = "made-up-token-1234567890"
PARTS = ["grace", "hara", "Made-Up", PAIR.client_secret, TOKEN, PAIR.client_id]

ECHO = Reply(400, {"status": 400, "error": EMAIL, "message": f"{EMAIL} {VALUE} {TOKEN} is wrong"})
REPLIES = {
    "fine": data({"emailAddress": EMAIL, "subscriptionState": "Subscribed"}),
    "created": created(EMAIL),
    "refused": error_reply(400, "ERROR_BANNED_EMAIL_ADDRESS"),
    "an echo in the refusal": ECHO,
    "an echo in HTML": Reply(400, f"<p>{EMAIL}</p>".encode()),
    "an echo in broken JSON": Reply(200, f'{{"data": "{EMAIL}'.encode()),
    "an echo for an id": data([{"listId": EMAIL, "segmentationFieldGroupId": EMAIL, "listName": "One"}]),
    "not found": error_reply(404, "ERROR_UNABLE_TO_LOCATE_RESOURCE"),
    "unauthorised": error_reply(401, "ERROR_UNAUTHORIZED"),
    "throttled": error_reply(429, "ERROR_THROTTLED", Retry_After="900"),
    "failed": error_reply(500, "ERROR_UNHANDLED_EXCEPTION"),
    "redirect with the address": Reply(302, b"", {"Location": f"/elsewhere/{EMAIL}"}),
    "a header that is none": Reply(200, {"data": {}}, {"no colon here": ""}),
    "a cookie": Reply(200, {"data": {}}, {"Set-Cookie": f"who={EMAIL}"}),
    "reset": hang_up(),
    "broken off": Reply(200, {"data": EMAIL}, sent=70, end=End.RESET),
    "silence": silence(),
}
CALLS: dict[str, Callable[[Client], object]] = {
    "look up": lambda client: client.email.contact(LIST_ID, EMAIL),
    "save": lambda client: client.email.save_contact(LIST_ID, EMAIL, subscribed=True, values={12: VALUE}),
    "import": lambda client: client.start_import(f"{EMAIL},{VALUE}\n".encode()),
    "results": lambda client: list(client.email.import_results(LIST_ID, 9)),
    "lists": lambda client: client.email.lists(),
}
TALKATIVE = ["", "urllib3", "urllib3.connectionpool", "urllib3.connection", "urllib3.util.retry", "requests"]

act_parameter = pytest.mark.parametrize("act", CALLS.values(), ids=CALLS)


@pytest.fixture
def listrak(listrak: ScriptedListrak) -> ScriptedListrak:
    """Gives a token that can be looked for."""
    listrak.on_token(token_reply(TOKEN))
    return listrak


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Everything that anyone logs, with each logger told on its own to say all it can, as some debugging aids do."""
    loggers = [logging.getLogger(name) for name in TALKATIVE]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
        if logger.name != "root":
            logger.addHandler(caplog.handler)
    yield caplog
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)
        if logger.name != "root":
            logger.removeHandler(caplog.handler)


def told_by(error: BaseException) -> Iterator[str]:
    """Text, repr and traceback of the error and of all that it stands for or came up with."""
    pending: list[BaseException | None] = [error]
    while pending:
        if each := pending.pop():
            yield from (str(each), repr(each), repr(vars(each)))
            yield "".join(traceback.format_exception_only(each))
            pending += [each.__cause__, each.__context__]


def assert_kept_back(text: str) -> None:
    assert [part for part in PARTS if part.casefold() in text.casefold()] == []


def assert_nothing_told(act: Callable[[Client], object], client: Client, log: pytest.LogCaptureFixture) -> None:
    try:
        act(client)
    except RelayError as error:
        for text in told_by(error):
            assert_kept_back(text)
    for record in log.records:
        assert_kept_back(f"{record.getMessage()} {record.args} {record.exc_text} {record.exc_info}")


@act_parameter
@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES)
def test_nothing_personal_is_told(
    listrak: ScriptedListrak, log: pytest.LogCaptureFixture, act: Callable[[Client], object], reply: Reply
) -> None:
    for method in ("GET", "POST"):
        for path in ("/Contact", "/ListImport", "/List", "example.com"):
            listrak.on(method, path, reply)

    assert_nothing_told(act, listrak.client(SHORT_TIMEOUTS), log)


@act_parameter
def test_nothing_personal_is_told_of_a_connection_that_is_refused(
    listrak: ScriptedListrak, log: pytest.LogCaptureFixture, act: Callable[[Client], object]
) -> None:
    assert_nothing_told(act, listrak_client(closed_port_url(), listrak.auth_url), log)


@act_parameter
@pytest.mark.parametrize("url", ["nonsense", "ftp://127.0.0.1", "http://[::1", "http://a b"])
def test_nothing_personal_is_told_of_an_address_that_is_none(
    listrak: ScriptedListrak, log: pytest.LogCaptureFixture, act: Callable[[Client], object], url: str
) -> None:
    assert_nothing_told(act, listrak_client(url, listrak.auth_url), log)


TOKEN_REPLIES = {
    "refused": Reply(400, {"error": PAIR.client_secret, "message": PAIR.client_secret}),
    "a token that breaks a header": token_reply(f"{TOKEN}\r\n"),
    "a token beyond Latin-1": token_reply(f"{TOKEN}\N{SNOWMAN}"),
    "failed": error_reply(500, "ERROR_UNHANDLED_EXCEPTION"),
    "reset": hang_up(),
    "echo": Reply(200, f"<p>{PAIR.client_id}:{PAIR.client_secret}</p>".encode()),
    "silence": silence(),
}


@pytest.mark.parametrize("reply", TOKEN_REPLIES.values(), ids=TOKEN_REPLIES)
def test_no_secret_is_told_while_signing_in(
    listrak: ScriptedListrak, log: pytest.LogCaptureFixture, reply: Reply
) -> None:
    listrak.on_token(reply)

    assert_nothing_told(CALLS["lists"], listrak.client(SHORT_TIMEOUTS), log)


def test_the_log_of_other_clients_is_not_what_is_looked_at(log: pytest.LogCaptureFixture) -> None:
    logging.getLogger("urllib3").debug("heard")

    assert "heard" in log.text


def test_no_repr_has_an_address_or_an_answer() -> None:
    call = Call("POST", f"/List/1/Contact/{EMAIL}", "POST Contact", True, {"who": EMAIL}, {"emailAddress": EMAIL})

    for text in (repr(call), str(call), repr(Answer(200, {"Location": EMAIL}, EMAIL.encode()))):
        assert_kept_back(text)


def test_no_cookie_is_kept(listrak: ScriptedListrak) -> None:
    listrak.on("GET", "/List", Reply(200, {"data": []}, {"Set-Cookie": "who=you; Path=/"}))
    client = listrak.client()

    client.email.lists()
    client.email.lists()

    assert [request.headers.get("cookie") for request in listrak.asked("GET", "/List")] == [None, None]
