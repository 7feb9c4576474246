"""The SMS client against Listrak's published document: what it sends, and what it makes of the published answers."""

from __future__ import annotations

import base64
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest

from listrak_relay.adapters.listrak.sms import ListrakSms
from listrak_relay.domain.delivery.sms_numbers import comparable
from listrak_relay.errors import RelayError, RetryableError
from listrak_relay.ports.listrak_sms import NewContact, SmsGateway, SmsImportOrder
from tests.support.listrak.client import listrak_client
from tests.support.listrak.contract.published import Published, as_text, variants
from tests.support.listrak.contract.published_api import PublishedApi
from tests.support.listrak.scripted_server import scripted_server

CODE, LIST_ID, IMPORT_ID = 55, 5501, 700_001
CONTENT = b'17175550100,"gold, ""dark"""\n'
ORDER = SmsImportOrder("listrak-relay_run_001.csv", (9001,))
FACTS = {
    "first_name": "Ada",
    "last_name": "Moss",
    "email": "ada@example.com",
    "birthday": "1990-04-01",
    "postal_code": "17543",
}

Act = Callable[[ListrakSms], object]

ACTS: list[tuple[str, Act]] = [
    ("sender_codes", lambda sms: sms.sender_codes()),
    ("phone_lists", lambda sms: sms.phone_lists(CODE)),
    ("fields", lambda sms: sms.fields(CODE)),
    ("list_pages", lambda sms: list(sms.list_pages(CODE, LIST_ID))),
    ("opt_out_pages", lambda sms: list(sms.opt_out_pages(CODE))),
    ("opted_out", lambda sms: sms.opted_out(CODE, "+17175550100")),
    ("opt_out_pages", lambda sms: list(sms.opt_out_pages(CODE, 1_767_225_600.5))),
    ("left_list_at", lambda sms: sms.left_list_at(CODE, LIST_ID, "+17175550100")),
    ("create", lambda sms: sms.create(CODE, LIST_ID, NewContact("17175550100", FACTS))),
    ("create", lambda sms: sms.create(CODE, LIST_ID, NewContact("+17175550100", {}))),
    ("subscribe", lambda sms: sms.subscribe(CODE, LIST_ID, "+17175550100")),
    ("unsubscribe", lambda sms: sms.unsubscribe(CODE, LIST_ID, "17175550100")),
    ("start_import", lambda sms: sms.start_import(CODE, ORDER, len(CONTENT), BytesIO(CONTENT))),
    ("import_status", lambda sms: sms.import_status(CODE, IMPORT_ID)),
]
every_act = pytest.mark.parametrize(
    "act", [act for _, act in ACTS], ids=[f"{number}-{method}" for number, (method, _) in enumerate(ACTS)]
)


def client(listrak: Published) -> ListrakSms:
    made = listrak_client("https://listrak.example/sms/v1", "https://listrak.example/Token", transport=listrak)
    return ListrakSms(made.http)


def test_every_method_of_the_port_is_tried() -> None:
    assert {name for name in vars(SmsGateway) if not name.startswith("_")} == {method for method, _ in ACTS}


@every_act
@pytest.mark.parametrize("filled", [False, True], ids=["examples", "values"])
def test_every_request_on_the_wire_is_as_published(sms_api: PublishedApi, act: Act, filled: bool) -> None:
    listrak = Published(sms_api, filled=filled)
    with scripted_server(listrak.serve) as server, suppress(RelayError):
        act(ListrakSms(listrak_client(f"{server.url}/sms/v1", f"{server.url}/OAuth2/Token").http))

    assert listrak.judged
    assert listrak.violations == []


@every_act
@pytest.mark.parametrize("change", [lambda body: body, as_text], ids=["as published", "ids as text"])
def test_answers_with_values_are_understood(sms_api: PublishedApi, act: Act, change: Callable[[Any], Any]) -> None:
    if change is as_text and act is dict(ACTS)["opted_out"]:
        pytest.skip("a truth as text is asked for again: nobody is subscribed on a guess")
    act(client(Published(sms_api, change, filled=True)))


@every_act
@pytest.mark.parametrize("filled", [False, True], ids=["examples", "values"])
def test_any_value_of_an_answer_may_be_missing_or_of_another_kind(
    sms_api: PublishedApi, act: Act, filled: bool
) -> None:
    original = Published(sms_api, filled=filled)
    with suppress(RelayError):
        act(client(original))
    (_, body), *_ = original.answered

    for other in variants(body):
        with suppress(RelayError):
            act(client(Published(sms_api, lambda _, other=other: other)))  # type: ignore[misc]


