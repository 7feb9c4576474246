"""The Listrak client against Listrak's published document: what it sends, and what it makes of the published answers.

Answers are made from the document's own examples, then with each value of them in turn replaced or left out.
"""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from listrak_relay.adapters.listrak.answer import Answer
from listrak_relay.adapters.listrak.transport import Request as ListrakRequest
from listrak_relay.domain.run.manifest import Action
from listrak_relay.errors import OutcomeUnknownError, RelayError, RetryableError
from listrak_relay.ports.listrak_email import Contact, EmailGateway, ImportOrder, ImportSummary
from tests.contract.published_api import PublishedApi, published_api
from tests.listrak_client import Client, listrak_client, token_reply
from tests.scripted_server import Reply, Request, scripted_server

EMAIL_URL, AUTH_URL = "https://listrak.example/email/v1", "https://listrak.example/OAuth2/Token"
LIST_ID, GROUP_ID, FIELD_ID, IMPORT_ID = 345, 12, 120, 500
SINCE = 1_800_000_000.0
CONTENT = b'ada@example.com,"red, ""dark""",on\n'

ODD_ADDRESS = "o'hara+vip/%?&=é@example.com"
EVERYTHING = {"override_unsubscribe": True, "event_ids": [71, 72], "send_double_opt_in": True}
REPLACEMENTS: list[Any] = [None, True, 0, -1, 1.5, 10**400, "", "x", "0", [], [None], [[]], ["x"], {}, {"data": {}}]

Act = Callable[[Client], object]


def _import(action: Action, *field_ids: int, trigger_journey: bool = False) -> Act:
    order = ImportOrder("listrak-relay_run_001.csv", action, field_ids, trigger_journey)
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
    ("clear_field", "", lambda client: client.email.clear_field(LIST_ID, GROUP_ID, FIELD_ID)),
    ("contacts", "first page", lambda client: client.email.contacts(LIST_ID, FIELD_ID, None)),
    ("contacts", "later page", lambda client: client.email.contacts(LIST_ID, FIELD_ID, "a+b/c==")),
    ("start_import", "subscribe", _import(Action.SUBSCRIBE, 120, 121)),
    ("start_import", "subscribe into journeys", _import(Action.SUBSCRIBE, 120, 121, trigger_journey=True)),
    ("start_import", "update", _import(Action.UPDATE, 120, 121)),
    ("start_import", "unsubscribe", _import(Action.UNSUBSCRIBE)),
    ("find_import", "", lambda client: client.email.find_import(LIST_ID, "listrak-relay_run_001.csv", SINCE)),
    ("import_status", "", lambda client: client.email.import_status(LIST_ID, IMPORT_ID)),
    ("import_summary", "", lambda client: client.email.import_summary(LIST_ID, IMPORT_ID)),
    ("import_results", "", lambda client: list(client.email.import_results(LIST_ID, IMPORT_ID))),
    ("contact", "", lambda client: client.email.contact(LIST_ID, ODD_ADDRESS)),
    ("save_contact", "subscribe", _save(True, {120: "on", 121: 'red, "dark" & é'})),
    ("save_contact", "unsubscribe", _save(False, {})),
    ("save_contact", "leave the state", _save(None, {120: "off"})),
    ("save_contact", "everything", _save(True, {120: "on"}, **EVERYTHING)),
]
every_act = pytest.mark.parametrize(
    "act", [act for _, _, act in ACTS], ids=[f"{method} {what}".strip() for method, what, _ in ACTS]
)


@dataclass
class Published:
    """Answers as the document says, with ``change`` made to the body, and judges each request."""

    api: PublishedApi
    change: Callable[[Any], Any] = lambda body: body
    filled: bool = False
    """Whether answers hold values instead of the examples' nulls."""

    violations: list[str] = field(default_factory=list)
    judged: list[tuple[str, str, Any]] = field(default_factory=list)
    answered: list[tuple[int, Any]] = field(default_factory=list)

    def answer(
        self, method: str, path: str, query: Sequence[tuple[str, str]], content_type: str | None, body: object
    ) -> tuple[int, Any]:
        self.judged.append((method, path, body))
        # Not decoded: a slash in an address must not part the path.
        self.violations += self.api.check_request(method, path, query, content_type, body)
        operation = self.api.operation(method, path)
        assert operation is not None
        responses = operation.definition["responses"]
        status = next(status for status in ("202", "201", "200") if "examples" in responses.get(status, {}))
        example = copy.deepcopy(responses[status]["examples"]["application/json"])
        if self.filled:
            example = self._filled(responses[status]["schema"])
        self.answered.append((int(status), self.change(example)))
        return self.answered[-1]

    def serve(self, request: Request) -> Reply:
        """As a server on a socket."""
        if request.path.endswith("/Token"):
            return token_reply()
        body = json.loads(request.body) if request.body else None
        query = parse_qsl(urlsplit(request.target).query, keep_blank_values=True)
        return Reply(*self.answer(request.method, request.path, query, request.headers.get("content-type"), body))

    def send(self, request: ListrakRequest) -> Answer:
        """As a transport without a socket, for the many answers that differ in one value."""
        if request.form is not None:
            return _answer(200, token_reply().body)
        body = request.json if request.upload is None else json.loads(request.upload.readall() or b"")
        content_type = None if body is None else "application/json"
        path, query = urlsplit(request.url).path, list((request.query or {}).items())
        return _answer(*self.answer(request.method, path, query, content_type, body))

    def client(self) -> Client:
        return listrak_client(EMAIL_URL, AUTH_URL, transport=self)

    def _filled(self, schema: Mapping[str, Any]) -> Any:
        if "$ref" in schema:
            return self._filled(self.api.definition(schema["$ref"].removeprefix("#/definitions/")))
        if schema["type"] == "object":
            values = {name: self._filled(each) for name, each in schema["properties"].items()}
            return {**values, "nextPageCursor": None} if "nextPageCursor" in values else values
        if schema["type"] == "array":
            return [self._filled(schema["items"])]
        return {"integer": 7, "boolean": True, "string": "7"}[schema["type"]]


