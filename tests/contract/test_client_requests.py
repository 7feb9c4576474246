"""The Listrak client against Listrak's published document: what it sends, and what it makes of the published answers.

Answers are made from the document's own examples, then with each value of them in turn replaced or left out.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

import pytest

from listrak_relay.domain.run.manifest import Action
from listrak_relay.errors import OutcomeUnknownError, RelayError, RetryableError
from listrak_relay.ports.listrak_email import Contact, EmailGateway, ImportOrder, ImportSummary
from tests.support.listrak.client import Client, listrak_client
from tests.support.listrak.contract.published import Published, as_text, variants
from tests.support.listrak.contract.published_api import PublishedApi
from tests.support.listrak.scripted_server import scripted_server

LIST_ID, GROUP_ID, FIELD_ID, IMPORT_ID = 345, 12, 120, 500
SINCE = 1_800_000_000.0
YESTERDAY, TODAY = date(2026, 11, 28), date(2026, 11, 29)
CONTENT = b'ada@example.com,"red, ""dark""",on\n'

ODD_ADDRESS = "o'hara+vip/%?&=é@example.com"
EVERYTHING = {"override_unsubscribe": True, "event_ids": [71, 72], "send_double_opt_in": True}

Act = Callable[[Client], object]


def _import(action: Action, *field_ids: int, **options: bool) -> Act:
    order = ImportOrder("listrak-relay_run_001.csv", action, field_ids, **options)
    return lambda client: client.start_import(CONTENT, order=order)


def _save(subscribed: bool | None, values: Mapping[int, str], **options: Any) -> Act:
    return lambda client: client.email.save_contact(
        LIST_ID, "o'hara+vip@example.com", subscribed=subscribed, values=values, **options
    )


# (method of the port, what is asked of it)
ACTS: list[tuple[str, str, Act]] = [
    ("lists", "", lambda client: client.email.lists()),
    ("groups", "", lambda client: client.email.groups(LIST_ID)),
    ("create_group", "", lambda client: client.email.create_group(LIST_ID, "Amperity Message Attributes", 2)),
    ("fields", "", lambda client: client.email.fields(LIST_ID, GROUP_ID)),
    ("create_field", "", lambda client: client.email.create_field(LIST_ID, GROUP_ID, "vip", "CheckBox", 3, 1)),
    ("contacts", "first page", lambda client: client.email.contacts(LIST_ID, FIELD_ID, None)),
    ("contacts", "unsubscribed", lambda client: client.email.contacts(LIST_ID, FIELD_ID, None, unsubscribed=True)),
    ("contacts", "later page", lambda client: client.email.contacts(LIST_ID, FIELD_ID, "a+b/c==")),
    ("opt_out_pages", "", lambda client: list(client.email.opt_out_pages(LIST_ID, YESTERDAY, TODAY))),
    ("start_import", "subscribe", _import(Action.SUBSCRIBE, 120, 121)),
    ("start_import", "subscribe into journeys", _import(Action.SUBSCRIBE, 120, 121, trigger_journey=True)),
    ("start_import", "update", _import(Action.UPDATE, 120, 121)),
    ("start_import", "update of unsubscribed ones too", _import(Action.UPDATE, 120, 121, include_unsubscribed=True)),
    ("start_import", "unsubscribe", _import(Action.UNSUBSCRIBE)),
    ("find_import", "", lambda client: client.email.find_import(LIST_ID, "listrak-relay_run_001.csv", SINCE)),
    ("import_status", "", lambda client: client.email.import_status(LIST_ID, IMPORT_ID)),
    ("import_summary", "", lambda client: client.email.import_summary(LIST_ID, IMPORT_ID)),
    ("import_results", "", lambda client: list(client.email.import_results(LIST_ID, IMPORT_ID))),
    ("import_results", "later page", lambda client: list(client.email.import_results(LIST_ID, IMPORT_ID, "a+b/c=="))),
    ("contact", "", lambda client: client.email.contact(LIST_ID, ODD_ADDRESS)),
    ("save_contact", "subscribe", _save(True, {120: "on", 121: 'red, "dark" & é'})),
    ("save_contact", "unsubscribe", _save(False, {})),
    ("save_contact", "leave the state", _save(None, {120: "off"})),
    ("save_contact", "everything", _save(True, {120: "on"}, **EVERYTHING)),
]
every_act = pytest.mark.parametrize(
    "act", [act for _, _, act in ACTS], ids=[f"{method} {what}".strip() for method, what, _ in ACTS]
)


