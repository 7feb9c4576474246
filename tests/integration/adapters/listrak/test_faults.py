"""What the Listrak client makes of trouble on the way, on real sockets."""

import gzip
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from urllib.parse import unquote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from listrak_relay.adapters.listrak.token import ATTEMPTS, LONGEST_WAIT_SECONDS
from listrak_relay.errors import (
    ConfigurationError,
    ContactRefusedError,
    OutcomeUnknownError,
    RetryableError,
    UnusableAnswerError,
)
from listrak_relay.ports.listrak_email import Contact
from tests.support.listrak.client import (
    AN_ORDER,
    LIST_ID,
    SHORT_TIMEOUTS,
    Client,
    ScriptedListrak,
    created,
    data,
    error_reply,
    listrak_client,
)
from tests.support.listrak.scripted_server import End, Reply, closed_port_url, hang_up, scripted_server, silence

Act = Callable[[Client], object]

# (method, end of path, the call, its good answer)
REPEATABLE: list[tuple[str, str, Act, Reply]] = [
    ("GET", "/List", lambda c: c.email.lists(), data([{"listId": 1, "listName": "One"}])),
    ("GET", "/SegmentationFieldGroup", lambda c: c.email.groups(LIST_ID), data([])),
    ("GET", "/SegmentationField", lambda c: c.email.fields(LIST_ID, 2), data([])),
    ("GET", "/Contact", lambda c: c.email.contacts(LIST_ID, 3, None), data([])),
    ("GET", "/ListImport", lambda c: c.email.find_import(LIST_ID, "a.csv", 0), data([])),
    ("GET", "/Status", lambda c: c.email.import_status(LIST_ID, 9), data({})),
    ("GET", "/Summary", lambda c: c.email.import_summary(LIST_ID, 9), data({})),
    ("GET", "/9/Contact", lambda c: list(c.email.import_results(LIST_ID, 9)), data([])),
    (
        "GET",
        "ada@example.com",
        lambda c: c.email.contact(LIST_ID, "ada@example.com"),
        data({"subscriptionState": "Subscribed"}),
    ),
    (
        "POST",
        "/Contact",
        lambda c: c.email.save_contact(LIST_ID, "a@example.com", subscribed=True, values={}),
        created(),
    ),
]
NOT_REPEATABLE: list[tuple[str, str, Act, Reply]] = [
    ("POST", "/SegmentationFieldGroup", lambda c: c.email.create_group(LIST_ID, "Group", 1), created()),
    ("POST", "/SegmentationField", lambda c: c.email.create_field(LIST_ID, 2, "vip", "CheckBox", 3, 1), created()),
    ("POST", "/ListImport", lambda c: c.start_import(), created()),
]
JSON_ONCE, IMPORT = NOT_REPEATABLE[:2], NOT_REPEATABLE[2:]
Case = tuple[str, str, Act, Reply]


def each(cases: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[f"{method} {path}" for method, path, _, _ in cases])


LOST_ANSWERS = {
    "500": error_reply(500, "ERROR_UNHANDLED_EXCEPTION"),
    "502 in HTML": Reply(502, b"<html>Bad gateway</html>", {"Content-Type": "text/html"}),
    "503 with Retry-After": error_reply(503, "ERROR_UNHANDLED_EXCEPTION", Retry_After="3"),
    "reset after reading": hang_up(),
    "answer broken off in its head": Reply(201, {"status": 201, "resourceId": "7"}, sent=20, end=End.RESET),
    "answer broken off in its body": Reply(201, {"status": 201, "resourceId": "7"}, sent=60, end=End.RESET),
    "no gzip": Reply(200, b"no gzip at all", {"Content-Encoding": "gzip"}),
}
UNUSABLE_ANSWERS = {
    "HTML with 200": Reply(200, b"<html>Sign in to the hotel's network</html>"),
    "JSON that is no object": Reply(200, [1, 2]),
    "nothing": Reply(204, b""),
    "redirect": Reply(302, b"", {"Location": "/elsewhere"}),
    "permanent redirect": Reply(308, b"", {"Location": "/elsewhere"}),
}
lost = pytest.mark.parametrize(
    "reply", [*LOST_ANSWERS.values(), *UNUSABLE_ANSWERS.values()], ids=[*LOST_ANSWERS, *UNUSABLE_ANSWERS]
)
unusable = pytest.mark.parametrize("reply", UNUSABLE_ANSWERS.values(), ids=UNUSABLE_ANSWERS)


