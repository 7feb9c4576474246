"""The simulator against Listrak's published document: its routes, what they demand and what they answer."""

import base64
from itertools import product
from typing import Any

import httpx
import pytest

from listrak_simulator.email_api.routes import routes
from tests.support.listrak.contract.published_api import PublishedApi
from tests.support.listrak.simulator import MASTER_LIST, RunningSimulator, import_body

GROUPS = f"/List/{MASTER_LIST}/SegmentationFieldGroup"
LIST = {"listName": "Autumn", "bounceHandling": "Standard", "bounceUnsubscribeCount": 3}
CONTACT = {"emailAddress": "new@example.com", "segmentationFieldValues": []}
GROUP = {"segmentationFieldGroupName": "Amperity Message Attributes", "position": 2}
FIELD = {"segmentationFieldName": "vip", "dataType": "CheckBox", "maxLength": 3, "position": 1}
IMPORT = import_body("a@example.com\n")


def violations(api: PublishedApi, answer: httpx.Response) -> list[str]:
    request = answer.request
    return api.check_answer(request.method, request.url.path, answer.status_code, answer.json())


def paths(simulator: RunningSimulator) -> dict[str, str]:
    """A path with existing ids for every template that the simulator has."""
    group_id = simulator.call("GET", GROUPS).json()["data"][0]["segmentationFieldGroupId"]
    fields = simulator.call("GET", f"{GROUPS}/{group_id}/SegmentationField").json()["data"]
    import_id = simulator.call("POST", f"/List/{MASTER_LIST}/ListImport", IMPORT).json()["resourceId"]
    simulator.wait_for_import(import_id)
    ids = {
        "listId": MASTER_LIST,
        "contactIdentifier": "ada@example.com",
        "segmentationFieldGroupId": group_id,
        "segmentationFieldId": fields[0]["segmentationFieldId"],
        "importFileId": import_id,
    }
    return {route.path: route.path.removeprefix("/email/v1").format(**ids) for route in routes}


def served(simulator: RunningSimulator, api: PublishedApi) -> list[tuple[str, str]]:
    """Method and path of every published operation that the simulator does not answer as an unknown route."""
    known = paths(simulator)
    return [
        (operation.method, known[operation.template])
        for operation in api.operations
        if operation.template in known
        and simulator.call(operation.method, known[operation.template]).json().get("error") != "ERROR_UNKNOWN_ROUTE"
    ]


def test_the_simulator_serves_every_operation_of_the_table(
    email_api: PublishedApi, simulator: RunningSimulator
) -> None:
    assert len(served(simulator, email_api)) == len(email_api.operations)


def test_the_simulator_serves_what_a_list_import_needs(email_api: PublishedApi, simulator: RunningSimulator) -> None:
    list_path, group_path = f"/List/{MASTER_LIST}", f"{GROUPS}/1201"
    field_path, import_path = f"{group_path}/SegmentationField/12001", f"{list_path}/ListImport/500001"
    collections = (f"{list_path}/Contact", GROUPS, f"{group_path}/SegmentationField", f"{list_path}/ListImport")

    assert sorted(served(simulator, email_api)) == sorted(
        [
            *((method, path) for path in ("/List", *collections) for method in ("GET", "POST")),
            *(("GET", path) for path in (list_path, f"{list_path}/Contact/ada@example.com", group_path, field_path)),
            *(("GET", f"{import_path}{part}") for part in ("", "/Contact", "/Status", "/Summary")),
            ("DELETE", f"{field_path}/Values"),
        ]
    )


def test_every_answer_to_a_read_has_the_published_shape(email_api: PublishedApi, simulator: RunningSimulator) -> None:
    for method, path in served(simulator, email_api):
        if method == "GET":
            answer = simulator.call(method, path)

            assert answer.status_code == 200
            assert violations(email_api, answer) == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/List", LIST),
        (f"/List/{MASTER_LIST}/Contact", CONTACT),
        (GROUPS, GROUP),
        (f"{GROUPS}/1201/SegmentationField", FIELD),
        (f"/List/{MASTER_LIST}/ListImport", IMPORT),
    ],
)
def test_every_creation_answers_as_published_and_demands_each_required_property(
    email_api: PublishedApi, simulator: RunningSimulator, path: str, body: dict[str, Any]
) -> None:
    operation = email_api.operation("POST", f"/email/v1{path}")
    assert operation is not None
    required = email_api.required(str(operation.body))

    assert set(required) <= set(body)
    for name, flaw in product(required, ("missing", "null")):
        flawed: dict[str, Any] = {key: value for key, value in body.items() if key != name}
        refused = simulator.call("POST", path, flawed if flaw == "missing" else {**flawed, name: None})

        assert (refused.status_code, refused.json()["error"]) == (400, "ERROR_INVALID_PARAMETER")
        assert violations(email_api, refused) == []

    created = simulator.call("POST", path, body)

    assert created.status_code == 201
    assert violations(email_api, created) == []


