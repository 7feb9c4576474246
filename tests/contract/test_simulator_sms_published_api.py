"""The simulator's SMS part against Listrak's published document: its routes, what they demand and what they answer."""

from typing import Any

import httpx
import pytest

from listrak_simulator.sms_api.routes import routes
from tests.support.listrak.contract.published_api import PublishedApi, not_located
from tests.support.listrak.simulator import SMS_CLIENT
from tests.support.listrak.sms_simulator import (
    MASTER_LIST,
    SENDER_CODE,
    STRANGER,
    SUBSCRIBED,
    TIER,
    UNSUBSCRIBED,
    SmsSimulator,
    import_body,
    send,
)

BASE = "/sms/v1/ShortCode/{senderCodeId}"
IMPORT = import_body(f"{SUBSCRIBED},silver\n", {1: TIER})
VALUES = [{"segmentationFieldId": TIER, "value": "gold"}]
CONTACT = {
    "phoneNumber": STRANGER,
    "emailAddress": "new@example.com",
    "firstName": "Nia",
    "lastName": "Roe",
    "birthday": None,
    "postalCode": "17543",
    "segmentationFieldValues": VALUES,
}
READS = [
    "/sms/v1/ShortCode",
    BASE,
    f"{BASE}/PhoneList",
    f"{BASE}/PhoneList/{{phoneListId}}",
    f"{BASE}/PhoneList/{{phoneListId}}/Contact",
    f"{BASE}/Contact/{{phoneNumber}}",
    f"{BASE}/Contact/{{phoneNumber}}/PhoneList",
    f"{BASE}/OptOut",
    f"{BASE}/SegmentationField",
    f"{BASE}/SegmentationField/{{segmentationFieldId}}",
    f"{BASE}/ContactImport/{{importFileId}}",
]
WRITES = [
    ("POST", f"{BASE}/PhoneList/{{phoneListId}}/Contact", CONTACT, 201),
    ("PUT", f"{BASE}/Contact", {**CONTACT, "phoneNumber": SUBSCRIBED, "optedOut": True}, 200),
    ("POST", f"{BASE}/Contact/{{phoneNumber}}/PhoneList/{{phoneListId}}", None, 201),
    ("DELETE", f"{BASE}/ContactUnsubscribe/{{phoneNumber}}/PhoneList/{{phoneListId}}", None, 200),
    ("POST", f"{BASE}/ContactImport", IMPORT, 201),
]
OPERATIONS = [*(("GET", template) for template in READS), *((method, template) for method, template, *_ in WRITES)]
IDS = {"senderCodeId": SENDER_CODE, "phoneListId": MASTER_LIST, "segmentationFieldId": TIER, "importFileId": 700001}


def call(
    sms_simulator: SmsSimulator, method: str, template: str, body: object = None, **path_values: object
) -> httpx.Response:
    """The template with ids that exist, and a contact who is no subscriber for subscribing, a subscriber otherwise."""
    phone = UNSUBSCRIBED if method == "POST" else SUBSCRIBED
    path = template.format(**{**IDS, "phoneNumber": phone, **path_values})
    return send(sms_simulator.http, method, path.removeprefix("/sms/v1"), body)


def violations(api: PublishedApi, answer: httpx.Response) -> list[str]:
    request = answer.request
    return api.check_answer(request.method, request.url.path, answer.status_code, answer.json())


def test_the_simulator_serves_the_published_operations_that_phone_lists_need(sms_api: PublishedApi) -> None:
    own = [(method, route.path) for route in routes for method in route.methods or () if method != "HEAD"]

    assert sorted(own) == sorted(OPERATIONS)
    assert set(own) == {(operation.method, operation.template) for operation in sms_api.operations}


@pytest.mark.parametrize("template", READS)
@pytest.mark.parametrize(
    "settings",
    [{}, {"sms_one_list_form": "schema", "sms_opt_out_cursor": True, "sms_number_form": "plus"}],
    ids=["default", "other"],
)
def test_every_answer_to_a_read_has_the_published_shape(
    sms_api: PublishedApi, sms_simulator: SmsSimulator, template: str, settings: dict[str, object]
) -> None:
    sms_simulator.import_file(f"{SUBSCRIBED},silver\n", {1: TIER})
    sms_simulator.settings(**settings)

    answer = call(sms_simulator, "GET", template)

    assert answer.status_code == 200
    assert violations(sms_api, answer) == []


@pytest.mark.parametrize(("method", "template", "body", "status"), WRITES)
def test_every_answer_to_a_write_has_the_published_shape(
    sms_api: PublishedApi, sms_simulator: SmsSimulator, method: str, template: str, body: object, status: int
) -> None:
    answer = call(sms_simulator, method, template, body)

    assert answer.status_code == status
    assert violations(sms_api, answer) == []