def _answer(status: int, body: object) -> Answer:
    return Answer(status, {}, json.dumps(body).encode())


def variants(value: Any) -> Iterator[Any]:
    """The value with one part of it, on any level, replaced or left out."""
    yield from REPLACEMENTS
    if isinstance(value, dict):
        for key, part in value.items():
            yield {name: each for name, each in value.items() if name != key}
            for other in variants(part):
                yield {**value, key: other}
    if isinstance(value, list):
        yield [*value, *value]
        for number, part in enumerate(value):
            for other in variants(part):
                yield [*value[:number], other, *value[number + 1 :]]


def as_text(value: Any) -> Any:
    """Every number and truth as text, as ids come."""
    if isinstance(value, dict):
        return {name: as_text(each) for name, each in value.items()}
    if isinstance(value, list):
        return [as_text(each) for each in value]
    return value if value is None else str(value)


@pytest.fixture(scope="module")
def api() -> PublishedApi:
    return published_api("email")


def test_every_method_of_the_port_is_tried() -> None:
    assert {name for name in vars(EmailGateway) if not name.startswith("_")} == {method for method, _, _ in ACTS}


@every_act
@pytest.mark.parametrize("filled", [False, True], ids=["examples", "values"])
def test_every_request_on_the_wire_is_as_published(api: PublishedApi, act: Act, filled: bool) -> None:
    listrak = Published(api, filled=filled)
    with scripted_server(listrak.serve) as server, suppress(RelayError):
        act(listrak_client(f"{server.url}/email/v1", f"{server.url}/OAuth2/Token"))

    assert listrak.judged
    assert listrak.violations == []


def test_an_import_carries_the_file_and_says_which_column_is_which(api: PublishedApi) -> None:
    listrak = Published(api, filled=True)
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


def test_a_contact_is_sent_with_nothing_that_was_not_asked_for(api: PublishedApi) -> None:
    listrak = Published(api)
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


def test_the_published_examples_are_survived(api: PublishedApi) -> None:
    unknown = set()
    for method, _, act in ACTS:
        try:
            act(Published(api).client())
        except OutcomeUnknownError:
            unknown.add(method)

    # The examples name what was made by a placeholder.
    assert unknown == {"create_group", "create_field", "clear_field", "start_import"}


@every_act
@pytest.mark.parametrize("change", [lambda body: body, as_text], ids=["as published", "ids as text"])
def test_answers_with_values_are_understood(api: PublishedApi, act: Act, change: Callable[[Any], Any]) -> None:
    act(Published(api, change, filled=True).client())


@every_act
@pytest.mark.parametrize("filled", [False, True], ids=["examples", "values"])
def test_any_value_of_an_answer_may_be_missing_or_of_another_kind(api: PublishedApi, act: Act, filled: bool) -> None:
    original = Published(api, filled=filled)
    with suppress(RelayError):
        act(original.client())
    (_, body), *_ = original.answered

    for other in variants(body):
        with suppress(RelayError):
            act(Published(api, lambda _, other=other: other).client())  # type: ignore[misc]


def test_ids_as_text_are_numbers_to_us(api: PublishedApi) -> None:
    email = Published(api, as_text, filled=True).client().email

    assert [each.list_id for each in email.lists()] == [7]
    assert [(each.group_id, each.position) for each in email.groups(LIST_ID)] == [(7, 7)]
    assert [(each.field_id, each.max_length) for each in email.fields(LIST_ID, GROUP_ID)] == [(7, 7)]
    assert email.import_summary(LIST_ID, IMPORT_ID) == ImportSummary(7, 7, 7, 7, 7, 7, 7, 7, 7, 7)
    assert email.contact(LIST_ID, "7") == Contact("7", subscribed=False, values={7: "7"})


def test_nulls_in_the_examples_are_nothing_and_not_words(api: PublishedApi) -> None:
    email = Published(api).client().email

    assert email.lists() == []  # one without a name cannot be meant by anyone
    assert email.groups(LIST_ID)[0].name == ""
    assert (email.fields(LIST_ID, GROUP_ID)[0].name, email.fields(LIST_ID, GROUP_ID)[0].data_type) == ("", "Text")
    assert email.import_status(LIST_ID, IMPORT_ID).raw == ""
    assert not email.import_status(LIST_ID, IMPORT_ID).finished
    assert email.find_import(LIST_ID, "None", SINCE) is None
    assert list(email.import_results(LIST_ID, IMPORT_ID)) == [("", "")]
    assert email.contact(LIST_ID, "ada@example.com") == Contact("", subscribed=False, values={})


@pytest.mark.parametrize("collection", ["lists", "groups", "fields", "contacts", "find_import", "import_results"])
def test_a_collection_that_is_null_is_empty(api: PublishedApi, collection: str) -> None:
    act = next(act for method, _, act in ACTS if method == collection)

    act(Published(api, lambda body: {**body, "data": None}).client())


@pytest.mark.parametrize("one_thing", ["import_status", "import_summary", "contact"])
def test_one_thing_that_is_null_is_asked_for_again(api: PublishedApi, one_thing: str) -> None:
    act = next(act for method, _, act in ACTS if method == one_thing)

    with pytest.raises(RetryableError):
        act(Published(api, lambda body: {**body, "data": None}).client())
