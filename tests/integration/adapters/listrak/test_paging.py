"""Reading Listrak's collections page by page, whatever a cursor looks like and however it goes on."""

from collections.abc import Callable
from itertools import count
from urllib.parse import quote

import pytest

from listrak_relay.adapters.listrak.calls import PAGE_SIZE, ListrakCalls
from listrak_relay.errors import RetryableError
from listrak_relay.ports.listrak_email import ResultPage
from tests.support.listrak.client import LIST_ID, ScriptedListrak, data
from tests.support.listrak.scripted_server import Reply

SINCE = 1_800_000_000.0
PLAIN = ["next", "from:5000", "a+b/c==", "a b", "100%", "?", "é"]


def imports(*names: object, first_id: int = 500) -> list[dict[str, object]]:
    return [
        {"importFileId": import_id, "importFileName": name, "importDate": "2027-01-15T08:00:00"}
        for import_id, name in enumerate(names, first_id)
    ]


def cursors_sent(listrak: ScriptedListrak, path: str) -> list[str]:
    return [request.query["cursor"] for request in listrak.asked("GET", path)]


@pytest.mark.parametrize("cursor", PLAIN)
@pytest.mark.parametrize(
    "written",
    [
        lambda cursor: cursor,
        lambda cursor: f"https://api.example.com/email/v1/List/345/ListImport?count=5000&cursor={quote(cursor)}",
        lambda cursor: f"https://api.example.com/email/v1/List/345/ListImport?Cursor={quote(cursor, safe='')}&x=1",
        lambda cursor: f"?cursor={quote(cursor, safe='+/=')}",
    ],
    ids=["the cursor itself", "an address", "an address in other words", "a query"],
)
def test_an_import_is_found_on_a_later_page(
    listrak: ScriptedListrak, cursor: str, written: Callable[[str], str]
) -> None:
    listrak.on(
        "GET",
        "/ListImport",
        data(imports("other.csv", None), nextPageCursor=written(cursor)),
        data(imports("ours.csv", first_id=600), nextPageCursor="never used"),
    )

    found = listrak.client().email.find_import(LIST_ID, "ours.csv", SINCE)

    assert found == 600
    assert cursors_sent(listrak, "/ListImport") == ["Start", cursor]


def test_imports_are_asked_for_from_the_moment_on(listrak: ScriptedListrak) -> None:
    listrak.on("GET", "/ListImport", data([]))

    listrak.client().email.find_import(LIST_ID, "ours.csv", SINCE)

    (request,) = listrak.asked("GET", "/ListImport")
    assert request.query == {"startDate": "2027-01-15T08:00:00", "cursor": "Start", "count": "5000"}


@pytest.mark.parametrize("name", ["ours.csv", "OURS.CSV", " ours.csv ", "345/ours.csv", "ours.csv (2)"])
def test_an_import_is_known_by_its_name_though_listrak_may_dress_it(listrak: ScriptedListrak, name: str) -> None:
    listrak.on("GET", "/ListImport", data(imports(name)))

    assert listrak.client().email.find_import(LIST_ID, "ours.csv", SINCE) == 500


@pytest.mark.parametrize("name", [None, "", "our.csv", "ours.txt", 12, ["ours"]])
def test_an_import_of_another_name_is_not_ours(listrak: ScriptedListrak, name: object) -> None:
    listrak.on("GET", "/ListImport", data(imports(name)))

    assert listrak.client().email.find_import(LIST_ID, "ours.csv", SINCE) is None


def test_a_full_page_without_a_next_one_does_not_prove_that_an_import_is_not_there(listrak: ScriptedListrak) -> None:
    listrak.on("GET", "/ListImport", data(imports(*["other.csv"] * PAGE_SIZE)))

    with pytest.raises(RetryableError, match="5000"):
        listrak.client().email.find_import(LIST_ID, "ours.csv", SINCE)


def test_a_cursor_that_comes_again_ends_the_reading(listrak: ScriptedListrak) -> None:
    pages = [data(imports("other.csv"), nextPageCursor=cursor) for cursor in ("a", "b", "a", "b")]
    listrak.on("GET", "/ListImport", *pages)

    assert listrak.client().email.find_import(LIST_ID, "ours.csv", SINCE) is None
    assert cursors_sent(listrak, "/ListImport") == ["Start", "a", "b"]


def test_a_last_page_that_names_itself_ends_the_reading(listrak: ScriptedListrak) -> None:
    listrak.on("GET", "/Contact", data([{"emailAddress": "a@example.com"}], nextPageCursor="Start"))

    assert len(list(listrak.client().email.import_results(LIST_ID, 9))) == 1


def test_cursors_that_never_end_are_given_up(listrak: ScriptedListrak) -> None:
    numbers = count()
    listrak.server.handler = lambda request: (
        data([], nextPageCursor=f"page {next(numbers)}") if request.method == "GET" else listrak(request)
    )

    calls = ListrakCalls(listrak.client().http, most_pages=20)

    with pytest.raises(RetryableError, match="no end after 20 pages"):
        list(calls.pages("/List/345/ListImport", "GET ListImport page", {}, lambda item: item))


@pytest.mark.parametrize("last", [None, "", " ", 0, False, []])
def test_whatever_is_no_cursor_ends_the_reading(listrak: ScriptedListrak, last: object) -> None:
    listrak.on("GET", "/ListImport", data(imports("other.csv"), nextPageCursor=last))

    assert listrak.client().email.find_import(LIST_ID, "ours.csv", SINCE) is None