def test_an_import_demands_each_required_property(sms_api: PublishedApi, sms_simulator: SmsSimulator) -> None:
    required = sms_api.required("ImportContactFile")
    flawed: list[dict[str, Any]] = []
    for name in required:
        without = {key: value for key, value in IMPORT.items() if key != name}
        flawed += [without, {**without, name: None}]

    answers = [sms_simulator.call("POST", "/ContactImport", body) for body in flawed]

    assert len(answers) == 12
    assert [answer.json()["error"] for answer in answers] == ["ERROR_INVALID_PARAMETER"] * 12
    assert [violations(sms_api, answer) for answer in answers] == [[]] * 12


def test_a_file_mapping_demands_each_required_property(sms_api: PublishedApi, sms_simulator: SmsSimulator) -> None:
    for name in sms_api.required("ImportContactFileMapping"):
        mapping: dict[str, object] = {"fileColumnType": "Phone", "segmentationFieldId": 0, "fileColumn": 0}
        del mapping[name]

        assert sms_simulator.outcome("POST", "/ContactImport", {**IMPORT, "fileMappings": [mapping]}) == (
            400,
            "ERROR_INVALID_PARAMETER",
        )


def test_the_required_number_of_a_contact_is_demanded(sms_simulator: SmsSimulator) -> None:
    nameless = {key: value for key, value in CONTACT.items() if key != "phoneNumber"}

    assert sms_simulator.outcome("POST", f"/PhoneList/{MASTER_LIST}/Contact", nameless) == (
        400,
        "ERROR_INVALID_PARAMETER",
    )
    assert sms_simulator.outcome("PUT", "/Contact", nameless) == (400, "ERROR_INVALID_PARAMETER")


@pytest.mark.parametrize(("method", "template"), OPERATIONS)
def test_every_operation_refuses_tokens_that_are_not_of_an_sms_integration(
    sms_api: PublishedApi, sms_simulator: SmsSimulator, method: str, template: str
) -> None:
    for authorization in ("", sms_simulator.running.http.headers["authorization"]):
        sms_simulator.http.headers["authorization"] = authorization

        answer = call(sms_simulator, method, template)

        assert (answer.status_code, answer.json()["error"]) == (401, "ERROR_UNAUTHORIZED")
        assert violations(sms_api, answer) == []


def test_an_sms_token_does_not_open_the_email_api(sms_simulator: SmsSimulator) -> None:
    token = sms_simulator.running.token(**SMS_CLIENT).json()["access_token"]

    answer = sms_simulator.running.http.get("/email/v1/List", headers={"authorization": f"Bearer {token}"})

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("method", "template", "name"),
    [
        (method, template, name)
        for method, template in OPERATIONS
        for name in (*IDS, "phoneNumber")
        if f"{{{name}}}" in template
    ],
)
def test_every_operation_on_an_unknown_id_answers_as_published(
    sms_api: PublishedApi, sms_simulator: SmsSimulator, method: str, template: str, name: str
) -> None:
    bodies = {template: body for _, template, body, _ in WRITES}
    unknown = {name: STRANGER if name == "phoneNumber" else 999}

    answer = call(sms_simulator, method, template, bodies.get(template), **unknown)

    assert (answer.status_code, answer.json()["error"]) == (404, "ERROR_UNABLE_TO_LOCATE_RESOURCE")
    assert violations(sms_api, answer) == []
    declared = sms_api.operation(method, answer.request.url.path)
    assert declared is not None
    assert answer.json()["message"] == not_located(declared.path_parameters)