@pytest.mark.parametrize("people", ["list_pages", "opt_out_pages"])
@pytest.mark.parametrize("answer", [{}, {"status": 200, "data": None}, {"status": 200, "data": "none"}])
def test_an_answer_without_a_list_never_means_nobody(
    sms_api: PublishedApi, people: str, answer: dict[str, Any]
) -> None:
    with pytest.raises(RetryableError):
        dict(ACTS)[people](client(Published(sms_api, lambda _: answer)))


def test_opt_outs_whose_cursor_leads_round_are_not_taken_for_all(sms_api: PublishedApi) -> None:
    with pytest.raises(RetryableError, match="comes again"):
        dict(ACTS)["opt_out_pages"](
            client(Published(sms_api, lambda body: {**body, "nextPageCursor": "round"}, filled=True))
        )


def _with_number(number: object) -> Callable[[Any], Any]:
    return lambda body: {"data": [{**each, "phoneNumber": number} for each in body["data"]]}


NO_NUMBERS = [None, "", "unknown", "***0100", "17175550100 Ada", True, [17175550100], 1e300, "9" * 5_000]


@pytest.mark.parametrize("number", NO_NUMBERS)
def test_opt_outs_of_which_one_has_no_number_are_told_apart(sms_api: PublishedApi, number: object) -> None:
    known, nameless = (
        list(client(Published(sms_api, change, filled=True)).opt_out_pages(CODE))
        for change in (_with_number("17175550100"), _with_number(number))
    )

    assert [page.nameless for page in known] == [()]
    assert [(page.numbers, len(page.nameless)) for page in nameless] == [((), len(known[0].numbers))]


def test_an_opt_out_is_known_however_its_number_is_written(sms_api: PublishedApi) -> None:
    texts = ("17175550100.0", " (717) 555-0100 ", "+1 717.555.0100", "\N{FULLWIDTH DIGIT ONE}7175550100")
    for number in (17175550100, 17175550100.0, *texts):
        pages = list(client(Published(sms_api, _with_number(number), filled=True)).opt_out_pages(CODE))

        assert {comparable(each, "US") for page in pages for each in page.numbers} == {"17175550100"}, number
        assert [page.nameless for page in pages] == [()]


@pytest.mark.parametrize("number", NO_NUMBERS)
def test_whoever_has_no_number_is_counted_by_a_list(sms_api: PublishedApi, number: object) -> None:
    pages = list(client(Published(sms_api, _with_number(number), filled=True)).list_pages(CODE, LIST_ID))

    assert [page.numbers for page in pages] == [()]
    assert all(page.unreadable for page in pages)


def test_a_new_contact_carries_its_facts_and_nothing_else(sms_api: PublishedApi) -> None:
    listrak = Published(sms_api)

    client(listrak).create(CODE, LIST_ID, NewContact("17175550100", FACTS))

    ((method, path, body),) = listrak.judged
    assert (method, path) == ("POST", f"/sms/v1/ShortCode/{CODE}/PhoneList/{LIST_ID}/Contact")
    assert body == {
        "phoneNumber": "17175550100",
        "firstName": "Ada",
        "lastName": "Moss",
        "emailAddress": "ada@example.com",
        "birthday": "1990-04-01T00:00:00",
        "postalCode": "17543",
    }


def test_a_plus_in_a_path_is_encoded(sms_api: PublishedApi) -> None:
    listrak = Published(sms_api)

    client(listrak).subscribe(CODE, LIST_ID, "+17175550100")

    assert listrak.judged[0][1].endswith("/Contact/%2B17175550100/PhoneList/5501")


def test_an_import_says_which_column_is_which(sms_api: PublishedApi) -> None:
    listrak = Published(sms_api, filled=True)

    client(listrak).start_import(CODE, ORDER, len(CONTENT), BytesIO(CONTENT))

    ((_, _, body),) = listrak.judged
    assert base64.b64decode(body.pop("fileStream"), validate=True) == CONTENT
    assert body == {
        "fileName": "listrak-relay_run_001.csv",
        "textQualifier": '"',
        "hasColumnNames": False,
        "importType": "UpdateSubscribers",
        "fileMappings": [
            {"fileColumn": 0, "fileColumnType": "Phone", "segmentationFieldId": 0},
            {"fileColumn": 1, "fileColumnType": "SegmentationField", "segmentationFieldId": 9001},
        ],
    }