@each(REPEATABLE)
@pytest.mark.parametrize("reply", LOST_ANSWERS.values(), ids=LOST_ANSWERS)
def test_a_lost_answer_to_a_repeatable_call_is_met_by_asking_again(
    listrak: ScriptedListrak, case: Case, reply: Reply
) -> None:
    is_met_by_asking_again(listrak, case, reply)


@each([case for case in REPEATABLE if case[0] == "GET"])
@unusable
def test_a_question_whose_answer_makes_no_sense_is_asked_again(
    listrak: ScriptedListrak, case: Case, reply: Reply
) -> None:
    is_met_by_asking_again(listrak, case, reply)


def is_met_by_asking_again(listrak: ScriptedListrak, case: Case, reply: Reply) -> None:
    method, path, act, good = case
    listrak.on(method, path, reply, good)
    client = listrak.client()

    act(client)

    assert len(listrak.asked(method, path)) == 2
    assert len(client.waits) == 1


@unusable
def test_a_change_that_is_answered_with_neither_yes_nor_no_is_left_to_the_queue_at_once(
    listrak: ScriptedListrak, reply: Reply
) -> None:
    [(method, path, act, good)] = [case for case in REPEATABLE if case[0] != "GET"]
    listrak.on(method, path, reply, good)
    client = listrak.client()

    with pytest.raises(UnusableAnswerError, match=r"POST Contact: the answer .* is not Listrak's JSON"):
        act(client)

    assert len(listrak.asked(method, path)) == 1


@each(REPEATABLE)
def test_a_repeatable_call_that_fails_again_and_again_is_left_to_the_queue(
    listrak: ScriptedListrak, case: Case
) -> None:
    method, path, act, _ = case
    listrak.on(method, path, error_reply(500, "ERROR_UNHANDLED_EXCEPTION"))
    client = listrak.client()

    with pytest.raises(RetryableError, match="500"):
        act(client)

    assert len(listrak.asked(method, path)) == ATTEMPTS
    assert client.waits == sorted(client.waits)
    assert all(0.5 <= wait <= 4 for wait in client.waits)


@each(NOT_REPEATABLE)
@lost
def test_a_lost_answer_to_a_call_that_must_not_be_repeated_is_an_unknown_outcome(
    listrak: ScriptedListrak, case: Case, reply: Reply
) -> None:
    method, path, act, _ = case
    listrak.on(method, path, reply)

    with pytest.raises(OutcomeUnknownError):
        act(listrak.client())

    assert len(listrak.asked(method, path)) == 1


@each(NOT_REPEATABLE)
@pytest.mark.parametrize("resource", [None, "", "{ResourceId}", "7.5", [7], {"id": 7}, True])
def test_a_creation_whose_answer_names_no_resource_is_an_unknown_outcome(
    listrak: ScriptedListrak, case: Case, resource: object
) -> None:
    method, path, act, _ = case
    listrak.on(method, path, created(resource))

    with pytest.raises(OutcomeUnknownError):
        act(listrak.client())


@each([*REPEATABLE, *NOT_REPEATABLE])
def test_silence_is_not_waited_for_longer_than_the_read_time_out(listrak: ScriptedListrak, case: Case) -> None:
    method, path, act, good = case
    listrak.on(method, path, silence(), good)

    try:
        act(listrak.client(SHORT_TIMEOUTS))
    except OutcomeUnknownError:
        assert case in NOT_REPEATABLE
        assert len(listrak.asked(method, path)) == 1
    else:
        assert case in REPEATABLE
        assert len(listrak.asked(method, path)) == 2