@pytest.mark.parametrize(
    ("method", "path", "content_type", "content", "status", "code"),
    [
        ("PATCH", "/ShortCode", None, b"", 405, "ERROR_UNSUPPORTED_METHOD"),
        ("GET", "/ShortCodes", None, b"", 404, "ERROR_UNKNOWN_ROUTE"),
        ("GET", "/ShortCode/first", None, b"", 400, "ERROR_INVALID_PARAMETER"),
        ("GET", "/ShortCode/55/Contact/17175550101%26", None, b"", 400, "ERROR_UNSAFE_ROUTE"),
        ("GET", "/ShortCode/55/Contact/%3C17175550101", None, b"", 400, "ERROR_UNSAFE_ROUTE"),
        ("GET", "/ShortCode/55/Contact/+17175550101", None, b"", 400, "ERROR_UNSAFE_ROUTE"),
        ("GET", "/ShortCode/55/Contact/(717)%20555-0101", None, b"", 400, "ERROR_INVALID_PHONE_NUMBER"),
        ("PUT", "/ShortCode/55/Contact", "text/csv", b"{}", 415, "ERROR_UNSUPPORTED_CONTENT_TYPE"),
        ("PUT", "/ShortCode/55/Contact", None, b"{}", 415, "ERROR_UNSUPPORTED_CONTENT_TYPE"),
        ("PUT", "/ShortCode/55/Contact", "application/json", b"{", 400, "ERROR_MALFORMED_REQUEST_BODY"),
        ("POST", "/ShortCode/55/ContactImport", "application/json", b"[]", 400, "ERROR_MALFORMED_REQUEST_BODY"),
    ],
)
def test_general_faults_have_the_published_codes(
    sms_api: PublishedApi,
    sms_simulator: SmsSimulator,
    method: str,
    path: str,
    content_type: str | None,
    content: bytes,
    status: int,
    code: str,
) -> None:
    headers = {"content-type": content_type} if content_type else {}

    answer = sms_simulator.http.request(method, path, headers=headers, content=content)

    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert violations(sms_api, answer) == []


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/PhoneList", {"status": "Active"}),
        ("/PhoneList", {"count": "5001"}),
        (f"/PhoneList/{MASTER_LIST}/Contact", {"count": "5001"}),
        (f"/PhoneList/{MASTER_LIST}/Contact", {"count": "0"}),
        (f"/PhoneList/{MASTER_LIST}/Contact", {"cursor": "nowhere"}),
        (f"/PhoneList/{MASTER_LIST}/Contact", {"optedOut": "both"}),
        (f"/PhoneList/{MASTER_LIST}/Contact", {"startSubscribeDate": "soon"}),
        ("/OptOut", {"endDate": "late"}),
        ("/OptOut", {"count": "many"}),
    ],
)
def test_a_wrong_query_parameter_is_refused(
    sms_api: PublishedApi, sms_simulator: SmsSimulator, path: str, query: dict[str, str]
) -> None:
    answer = sms_simulator.call("GET", path, **query)

    assert (answer.status_code, answer.json()["error"]) == (400, "ERROR_INVALID_PARAMETER")
    assert violations(sms_api, answer) == []


def test_the_journal_shows_requests_that_the_published_document_can_judge(
    sms_api: PublishedApi, sms_simulator: SmsSimulator
) -> None:
    for method, template, body, _ in WRITES:
        call(sms_simulator, method, template, body)
    sms_simulator.call("GET", f"/PhoneList/{MASTER_LIST}/Contact", optedOut="true", count="5000", cursor="Start")
    sms_simulator.call("GET", "/PhoneList", status="inactive")

    entries = sms_simulator.running.journal("^/sms/")

    assert len(entries) == len(WRITES) + 2
    assert [sms_api.check_journal_entry(entry) for entry in entries] == [[]] * len(entries)


@pytest.mark.parametrize(
    ("method", "path", "query", "body"),
    [
        ("POST", "Contact/17175550101/PhoneList/5501", [], {}),
        ("PUT", "Contact", [], {**CONTACT, "birthday": ""}),
        ("PUT", "Contact", [], {**CONTACT, "firstName": None}),
        ("PUT", "Contact", [], {**CONTACT, "segmentationFieldValues": [{"segmentationFieldId": "9001"}]}),
        ("POST", "ContactImport", [], {**IMPORT, "textQualifier": "|"}),
        ("POST", "ContactImport", [], {**IMPORT, "fileDelimiter": ","}),
        ("POST", "ContactImport", [], {**IMPORT, "importType": "AddSubscribers"}),
        ("GET", "PhoneList", [("status", "all")], None),
        ("GET", "PhoneList/5501/Contact", [("optedOut", "1")], None),
        ("GET", "PhoneList/5501/Contact", [("count", "5001")], None),
        ("GET", "OptOut", [("startSubscribeDate", "2026-01-01")], None),
    ],
)
def test_the_checker_finds_each_kind_of_violation(
    sms_api: PublishedApi, method: str, path: str, query: list[tuple[str, str]], body: object
) -> None:
    content_type = None if body is None else "application/json"

    assert sms_api.check_request(method, f"/sms/v1/ShortCode/55/{path}", query, content_type, body)


def test_the_checker_lets_a_blank_qualifier_and_a_null_birthday_pass(sms_api: PublishedApi) -> None:
    content_type = "application/json"
    blank = {**IMPORT, "textQualifier": ""}

    assert sms_api.check_request("POST", "/sms/v1/ShortCode/55/ContactImport", [], content_type, blank) == []
    assert sms_api.check_request("PUT", "/sms/v1/ShortCode/55/Contact", [], content_type, CONTACT) == []


def test_the_checker_finds_wrong_answers(sms_api: PublishedApi) -> None:
    opt_out = {"phoneNumber": "1", "optOutDate": "2026-01-01T00:00:00", "optOutReason": "Stop"}
    path = "/sms/v1/ShortCode/55"

    assert sms_api.check_answer("GET", f"{path}/OptOut", 200, {"status": 200, "data": [opt_out]})
    assert sms_api.check_answer(
        "GET", f"{path}/SegmentationField", 200, {"status": 200, "nextPageCursor": None, "data": []}
    )
    assert sms_api.check_answer("GET", f"{path}/PhoneList/1", 200, {"status": 200, "data": [{}]})