@pytest.mark.parametrize("name", ["fileColumn", "fileColumnType"])
def test_a_file_mapping_without_a_required_property_is_refused(simulator: RunningSimulator, name: str) -> None:
    mapping: dict[str, object] = {"fileColumn": 0, "fileColumnType": "Email"}
    del mapping[name]

    answer = simulator.call("POST", f"/List/{MASTER_LIST}/ListImport", {**IMPORT, "fileMappings": [mapping]})

    assert (answer.status_code, answer.json()["error"]) == (400, "ERROR_INVALID_PARAMETER")


@pytest.mark.parametrize("name", ["segmentationFieldId", "value"])
def test_a_contact_value_without_a_required_property_is_refused(simulator: RunningSimulator, name: str) -> None:
    value: dict[str, object] = {"segmentationFieldId": 12001, "value": "Ada"}
    del value[name]

    answer = simulator.call("POST", f"/List/{MASTER_LIST}/Contact", {**CONTACT, "segmentationFieldValues": [value]})

    assert (answer.status_code, answer.json()["error"]) == (400, "ERROR_INVALID_PARAMETER")


def test_clearing_a_field_is_accepted_with_an_import_id(email_api: PublishedApi, simulator: RunningSimulator) -> None:
    answer = simulator.call("DELETE", f"{GROUPS}/1201/SegmentationField/12001/Values")

    assert answer.status_code == 202
    assert violations(email_api, answer) == []
    assert simulator.wait_for_import(answer.json()["resourceId"])["status"] == "ProcessingCompleted"


def test_every_operation_refuses_a_call_without_a_token(email_api: PublishedApi, simulator: RunningSimulator) -> None:
    operations = served(simulator, email_api)
    simulator.http.headers.pop("authorization")

    for method, path in operations:
        answer = simulator.call(method, path)

        assert (answer.status_code, answer.json()["error"]) == (401, "ERROR_UNAUTHORIZED")
        assert violations(email_api, answer) == []


def test_every_operation_on_an_unknown_id_answers_as_published(
    email_api: PublishedApi, simulator: RunningSimulator
) -> None:
    for method, path in served(simulator, email_api):
        if path == "/List":
            continue
        body = IMPORT if method == "POST" else None
        unknown = path.replace(f"/{MASTER_LIST}", "/999", 1)
        answer = simulator.call(method, unknown, body)

        assert (answer.status_code, answer.json()["error"]) == (404, "ERROR_UNABLE_TO_LOCATE_RESOURCE")
        assert violations(email_api, answer) == []


@pytest.mark.parametrize(
    ("method", "path", "headers", "content", "status", "code"),
    [
        ("PATCH", "/List", {}, b"", 405, "ERROR_UNSUPPORTED_METHOD"),
        ("PUT", f"/List/{MASTER_LIST}", {}, b"{}", 404, "ERROR_UNKNOWN_ROUTE"),
        ("GET", "/Lists", {}, b"", 404, "ERROR_UNKNOWN_ROUTE"),
        ("GET", "/List/first", {}, b"", 400, "ERROR_INVALID_PARAMETER"),
        ("GET", f"/List/{MASTER_LIST}/Contact/a%26b@example.com", {}, b"", 400, "ERROR_UNSAFE_ROUTE"),
        ("POST", "/List", {"content-type": "text/csv"}, b"{}", 415, "ERROR_UNSUPPORTED_CONTENT_TYPE"),
        ("POST", "/List", {}, b"{}", 415, "ERROR_UNSUPPORTED_CONTENT_TYPE"),
        ("POST", "/List", {"content-type": "application/json"}, b"{", 400, "ERROR_MALFORMED_REQUEST_BODY"),
        ("POST", "/List", {"content-type": "application/json"}, b"[]", 400, "ERROR_MALFORMED_REQUEST_BODY"),
    ],
)
def test_general_faults_have_the_published_codes(
    email_api: PublishedApi,
    simulator: RunningSimulator,
    method: str,
    path: str,
    headers: dict[str, str],
    content: bytes,
    status: int,
    code: str,
) -> None:
    answer = simulator.http.request(method, f"/email/v1{path}", headers=headers, content=content)

    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert violations(email_api, answer) == []


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("Contact", {"subscriptionState": "Gone"}, "ERROR_INVALID_PARAMETER"),
        ("Contact", {"count": "5001"}, "ERROR_INVALID_PARAMETER"),
        ("Contact", {"count": "0"}, "ERROR_INVALID_PARAMETER"),
        ("Contact", {"cursor": "nowhere"}, "ERROR_INVALID_PARAMETER"),
        ("Contact", {"startDate": "soon"}, "ERROR_INVALID_PARAMETER"),
        ("Contact", {"segmentationFieldIds": "1"}, "ERROR_INVALID_PARAMETER"),
        ("Contact", {"segmentationFieldIds": ",".join(["12001"] * 31)}, "ERROR_TOO_MANY_SEGMENTATION_FIELDS"),
        ("ListImport", {"count": "many"}, "ERROR_INVALID_PARAMETER"),
        ("ListImport", {"endDate": "late"}, "ERROR_INVALID_PARAMETER"),
    ],
)
def test_a_wrong_query_parameter_is_refused(
    email_api: PublishedApi, simulator: RunningSimulator, path: str, query: dict[str, str], code: str
) -> None:
    answer = simulator.call("GET", f"/List/{MASTER_LIST}/{path}", **query)

    assert (answer.status_code, answer.json()["error"]) == (400, code)
    assert violations(email_api, answer) == []