def test_an_answer_that_stops_half_way_is_not_waited_for_either(listrak: ScriptedListrak) -> None:
    listrak.on("POST", "/ListImport", Reply(201, {"status": 201, "resourceId": "7"}, sent=70, end=End.SILENCE))

    with pytest.raises(OutcomeUnknownError):
        listrak.client(SHORT_TIMEOUTS).start_import()


@each([*REPEATABLE, *NOT_REPEATABLE])
def test_a_refused_connection_is_known_to_have_sent_nothing(listrak: ScriptedListrak, case: Case) -> None:
    _, _, act, _ = case
    client = listrak_client(closed_port_url(), listrak.auth_url)

    with pytest.raises(RetryableError, match="could not connect"):
        act(client)

    assert len(client.waits) == (0 if case in IMPORT else ATTEMPTS - 1)


def test_a_name_that_does_not_resolve_is_known_to_have_sent_nothing(listrak: ScriptedListrak) -> None:
    client = listrak_client("http://listrak.invalid/email/v1", listrak.auth_url)

    with pytest.raises(RetryableError, match="could not connect"):
        client.start_import()


@each(REPEATABLE)
def test_a_connection_reset_at_its_first_byte_is_made_again_for_a_repeatable_call(
    listrak: ScriptedListrak, case: Case
) -> None:
    method, path, act, good = case
    listrak.on(method, path, good)
    with scripted_server(listrak) as elsewhere:
        client = listrak_client(f"{elsewhere.url}/email/v1", listrak.auth_url)
        elsewhere.reset_next_connections(2)

        act(client)

        assert len(elsewhere.asked(method, path)) == 1


def test_a_connection_reset_at_its_first_byte_is_an_unknown_outcome_of_an_import(
    listrak: ScriptedListrak,
) -> None:
    with scripted_server(listrak) as elsewhere:
        client = listrak_client(f"{elsewhere.url}/email/v1", listrak.auth_url)
        elsewhere.reset_next_connections(1)

        with pytest.raises(OutcomeUnknownError):
            client.start_import()


def test_a_connection_reset_in_the_middle_of_an_upload_is_an_unknown_outcome(listrak: ScriptedListrak) -> None:
    listrak.on("POST", "/ListImport", hang_up())
    listrak.server.answer_before_body = True

    with pytest.raises(OutcomeUnknownError):
        listrak.client().start_import(b"x" * 30_000_000)


def test_an_import_never_goes_over_a_connection_that_may_have_died_while_idle(listrak: ScriptedListrak) -> None:
    listrak.on("GET", "/List", data([]))
    listrak.on("POST", "/ListImport", created())
    client = listrak.client()
    client.email.lists()
    before = listrak.server.connections

    client.start_import()
    client.start_import()

    assert listrak.server.connections == before + 2


def test_calls_share_a_connection(listrak: ScriptedListrak) -> None:
    listrak.on("GET", "/List", data([]))
    client = listrak.client()

    for _ in range(5):
        client.email.lists()

    assert listrak.server.connections == 1


def test_a_slow_reader_of_an_upload_is_given_as_long_as_a_slow_answer(listrak: ScriptedListrak) -> None:
    connect_seconds, read_seconds = 0.1, 5.0
    listrak.server.seconds_before_body = connect_seconds * 4
    listrak.on("POST", "/ListImport", created(11))

    import_id = listrak.client((connect_seconds, read_seconds)).start_import(b"x" * 20_000_000)

    assert import_id == 11


# --- throttling ------------------------------------------------------------------------------------------------------


@each([*REPEATABLE, *JSON_ONCE])
@pytest.mark.parametrize("status", [408, 425, 429])
def test_a_throttled_call_is_made_again_after_the_wait_asked_for(
    listrak: ScriptedListrak, case: Case, status: int
) -> None:
    method, path, act, good = case
    listrak.on(method, path, error_reply(status, "ERROR_THROTTLED", Retry_After="7"), good)
    client = listrak.client()

    act(client)

    assert client.waits == [7]