def test_a_cursor_is_a_number_or_a_text_and_nothing_else_is_taken_for_the_end(listrak: ScriptedListrak) -> None:
    listrak.on("GET", "/ListImport", data(imports("other.csv"), nextPageCursor=12), data(imports("ours.csv")))

    assert listrak.client().email.find_import(LIST_ID, "ours.csv", SINCE) is not None
    assert cursors_sent(listrak, "/ListImport") == ["Start", "12"]

    listrak.on("GET", "/Contact", data([], nextPageCursor={"cursor": "x"}))
    with pytest.raises(RetryableError, match="nextPageCursor"):
        list(listrak.client().email.import_results(LIST_ID, 9))


def test_a_member_without_an_address_is_no_answer(listrak: ScriptedListrak) -> None:
    listrak.on("GET", "/Contact", data([{"subscriptionState": "Subscribed", "emailAddress": None}]))

    with pytest.raises(RetryableError, match="emailAddress"):
        listrak.client().email.contacts(LIST_ID, 7, None)


def test_the_results_of_an_import_are_read_as_they_are_used(listrak: ScriptedListrak) -> None:
    page = [{"emailAddress": "a@example.com", "importResult": "Subscribed"}, {"emailAddress": None}]
    listrak.on("GET", "/Contact", data(page, nextPageCursor="b"), data([]))

    results = listrak.client().email.import_results(LIST_ID, 9)

    assert next(results) == ResultPage((("a@example.com", "Subscribed"), ("", "")), "b")
    assert cursors_sent(listrak, "/Contact") == ["Start"]
    assert list(results) == [ResultPage((), None)]
    assert cursors_sent(listrak, "/Contact") == ["Start", "b"]


def test_the_results_of_an_import_are_read_on_from_a_cursor(listrak: ScriptedListrak) -> None:
    listrak.on("GET", "/Contact", data([], nextPageCursor="c"), data([]))

    assert [page.next_cursor for page in listrak.client().email.import_results(LIST_ID, 9, "b")] == ["c", None]
    assert cursors_sent(listrak, "/Contact") == ["b", "c"]


def test_a_page_of_contacts_has_the_cursor_for_the_next(listrak: ScriptedListrak) -> None:
    contact = {
        "emailAddress": "a@example.com",
        "subscriptionState": "Subscribed",
        "segmentationFieldValues": [
            {"segmentationFieldId": "12", "value": "on"},
            {"segmentationFieldId": 13, "value": None},
            {"segmentationFieldId": None, "value": "lost"},
        ],
    }
    listrak.on("GET", "/Contact", data([contact], nextPageCursor="b"), data([]))
    client = listrak.client()

    first = client.email.contacts(LIST_ID, 12, None)
    second = client.email.contacts(LIST_ID, 12, first.next_cursor)

    assert first.contacts[0].values == {12: "on", 13: ""}
    assert first.contacts[0].subscribed
    assert (second.contacts, second.next_cursor) == ((), None)
    assert cursors_sent(listrak, "/Contact") == ["Start", "b"]


@pytest.mark.parametrize(
    ("status", "finished", "failed"),
    [
        ({"startDate": None, "endDate": None, "status": None}, False, False),
        ({}, False, False),
        ({"status": "ProcessingData"}, False, False),
        ({"status": "Completing"}, False, False),
        ({"status": "Incomplete"}, False, False),
        ({"status": "Not Completed"}, False, False),
        ({"status": "DataUploaded", "endDate": "0001-01-01T00:00:00"}, False, False),
        ({"status": "ProcessingCompleted"}, True, False),
        ({"status": "complete", "endDate": None}, True, False),
        ({"status": "word never seen", "endDate": "2027-01-15T08:00:00"}, True, False),
        ({"status": "ProcessingFailed"}, True, True),
        ({"status": "Error", "endDate": "2027-01-15T08:00:00"}, True, True),
        ({"status": 3, "endDate": "2027-01-15T08:00:00"}, True, False),
    ],
)
def test_the_state_of_an_import_is_read_from_its_end_date_and_loosely_from_its_word(
    listrak: ScriptedListrak, status: dict[str, object], finished: bool, failed: bool
) -> None:
    listrak.on("GET", "/Status", data(status))

    found = listrak.client().email.import_status(LIST_ID, 9)

    assert (found.finished, found.failed) == (finished, failed)


@pytest.mark.parametrize(
    "reply",
    [data(None), data([]), data("text"), Reply(200, {"status": 200}), Reply(200, {})],
    ids=["null", "array", "text", "missing", "empty"],
)
def test_a_summary_that_is_not_there_is_never_taken_for_zeros(listrak: ScriptedListrak, reply: Reply) -> None:
    listrak.on("GET", "/Summary", reply)

    with pytest.raises(RetryableError, match="GET ListImport Summary"):
        listrak.client().email.import_summary(LIST_ID, 9)


def test_counts_may_be_text_or_missing(listrak: ScriptedListrak) -> None:
    listrak.on("GET", "/Summary", data({"processedCount": "12", "subscribedCount": 11, "bannedCount": None}))

    found = listrak.client().email.import_summary(LIST_ID, 9)

    assert (found.processed, found.subscribed, found.banned, found.invalid) == (12, 11, 0, 0)


@pytest.mark.parametrize(
    "first",
    [Reply(200, {}), data(None), data([{"listId": "x", "listName": "Master List"}])],
    ids=["{}", "null", "no id"],
)
def test_a_collection_that_cannot_be_read_is_asked_for_again(listrak: ScriptedListrak, first: Reply) -> None:
    listrak.on("GET", "/List", first, data([{"listId": 345, "listName": "Master List"}]))

    assert [each.list_id for each in listrak.client().email.lists()] == [345]
    assert len(listrak.asked("GET", "/List")) == 2
