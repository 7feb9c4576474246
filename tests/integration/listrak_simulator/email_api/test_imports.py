"""The simulator's rules for list imports."""

import base64
import json
from typing import Any

import pytest

from tests.support.listrak.simulator import MASTER_LIST, RunningSimulator, addresses_of, import_body

IMPORTS = f"/List/{MASTER_LIST}/ListImport"


def refusal(simulator: RunningSimulator, body: object) -> tuple[int, str]:
    answer = simulator.call("POST", IMPORTS, body)
    return answer.status_code, answer.json().get("error", "")


def results(simulator: RunningSimulator, import_id: str) -> list[tuple[str, str]]:
    page = simulator.call("GET", f"{IMPORTS}/{import_id}/Contact").json()["data"]
    return [(row["emailAddress"], row["importResult"]) for row in page]


def test_an_import_counts_each_row_once_and_names_its_result(simulator: RunningSimulator) -> None:
    check_box = simulator.add_field("vip", "CheckBox")
    content = (
        "new@example.com,on\nADA@example.com,on\nopted.out@example.com,on\nbanned@example.com,on\n"
        "Suppressed@example.com,on\nno address,on\nbad.value@example.com,maybe\nnew@example.com,on\n"
    )

    import_id = simulator.call("POST", IMPORTS, import_body(content, {1: check_box})).json()["resourceId"]
    simulator.wait_for_import(import_id)

    assert simulator.call("GET", f"{IMPORTS}/{import_id}/Summary").json()["data"] == {
        "alreadySubscribedCount": 2,
        "alreadyUnsubscribedCount": 0,
        "bannedCount": 1,
        "invalidEmailCount": 1,
        "previouslyUnsubscribedCount": 1,
        "processedCount": 8,
        "skippedCount": 1,
        "subscribedCount": 1,
        "suppressedCount": 1,
        "unsubscribedCount": 0,
    }
    assert results(simulator, import_id) == [
        ("new@example.com", "Subscribed"),
        ("ADA@example.com", "AlreadySubscribed"),
        ("opted.out@example.com", "PreviouslyUnsubscribed"),
        ("banned@example.com", "Banned"),
        ("Suppressed@example.com", "Suppressed"),
        ("no address", "Invalid"),
        ("bad.value@example.com", "Skipped"),
        ("new@example.com", "AlreadySubscribed"),
    ]


@pytest.mark.parametrize("import_type", ["AddSubscribers", "AddSubscribersAndSegmentationData", "UpdateSubscribers"])
def test_no_import_resubscribes_an_unsubscribed_contact(simulator: RunningSimulator, import_type: str) -> None:
    summary = simulator.import_file("opted.out@example.com\n", importType=import_type, includeUnsubscribed=True)

    assert summary == {"previouslyUnsubscribedCount": 1, "processedCount": 1}
    assert simulator.contacts()["opted.out@example.com"]["state"] == "Unsubscribed"


def test_an_update_leaves_unknown_addresses_out(simulator: RunningSimulator) -> None:
    summary = simulator.import_file(
        "ada@example.com,Adele\nstranger@example.com,Sam\n", {1: 12001}, importType="UpdateSubscribers"
    )

    assert summary == {"alreadySubscribedCount": 1, "skippedCount": 1, "processedCount": 2}
    assert simulator.contacts()["ada@example.com"]["values"]["First Name"] == "Adele"
    assert "stranger@example.com" not in simulator.contacts()


@pytest.mark.parametrize(("include", "name"), [(True, "Dora"), (False, "Dana")])
def test_an_update_reaches_unsubscribed_contacts_only_when_told(
    simulator: RunningSimulator, include: bool, name: str
) -> None:
    simulator.import_file(
        "left.last.year@example.com,Dora\n", {1: 12001}, importType="UpdateSubscribers", includeUnsubscribed=include
    )

    contact = simulator.contacts()["left.last.year@example.com"]
    assert (contact["values"]["First Name"], contact["state"]) == (name, "Unsubscribed")


def test_a_removal_unsubscribes_whoever_is_subscribed(simulator: RunningSimulator) -> None:
    summary = simulator.import_file(
        "ada@example.com\nopted.out@example.com\nstranger@example.com\nno address\n", importType="RemoveSubscribers"
    )

    assert summary == {
        "unsubscribedCount": 1,
        "alreadyUnsubscribedCount": 1,
        "skippedCount": 1,
        "invalidEmailCount": 1,
        "processedCount": 4,
    }
    assert simulator.contacts()["ada@example.com"]["state"] == "Unsubscribed"