def test_every_method_of_the_port_is_tried() -> None:
    assert {name for name in vars(EmailGateway) if not name.startswith("_")} == {method for method, _, _ in ACTS}


@every_act
@pytest.mark.parametrize("filled", [False, True], ids=["examples", "values"])
def test_every_request_on_the_wire_is_as_published(email_api: PublishedApi, act: Act, filled: bool) -> None:
    listrak = Published(email_api, filled=filled)
    with scripted_server(listrak.serve) as server, suppress(RelayError):
        act(listrak_client(f"{server.url}/email/v1", f"{server.url}/OAuth2/Token"))

    assert listrak.judged
    assert listrak.violations == []


def test_an_import_carries_the_file_and_says_which_column_is_which(email_api: PublishedApi) -> None:
    listrak = Published(email_api, filled=True)
    with scripted_server(listrak.serve) as server:
        client = listrak_client(f"{server.url}/email/v1", f"{server.url}/OAuth2/Token")
        import_id = client.start_import(CONTENT, order=ImportOrder("a.csv", Action.UPDATE, (120, 121)))

    ((method, path, body),) = listrak.judged
    assert import_id == 7
    assert (method, path) == ("POST", f"/email/v1/List/{LIST_ID}/ListImport")
    assert base64.b64decode(body.pop("fileStream"), validate=True) == CONTENT
    assert body == {
        "fileName": "a.csv",
        "fileDelimiter": ",",
        "textQualifier": '"',
        "hasColumnNames": False,
        "importType": "UpdateSubscribers",
        "segmentationImportType": "Update",
        "suppressEmailNotifications": True,
        "triggerJourney": False,
        "fileMappings": [
            {"fileColumn": 0, "fileColumnType": "Email"},
            {"fileColumn": 1, "fileColumnType": "SegmentationField", "segmentationFieldId": 120},
            {"fileColumn": 2, "fileColumnType": "SegmentationField", "segmentationFieldId": 121},
        ],
    }


def test_a_contact_is_sent_with_nothing_that_was_not_asked_for(email_api: PublishedApi) -> None:
    listrak = Published(email_api)
    save = listrak.client().email.save_contact

    save(LIST_ID, "ada@example.com", subscribed=True, values={120: "on"})
    save(LIST_ID, "ada@example.com", subscribed=False, values={})
    save(LIST_ID, "ada@example.com", subscribed=None, values={})

    value = {"segmentationFieldId": 120, "value": "on"}
    assert [body for _, _, body in listrak.judged] == [
        {"emailAddress": "ada@example.com", "segmentationFieldValues": [value], "subscriptionState": "Subscribed"},
        {"emailAddress": "ada@example.com", "segmentationFieldValues": [], "subscriptionState": "Unsubscribed"},
        {"emailAddress": "ada@example.com", "segmentationFieldValues": []},
    ]


def test_the_published_examples_are_survived(email_api: PublishedApi) -> None:
    unknown, unreadable = set(), set()
    for method, _, act in ACTS:
        try:
            act(Published(email_api).client())
        except OutcomeUnknownError:
            unknown.add(method)
        except RetryableError:
            unreadable.add(method)

    # The examples name what was made by a placeholder.
    assert unknown == {"create_group", "create_field", "start_import"}
    # They do not say whether the person is subscribed, nor who is on a page.
    assert unreadable == {"contact", "contacts"}