@each([*REPEATABLE, *JSON_ONCE])
def test_a_throttled_call_without_a_wait_asked_for_waits_a_little_longer_each_time(
    listrak: ScriptedListrak, case: Case
) -> None:
    method, path, act, good = case
    throttled = error_reply(429, "ERROR_THROTTLED")
    listrak.on(method, path, throttled, throttled, throttled, good)
    client = listrak.client()

    act(client)

    assert [low <= wait <= 2 * low for wait, low in zip(client.waits, (0.5, 1, 2), strict=True)] == [True] * 3


@each([*REPEATABLE, *NOT_REPEATABLE])
@pytest.mark.parametrize(("asked", "told"), [("21", 21.0), ("3600", 3600.0), ("9" * 400, 42_000.0)])
def test_a_long_wait_is_left_to_the_queue(listrak: ScriptedListrak, case: Case, asked: str, told: float) -> None:
    method, path, act, _ = case
    listrak.on(method, path, error_reply(429, "ERROR_THROTTLED", Retry_After=asked))
    client = listrak.client()

    with pytest.raises(RetryableError, match="throttled") as caught:
        act(client)

    assert caught.value.retry_after == told
    assert client.waits == []
    assert len(listrak.asked(method, path)) == 1


def test_a_wait_may_be_asked_for_as_a_date(listrak: ScriptedListrak) -> None:
    now = datetime(2027, 1, 15, 8, tzinfo=UTC)
    until, said = (format_datetime(moment, usegmt=True) for moment in (now + timedelta(minutes=2), now))
    listrak.on("GET", "/List", error_reply(429, "ERROR_THROTTLED", Retry_After=until, Date=said))

    with pytest.raises(RetryableError) as caught:
        listrak.client().email.lists()

    assert caught.value.retry_after == 120


@pytest.mark.parametrize("asked", ["soon", "-5", "1.5", "²", "Fri, 15 Jan 2027 08:00:00 GMT"])
def test_a_wait_that_cannot_be_read_is_none(listrak: ScriptedListrak, asked: str) -> None:
    listrak.on("GET", "/List", error_reply(429, "ERROR_THROTTLED", Retry_After=asked), data([]))
    client = listrak.client()

    client.email.lists()

    assert 0.5 <= client.waits[0] <= 1


@each([*REPEATABLE, *JSON_ONCE])
@pytest.mark.parametrize("asked", ["1", "19", "20", "21", ""])
def test_no_single_wait_is_longer_than_twenty_seconds(listrak: ScriptedListrak, case: Case, asked: str) -> None:
    method, path, act, _ = case
    headers = {"Retry_After": asked} if asked else {}
    listrak.on(method, path, error_reply(429, "ERROR_THROTTLED", **headers))
    client = listrak.client()

    with pytest.raises(RetryableError):
        act(client)

    assert all(wait <= LONGEST_WAIT_SECONDS for wait in client.waits)


def test_a_throttled_import_is_known_not_to_have_begun_and_is_not_waited_for(listrak: ScriptedListrak) -> None:
    listrak.on("POST", "/ListImport", error_reply(429, "ERROR_THROTTLED", Retry_After="5"))
    client = listrak.client()

    with pytest.raises(RetryableError) as caught:
        client.start_import()

    assert caught.value.retry_after == 5
    assert client.waits == []


# --- refusals --------------------------------------------------------------------------------------------------------

REFUSABLE = [case for case in [*REPEATABLE, *NOT_REPEATABLE] if not (case[0] == "POST" and case[1] == "/Contact")]


@each(REFUSABLE)
@pytest.mark.parametrize(
    ("status", "code"), [(400, "ERROR_MALFORMED_REQUEST_BODY"), (403, "ERROR_OTHER"), (415, "ERROR_OTHER")]
)
def test_a_refused_call_is_for_an_operator_to_mend(
    listrak: ScriptedListrak, case: Case, status: int, code: str
) -> None:
    method, path, act, _ = case
    listrak.on(method, path, error_reply(status, code))

    with pytest.raises(ConfigurationError, match=f"{status} {code}") as caught:
        act(listrak.client())

    assert caught.value.code == "listrak_refused"
    assert len(listrak.asked(method, path)) == 1