def test_an_import_of_subscribers_alone_leaves_profiles_alone(simulator: RunningSimulator) -> None:
    simulator.import_file("ada@example.com,Adele\nnew@example.com,Nia\n", {1: 12001}, importType="AddSubscribers")

    contacts = simulator.contacts()
    assert contacts["ada@example.com"]["values"]["First Name"] == "Ada"
    assert contacts["new@example.com"]["values"] == {}


@pytest.mark.parametrize(
    ("update_type", "expected"),
    [
        ("Update", {"First Name": "Adele", "Last Name": "Moss"}),
        ("Append", {"First Name": "Ada", "Last Name": "Moss"}),
        ("Overwrite", {"First Name": "Adele"}),
    ],
)
def test_the_update_type_decides_what_becomes_of_earlier_values(
    simulator: RunningSimulator, update_type: str, expected: dict[str, str]
) -> None:
    simulator.import_file("ada@example.com,Adele,\n", {1: 12001, 2: 12002}, segmentationImportType=update_type)

    assert simulator.contacts()["ada@example.com"]["values"] == expected


@pytest.mark.parametrize(
    ("data_type", "value", "stored"),
    [
        ("Text", "Zoë, “quoted”", "Zoë, “quoted”"),
        ("Text", "x" * 40, "x" * 40),
        ("Text", "x" * 41, None),
        ("Numeric", "-12.50", "-12.50"),
        ("Numeric", "12.505", None),
        ("Numeric", "1,000", None),
        ("Numeric", "twelve", None),
        ("Date", "02/29/2024", "02/29/2024"),
        ("Date", "02/29/2023", None),
        ("Date", "2024-02-29", None),
        ("Date", "2/9/2024", None),
        ("CheckBox", "on", "on"),
        ("CheckBox", "Off", "off"),
        ("CheckBox", "true", None),
        ("RadioButton", "true", "on"),
        ("RadioButton", "0", "off"),
        ("RadioButton", "perhaps", None),
        ("CommentArea", "as it comes", "as it comes"),
    ],
)
def test_a_value_is_stored_or_its_row_skipped_by_the_fields_type(
    simulator: RunningSimulator, data_type: str, value: str, stored: str | None
) -> None:
    field = simulator.add_field("probe", data_type)

    summary = simulator.import_file(f'new@example.com,"{value}"\n', {1: field})

    if stored is None:
        assert summary == {"skippedCount": 1, "processedCount": 1}
        assert "new@example.com" not in simulator.contacts()
    else:
        assert summary == {"subscribedCount": 1, "processedCount": 1}
        assert simulator.contacts()["new@example.com"]["values"] == {"probe": stored}


@pytest.mark.parametrize(
    ("content", "changes"),
    [
        ("email;name\nnew@example.com;'O''Hara; Sue'\n", {"fileDelimiter": ";", "textQualifier": "'"}),
        ('email|name\r\nnew@example.com|"O\'Hara; Sue"\r\n', {"fileDelimiter": "|"}),
        ("email\tname\nnew@example.com\tO'Hara; Sue", {"fileDelimiter": "\t", "textQualifier": None}),
        ("email,name\n\nnew@example.com,O'Hara; Sue\n\n", {}),
    ],
)
def test_the_file_is_read_as_the_request_describes_it(
    simulator: RunningSimulator, content: str, changes: dict[str, Any]
) -> None:
    summary = simulator.import_file(content, {1: 12001}, hasColumnNames=True, **changes)

    assert summary == {"subscribedCount": 1, "processedCount": 1}
    assert simulator.contacts()["new@example.com"]["values"] == {"First Name": "O'Hara; Sue"}


def test_a_quoted_value_may_span_lines_and_hold_its_qualifier(simulator: RunningSimulator) -> None:
    field = simulator.add_field("note", "CommentArea")

    simulator.import_file('new@example.com,"two ""quoted""\nlines"\n', {1: field})

    assert simulator.contacts()["new@example.com"]["values"] == {"note": 'two "quoted"\nlines'}