@every_act
@pytest.mark.parametrize("change", [lambda body: body, as_text], ids=["as published", "ids as text"])
def test_answers_with_values_are_understood(email_api: PublishedApi, act: Act, change: Callable[[Any], Any]) -> None:
    act(Published(email_api, change, filled=True).client())


@every_act
@pytest.mark.parametrize("filled", [False, True], ids=["examples", "values"])
def test_any_value_of_an_answer_may_be_missing_or_of_another_kind(
    email_api: PublishedApi, act: Act, filled: bool
) -> None:
    original = Published(email_api, filled=filled)
    with suppress(RelayError):
        act(original.client())
    (_, body), *_ = original.answered

    for other in variants(body):
        with suppress(RelayError):
            act(Published(email_api, lambda _, other=other: other).client())  # type: ignore[misc]


def test_ids_as_text_are_numbers_to_us(email_api: PublishedApi) -> None:
    email = Published(email_api, as_text, filled=True).client().email

    assert [each.list_id for each in email.lists()] == [7]
    assert [(each.group_id, each.position) for each in email.groups(LIST_ID)] == [(7, 7)]
    assert [(each.field_id, each.max_length) for each in email.fields(LIST_ID, GROUP_ID)] == [(7, 7)]
    assert email.import_summary(LIST_ID, IMPORT_ID) == ImportSummary(7, 7, 7, 7, 7, 7, 7, 7, 7, 7)
    assert email.contact(LIST_ID, "7") == Contact("7", subscribed=None, values={7: "7"})


@pytest.mark.parametrize("count", [-1, 2**31, 10**40, "-68"])
def test_a_count_that_cannot_be_one_is_asked_for_again(email_api: PublishedApi, count: int | str) -> None:
    listrak = Published(email_api, lambda body: {**body, "data": {**body["data"], "bannedCount": count}}, filled=True)

    with pytest.raises(RetryableError, match="bannedCount"):
        listrak.client().email.import_summary(LIST_ID, IMPORT_ID)


def test_an_id_that_the_ledger_could_not_keep_is_none(email_api: PublishedApi) -> None:
    listrak = Published(email_api, lambda body: {**body, "resourceId": str(10**40)}, filled=True)

    with pytest.raises(OutcomeUnknownError):
        listrak.client().start_import()


def test_nulls_in_the_examples_are_nothing_and_not_words(email_api: PublishedApi) -> None:
    email = Published(email_api).client().email

    assert email.lists() == []  # one without a name cannot be meant by anyone
    assert email.groups(LIST_ID)[0].name == ""
    assert (email.fields(LIST_ID, GROUP_ID)[0].name, email.fields(LIST_ID, GROUP_ID)[0].data_type) == ("", "Text")
    assert email.import_status(LIST_ID, IMPORT_ID).raw == ""
    assert not email.import_status(LIST_ID, IMPORT_ID).finished
    assert email.find_import(LIST_ID, "None", SINCE) is None
    assert next(email.import_results(LIST_ID, IMPORT_ID)).results == (("", ""),)


@pytest.mark.parametrize("pages", ["lists", "contacts", "find_import", "import_results"])
def test_pages_that_are_null_are_asked_for_again_and_never_mean_nobody(email_api: PublishedApi, pages: str) -> None:
    act = next(act for method, _, act in ACTS if method == pages)

    with pytest.raises(RetryableError):
        act(Published(email_api, lambda body: {**body, "data": None}).client())


@pytest.mark.parametrize("collection", ["groups", "fields"])
def test_a_collection_that_is_null_is_empty(email_api: PublishedApi, collection: str) -> None:
    act = next(act for method, _, act in ACTS if method == collection)

    act(Published(email_api, lambda body: {**body, "data": None}).client())


@pytest.mark.parametrize("one_thing", ["import_status", "import_summary", "contact"])
def test_one_thing_that_is_null_is_asked_for_again(email_api: PublishedApi, one_thing: str) -> None:
    act = next(act for method, _, act in ACTS if method == one_thing)

    with pytest.raises(RetryableError):
        act(Published(email_api, lambda body: {**body, "data": None}).client())