@each([case for case in REFUSABLE if case[1] not in {"/Status", "/Summary", "ada@example.com"}])
def test_an_id_that_listrak_does_not_know_is_for_an_operator_to_mend(listrak: ScriptedListrak, case: Case) -> None:
    method, path, act, _ = case
    listrak.on(method, path, error_reply(404, "ERROR_UNABLE_TO_LOCATE_RESOURCE"))

    with pytest.raises(ConfigurationError) as caught:
        act(listrak.client())

    assert caught.value.code == "listrak_refused"


@each([case for case in REPEATABLE if case[1] in {"/Status", "/Summary"}])
def test_an_import_that_listrak_does_not_know_yet_is_asked_for_again(listrak: ScriptedListrak, case: Case) -> None:
    method, path, act, _ = case
    listrak.on(method, path, error_reply(404, "ERROR_UNABLE_TO_LOCATE_RESOURCE"))

    with pytest.raises(RetryableError, match="does not know the import"):
        act(listrak.client())


@pytest.mark.parametrize("reply", [Reply(403, b"<html>Forbidden</html>"), Reply(404, b""), Reply(400, b"[]")])
def test_a_refusal_that_is_not_in_listraks_form_is_none_of_its(listrak: ScriptedListrak, reply: Reply) -> None:
    listrak.on("GET", "/List", reply)
    listrak.on("POST", "/ListImport", reply)

    with pytest.raises(RetryableError, match=f"{reply.status} is not Listrak's"):
        listrak.client().email.lists()
    with pytest.raises(OutcomeUnknownError, match=f"{reply.status} is not Listrak's"):
        listrak.client().start_import()


@pytest.mark.parametrize("status", [405, 413, 415])
def test_a_refusal_of_the_request_as_it_is_is_one_whoever_says_so(listrak: ScriptedListrak, status: int) -> None:
    listrak.on("POST", "/ListImport", Reply(status, b"<html>Too large</html>"))

    with pytest.raises(ConfigurationError, match=f"{status} HTTP {status}"):
        listrak.client().start_import()


def test_a_large_import_answered_by_404_says_that_it_may_be_too_large(listrak: ScriptedListrak) -> None:
    listrak.on("POST", "/ListImport", error_reply(404, "ERROR_UNKNOWN_ROUTE"))

    with pytest.raises(ConfigurationError, match=r"150000001 bytes.*195,000,000"):
        listrak.client().start_import(b"x" * 150_000_001)


def test_an_early_refusal_is_heard_though_the_upload_is_not_over(listrak: ScriptedListrak) -> None:
    listrak.on("POST", "/ListImport", error_reply(400, "ERROR_MALFORMED_REQUEST_BODY"))
    listrak.server.answer_before_body = True

    with pytest.raises((ConfigurationError, OutcomeUnknownError)):
        listrak.client().start_import(b"x" * 30_000_000)


@pytest.mark.parametrize("size", [17, 15])
def test_a_file_of_another_length_than_said_is_not_imported(listrak: ScriptedListrak, size: int) -> None:
    listrak.on("POST", "/ListImport", created())

    with pytest.raises(RetryableError, match="nothing was imported"):
        listrak.client().start_import(b"ada@example.com\n", size=size)

    assert listrak.asked("POST", "/ListImport") == []


def test_what_the_file_raises_while_it_is_sent_comes_through_and_nothing_is_imported(
    listrak: ScriptedListrak,
) -> None:
    class Breaking:
        def read(self, size: int = -1) -> bytes:
            raise RetryableError("the object store has gone")

    listrak.on("POST", "/ListImport", created())
    client = listrak.client()

    with pytest.raises(RetryableError, match="the object store has gone"):
        client.email.start_import(LIST_ID, AN_ORDER, 10, Breaking())  # type: ignore[arg-type]

    assert listrak.asked("POST", "/ListImport") == []