def test_columns_are_found_by_number_and_blanks_take_the_default(simulator: RunningSimulator) -> None:
    mappings = [
        {"fileColumn": 2, "fileColumnType": "Email"},
        {"fileColumn": 0, "fileColumnType": "SegmentationField", "segmentationFieldId": 12002, "defaultValue": "None"},
        {"fileColumn": 3, "fileColumnType": "ExternalContactID"},
    ]

    simulator.import_file("Moss,unused,a@example.com,77\n,unused,b@example.com\n", fileMappings=mappings)

    contacts = simulator.contacts()
    assert contacts["a@example.com"]["values"] == {"Last Name": "Moss"}
    assert contacts["b@example.com"]["values"] == {"Last Name": "None"}
    assert contacts["a@example.com"]["external_id"] == "77"
    found = simulator.call("GET", f"/List/{MASTER_LIST}/Contact", externalContactId="77").json()["data"]
    assert addresses_of(found) == ["a@example.com"]


def test_a_byte_order_mark_is_taken_for_text(simulator: RunningSimulator) -> None:
    assert simulator.import_file("\ufeffnew@example.com\n") == {"invalidEmailCount": 1, "processedCount": 1}


def test_an_empty_file_ends_with_no_rows(simulator: RunningSimulator) -> None:
    assert simulator.import_file("email\n", hasColumnNames=True) == {}


def test_many_rows_are_counted_exactly_and_paged_in_file_order(simulator: RunningSimulator) -> None:
    rows = [f"person-{number}@example.com" for number in range(20_000)]
    content = "".join(f"{address},Name {number % 7}\n" for number, address in enumerate(rows))

    summary = simulator.import_file(content, {1: 12001})

    assert summary == {"subscribedCount": 20_000, "processedCount": 20_000}
    seen, cursor = [], "Start"
    while cursor:
        page = simulator.call("GET", f"{IMPORTS}/500001/Contact", cursor=cursor, count="5000").json()
        assert len(page["data"]) == 5000
        seen += addresses_of(page["data"])
        cursor = page["nextPageCursor"]
    assert seen == rows
    assert simulator.contacts()["person-19999@example.com"]["values"] == {"First Name": "Name 0"}
    again = simulator.import_file(content.replace("Name", "Other"), {1: 12001})
    assert again == {"alreadySubscribedCount": 20_000, "processedCount": 20_000}
    assert simulator.contacts()["person-19999@example.com"]["values"] == {"First Name": "Other 0"}


def test_an_import_goes_through_its_states(simulator: RunningSimulator) -> None:
    simulator.control("PUT", "/settings", {"import_processing_seconds": 1})
    import_id = simulator.call("POST", IMPORTS, import_body("new@example.com\n")).json()["resourceId"]
    path = f"{IMPORTS}/{import_id}/Status"

    first = simulator.call("GET", path).json()["data"]
    seen = [first["status"]]
    while seen[-1] != "ProcessingCompleted":
        status = simulator.call("GET", path).json()["data"]
        seen += [status["status"]] if status["status"] != seen[-1] else []
        assert (status["endDate"] is None) == (status["status"] != "ProcessingCompleted")

    assert first == {"startDate": None, "endDate": None, "status": "DataUploaded"}
    assert seen == ["DataUploaded", "ProcessingData", "ProcessingCompleted"]


def test_a_failing_import_changes_nothing_and_says_so(simulator: RunningSimulator) -> None:
    simulator.control("PUT", "/settings", {"failing_imports": True})
    import_id = simulator.call("POST", IMPORTS, import_body("new@example.com\n")).json()["resourceId"]

    assert simulator.wait_for_import(import_id)["status"] == "ProcessingFailed"
    assert "new@example.com" not in simulator.contacts()


def test_the_same_request_twice_is_two_imports(simulator: RunningSimulator) -> None:
    body = import_body("new@example.com\n", fileName="run-1-chunk-1.csv")
    ids = [simulator.call("POST", IMPORTS, body).json()["resourceId"] for _ in range(2)]

    found = simulator.call("GET", IMPORTS).json()["data"]

    assert [(str(each["importFileId"]), each["importFileName"]) for each in found] == [
        (ids[1], "run-1-chunk-1.csv"),
        (ids[0], "run-1-chunk-1.csv"),
    ]
    assert len(simulator.call("GET", IMPORTS, count="1").json()["data"]) == 1
    assert simulator.call("GET", IMPORTS, endDate="2020-01-01").json()["data"] == []
    assert len(simulator.call("GET", IMPORTS, startDate="2020-01-01").json()["data"]) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"importType": "DeleteSubscribers"},
        {"segmentationImportType": "Replace"},
        {"fileDelimiter": "||"},
        {"textQualifier": ","},
        {"fileName": 7},
        {"hasColumnNames": "yes"},
        {"fileStream": 12},
        {"fileStream": "no base64!"},
        {"fileStream": "YWJj="},
        {"fileStream": "YQ==YQ=="},
        {"fileMappings": []},
        {"fileMappings": [{"fileColumn": 0, "fileColumnType": "Phone"}]},
        {"fileMappings": [{"fileColumn": "0", "fileColumnType": "Email"}]},
        {"fileMappings": [{"fileColumn": 0, "fileColumnType": "Email"}] * 2},
        {
            "fileMappings": [
                {"fileColumn": 0, "fileColumnType": "Email"},
                {"fileColumn": 1, "fileColumnType": "SegmentationField", "segmentationFieldId": 1},
            ]
        },
    ],
)
def test_an_unsound_import_is_refused(simulator: RunningSimulator, changes: dict[str, Any]) -> None:
    assert refusal(simulator, {**import_body("new@example.com\n"), **changes}) == (400, "ERROR_INVALID_PARAMETER")
    assert simulator.call("GET", IMPORTS).json()["data"] == []