def test_the_journal_shows_requests_that_the_published_document_can_judge(
    email_api: PublishedApi, simulator: RunningSimulator
) -> None:
    simulator.import_file("a@example.com\n")
    simulator.call("GET", f"/List/{MASTER_LIST}/Contact", count="10", subscriptionState="Unsubscribed")
    simulator.call("POST", f"/List/{MASTER_LIST}/Contact", CONTACT, overrideUnsubscribe="true")

    entries = simulator.journal("^/email/")

    assert len(entries) >= 5
    assert [email_api.check_journal_entry(entry) for entry in entries] == [[]] * len(entries)


@pytest.mark.parametrize(
    ("method", "path", "query", "content_type", "body"),
    [
        ("GET", "/email/v1/Lists", [], None, None),
        ("GET", "/email/v1/List/one", [], None, None),
        ("GET", "/email/v1/List/345/Contact", [("limit", "1")], None, None),
        ("GET", "/email/v1/List/345/Contact", [("count", "5001")], None, None),
        ("GET", "/email/v1/List/345/Contact", [("count", "1"), ("count", "2")], None, None),
        ("GET", "/email/v1/List/345/Contact", [("subscriptionState", "subscribed")], None, None),
        ("GET", "/email/v1/List/345/Contact", [("segmentationFieldIds", ",".join("1" * 31))], None, None),
        ("POST", "/email/v1/List/345/Contact", [("overrideUnsubscribe", "1")], "application/json", CONTACT),
        ("POST", "/email/v1/List/345/Contact", [], "text/plain", CONTACT),
        ("POST", "/email/v1/List/345/Contact", [], "application/json", None),
        ("POST", "/email/v1/List/345/Contact", [], "application/json", {**CONTACT, "emailKey": "1"}),
        ("POST", "/email/v1/List/345/Contact", [], "application/json", {**CONTACT, "email": "a@example.com"}),
        ("POST", "/email/v1/List/345/Contact", [], "application/json", {"emailAddress": "a@example.com"}),
        ("POST", "/email/v1/List/345/Contact", [], "application/json", {**CONTACT, "externalContactID": None}),
        ("POST", "/email/v1/List/345/ListImport", [], "application/json", {**IMPORT, "importType": "Add"}),
        ("POST", "/email/v1/List/345/ListImport", [], "application/json", {**IMPORT, "fileStream": "?"}),
        ("POST", "/email/v1/List/345/ListImport", [], "application/json", {**IMPORT, "hasColumnNames": "true"}),
        ("POST", "/email/v1/List/345/ListImport", [], "application/json", {**IMPORT, "fileMappings": [{}]}),
        ("DELETE", "/email/v1/List/345", [], "application/json", {}),
    ],
)
def test_the_checker_finds_each_kind_of_violation(
    email_api: PublishedApi,
    method: str,
    path: str,
    query: list[tuple[str, str]],
    content_type: str | None,
    body: object,
) -> None:
    assert email_api.check_request(method, path, query, content_type, body)


def test_the_checker_lets_sound_requests_pass(email_api: PublishedApi) -> None:
    body = {**IMPORT, "fileStream": base64.b64encode(b"a@example.com").decode()}

    assert email_api.check_request("POST", "/email/v1/List/345/ListImport", [], "application/json", body) == []
    assert email_api.check_request("GET", "/email/v1/List/345/Contact", [("count", "5000")], None, None) == []


def test_the_checker_finds_a_wrong_answer(email_api: PublishedApi) -> None:
    path = "/email/v1/List/345/ListImport/1/Summary"

    assert email_api.check_answer("GET", path, 418, {"status": 418})
    assert email_api.check_answer("GET", path, 200, {"status": 200, "data": {}})
    assert email_api.check_answer("GET", path, 400, {"status": 400, "error": "ERROR_OF_OUR_OWN", "message": "no"})