# --- one contact -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subscribed", "code"),
    [
        (True, "ERROR_BANNED_EMAIL_ADDRESS"),
        (True, "ERROR_SUPPRESSED_EMAIL"),
        (True, "ERROR_INVALID_PARAMETER"),
        (True, "ERROR_UNSUBSCRIBED_EMAIL_ADDRESS"),
        (None, "ERROR_UNSUBSCRIBED_EMAIL_ADDRESS"),
        (None, "ERROR_PENDING_EMAIL_ADDRESS"),
        (None, "ERROR_UPDATE_UNSUBSCRIBE_WITH_EVENTS"),
        (False, "ERROR_NOT_SUBSCRIBED_EMAIL_ADDRESS"),
    ],
)
def test_a_refused_contact_is_told_from_a_refused_call(
    listrak: ScriptedListrak, subscribed: bool | None, code: str
) -> None:
    listrak.on("POST", "/Contact", error_reply(400, code))

    with pytest.raises(ContactRefusedError) as caught:
        listrak.client().email.save_contact(LIST_ID, "ada@example.com", subscribed=subscribed, values={})

    assert caught.value.code == code


@pytest.mark.parametrize(
    ("status", "code"),
    [(404, "ERROR_UNABLE_TO_LOCATE_RESOURCE"), (400, "ERROR_TOO_MANY_SEGMENTATION_FIELDS"), (403, "ERROR_OTHER")],
)
def test_a_refusal_that_is_not_about_the_contact_is_for_an_operator_to_mend(
    listrak: ScriptedListrak, status: int, code: str
) -> None:
    listrak.on("POST", "/Contact", error_reply(status, code))

    with pytest.raises(ConfigurationError, match=code):
        listrak.client().email.save_contact(LIST_ID, "ada@example.com", subscribed=True, values={})


def test_a_code_that_nobody_has_heard_of_is_a_no_to_this_contact_alone(listrak: ScriptedListrak) -> None:
    listrak.on("POST", "/Contact", error_reply(400, "ERROR_OF_NEXT_YEAR"))

    with pytest.raises(ContactRefusedError) as caught:
        listrak.client().email.save_contact(LIST_ID, "ada@example.com", subscribed=True, values={})

    assert caught.value.code == "ERROR_OF_NEXT_YEAR"


def test_a_parameter_that_all_contacts_share_is_for_an_operator_to_mend(listrak: ScriptedListrak) -> None:
    message = "An invalid value was supplied for eventIds."
    listrak.on("POST", "/Contact", Reply(400, {"status": 400, "error": "ERROR_INVALID_PARAMETER", "message": message}))

    with pytest.raises(ConfigurationError, match="for eventIds") as caught:
        listrak.client().email.save_contact(LIST_ID, "ada@example.com", subscribed=True, values={}, event_ids=(9,))

    assert caught.value.code == "eventids_refused"


def test_a_no_in_words_that_are_not_listraks_is_no_answer_about_the_contact(listrak: ScriptedListrak) -> None:
    listrak.on("POST", "/Contact", Reply(400, {"message": "Bad Request"}))

    with pytest.raises(RetryableError, match="without an error code"):
        listrak.client().email.save_contact(LIST_ID, "ada@example.com", subscribed=True, values={})


def test_unsubscribing_who_has_left_is_done_already(listrak: ScriptedListrak) -> None:
    listrak.on("POST", "/Contact", error_reply(400, "ERROR_UNSUBSCRIBED_EMAIL_ADDRESS"))

    listrak.client().email.save_contact(LIST_ID, "ada@example.com", subscribed=False, values={})

    assert len(listrak.asked("POST", "/Contact")) == 1


def test_the_profile_of_who_is_subscribed_already_is_still_saved(listrak: ScriptedListrak) -> None:
    listrak.on("POST", "/Contact", error_reply(400, "ERROR_SUBSCRIBED_EMAIL_ADDRESS"), created("key"))

    listrak.client().email.save_contact(LIST_ID, "ada@example.com", subscribed=True, values={12: "on"})

    first, second = (request.body for request in listrak.asked("POST", "/Contact"))
    assert b'"Subscribed"' in first
    assert b"subscriptionState" not in second
    assert b'{"segmentationFieldId": 12, "value": "on"}' in second


def test_a_contact_that_waits_for_its_own_opt_in_is_as_asked_for(listrak: ScriptedListrak) -> None:
    listrak.on("POST", "/Contact", error_reply(400, "ERROR_PENDING_EMAIL_ADDRESS"))

    listrak.client().email.save_contact(LIST_ID, "ada@example.com", subscribed=True, values={12: "on"})