@pytest.mark.parametrize(
    "write",
    [
        json.dumps,
        lambda body: json.dumps(body, indent=2).replace('"fileStream": ', '"fileStream"\n:\t'),
        lambda body: json.dumps(body).replace("/", "\\/"),
        lambda body: json.dumps(dict(sorted(body.items(), reverse=True))),
        lambda body: json.dumps({"fileStream": body["fileStream"], **body}),
        lambda body: json.dumps({**body, "fileName": 'a "fileStream": "x".csv'}),
    ],
    ids=["plain", "indented", "escaped slashes", "file last", "file first", "key inside a value"],
)
@pytest.mark.parametrize("piece", [1, 3, 1000, 100_000])
def test_a_body_is_understood_however_it_is_written_and_cut(
    simulator: RunningSimulator, write: Any, piece: int
) -> None:
    body = import_body("".join(f"person-{number}@example.com,?>~\n" for number in range(60)))
    content = write(body).encode()
    pieces = [content[start : start + piece] for start in range(0, len(content), piece)]

    answer = simulator.http.post(
        f"/email/v1{IMPORTS}", content=iter(pieces), headers={"content-type": "application/json"}
    )

    assert answer.status_code == 201
    simulator.wait_for_import(answer.json()["resourceId"])
    summary = simulator.call("GET", f"{IMPORTS}/{answer.json()['resourceId']}/Summary").json()["data"]
    assert summary["subscribedCount"] == 60


@pytest.mark.parametrize("content", [b'{"fileStream": "YWJj', b'{"fileName": "x"', b'{"a": {"fileStream": "YWJj"}}'])
def test_a_broken_body_is_malformed(simulator: RunningSimulator, content: bytes) -> None:
    answer = simulator.http.post(f"/email/v1{IMPORTS}", content=content, headers={"content-type": "application/json"})

    assert (answer.status_code, answer.json()["error"]) == (400, "ERROR_MALFORMED_REQUEST_BODY")


def test_a_body_over_the_limit_gets_404(simulator: RunningSimulator) -> None:
    simulator.control("PUT", "/settings", {"body_limit_bytes": 1000})
    large = import_body("new@example.com\n" * 100)

    assert refusal(simulator, large) == (404, "ERROR_UNKNOWN_ROUTE")
    answer = simulator.http.post(
        f"/email/v1{IMPORTS}",
        content=iter([json.dumps(large).encode()]),
        headers={"content-type": "application/json"},
    )
    assert answer.status_code == 404
    assert simulator.call("GET", IMPORTS).json()["data"] == []


def test_clearing_a_field_reaches_subscribed_contacts_only(simulator: RunningSimulator) -> None:
    path = f"/List/{MASTER_LIST}/SegmentationFieldGroup/1201/SegmentationField/12001/Values"

    import_id = simulator.call("DELETE", path).json()["resourceId"]
    simulator.wait_for_import(import_id)

    contacts = simulator.contacts()
    assert "First Name" not in contacts["ada@example.com"]["values"]
    assert contacts["left.last.year@example.com"]["values"] == {"First Name": "Dana"}
    assert simulator.call("GET", f"{IMPORTS}/{import_id}/Summary").json()["data"]["processedCount"] == 3


def test_the_journal_holds_the_length_of_a_file_instead_of_the_file(simulator: RunningSimulator) -> None:
    simulator.import_file("new@example.com\n")

    [entry] = [entry for entry in simulator.journal("ListImport$") if entry["method"] == "POST"]

    assert entry["body"]["fileStream"] == len(base64.b64encode(b"new@example.com\n"))
    assert entry["body"]["fileName"] == "people.csv"