def test_a_contact_that_the_list_does_not_know_is_none(listrak: ScriptedListrak) -> None:
    listrak.on("GET", "ada@example.com", error_reply(404, "ERROR_UNABLE_TO_LOCATE_RESOURCE"))

    assert listrak.client().email.contact(LIST_ID, "ada@example.com") is None


@pytest.mark.parametrize(
    "email",
    [
        "plus+tag@example.com",
        "o'hara@example.com",
        "per%cent@example.com",
        "per%2Fcent@example.com",
        "a/b@example.com",
        "a/../b@example.com",
        "what?#&=;:,@example.com",
        "{curly}|~^`!$*@example.com",
        '"quoted local"@example.com',
        '"a@b\\\\ \\"c"@example.com',
        "jürgen@例子.example",
        "\N{GRINNING FACE}@example.com",
    ],
)
def test_an_address_is_one_part_of_the_path_whatever_is_in_it(listrak: ScriptedListrak, email: str) -> None:
    listrak.on("GET", "", data({"emailAddress": email, "subscriptionState": "Subscribed"}))

    found = listrak.client().email.contact(LIST_ID, email)

    (request,) = listrak.asked("GET", "")
    start, _, last = request.target.rpartition("/")
    assert start == f"/email/v1/List/{LIST_ID}/Contact"
    assert unquote(last) == email
    assert re.fullmatch(r"[A-Za-z0-9@._~%-]+", last)
    assert found == Contact(email, subscribed=True, values={})


@pytest.mark.parametrize("reply", [error_reply(404, "ERROR_UNKNOWN_ROUTE"), Reply(404, b"<html>Not found</html>")])
def test_a_wrong_address_of_the_service_is_not_taken_for_an_unknown_contact(
    listrak: ScriptedListrak, reply: Reply
) -> None:
    listrak.on("GET", "ada@example.com", reply)

    with pytest.raises((ConfigurationError, RetryableError)):
        listrak.client().email.contact(LIST_ID, "ada@example.com")


@pytest.mark.parametrize(
    ("email", "code"),
    [
        ("a&b@example.com", "ERROR_UNSAFE_ROUTE"),
        ("a/b@example.com", "ERROR_UNKNOWN_ROUTE"),
        ("a..b@example.com", "ERROR_INVALID_PARAMETER"),
    ],
)
def test_an_address_that_listrak_takes_in_no_path_is_that_contacts_trouble_alone(
    listrak: ScriptedListrak, email: str, code: str
) -> None:
    listrak.on("GET", "example.com", error_reply(404 if code == "ERROR_UNKNOWN_ROUTE" else 400, code))

    with pytest.raises(ContactRefusedError) as caught:
        listrak.client().email.contact(LIST_ID, email)

    assert caught.value.code == code


# --- the service itself ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["api.example.com/email/v1", "ftp://127.0.0.1/email/v1", "http://"])
def test_an_address_that_is_none_is_for_an_operator_to_mend(listrak: ScriptedListrak, url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        listrak_client(url, listrak.auth_url).email.contact(LIST_ID, "ada@example.com")

    assert caught.value.code == "listrak_url_invalid"


def test_a_compressed_answer_is_read(listrak: ScriptedListrak) -> None:
    content = gzip.compress(b'{"status": 200, "data": [{"listId": "5", "listName": "Five"}]}')
    listrak.on("GET", "/List", Reply(200, content, {"Content-Encoding": "gzip"}))

    assert [found.list_id for found in listrak.client().email.lists()] == [5]


def test_a_server_without_a_trusted_certificate_is_sent_nothing(listrak: ScriptedListrak, tmp_path: Path) -> None:
    with scripted_server(listrak, self_signed(tmp_path)) as impostor:
        client = listrak_client(f"{impostor.url}/email/v1", listrak.auth_url)

        with pytest.raises(RetryableError, match="certificate"):
            client.start_import()

        assert impostor.requests == []


def self_signed(folder: Path) -> SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "impostor")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "impostor.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
