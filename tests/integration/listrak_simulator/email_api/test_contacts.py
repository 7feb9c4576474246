"""The simulator's rules for single contacts, profile fields, lists and paging."""

from typing import Any

import pytest

from tests.support.listrak.simulator import MASTER_LIST, RunningSimulator, addresses_of

CONTACTS = f"/List/{MASTER_LIST}/Contact"
_BODY_NAMES = ("subscriptionState", "externalContactID")
GROUPS = f"/List/{MASTER_LIST}/SegmentationFieldGroup"


def post(
    simulator: RunningSimulator, address: str, values: dict[int, str] | None = None, **extra: Any
) -> tuple[int, str]:
    """Status and error code. Names that the body has go there, the others into the query."""
    in_body: dict[str, Any] = {name: extra.pop(name) for name in _BODY_NAMES if name in extra}
    fields = [{"segmentationFieldId": field_id, "value": value} for field_id, value in (values or {}).items()]
    body = {"emailAddress": address, "segmentationFieldValues": fields, **in_body}
    answer = simulator.call("POST", CONTACTS, body, **extra)
    return answer.status_code, answer.json().get("error", "")


def test_a_new_contact_is_subscribed_and_found_by_address_and_key(simulator: RunningSimulator) -> None:
    body = {
        "emailAddress": "New@Example.com",
        "segmentationFieldValues": [{"segmentationFieldId": 12001, "value": "Nia"}],
    }
    key = simulator.call("POST", CONTACTS, body).json()["resourceId"]

    by_address = simulator.call("GET", f"{CONTACTS}/new@example.com", segmentationFieldIds="12001,12002").json()
    by_key = simulator.call("GET", f"{CONTACTS}/{key}", segmentationFieldIds="12001,12002").json()

    assert by_address == by_key
    assert by_address["data"]["subscriptionState"] == "Subscribed"
    assert by_address["data"]["segmentationFieldValues"] == [
        {"segmentationFieldGroupId": 1201, "segmentationFieldId": 12001, "value": "Nia"}
    ]


def test_an_unsubscribed_contact_stays_so_but_the_call_succeeds(simulator: RunningSimulator) -> None:
    assert post(simulator, "opted.out@example.com", {12001: "Olga"}) == (201, "")

    contact = simulator.contacts()["opted.out@example.com"]
    assert (contact["state"], contact["values"]) == ("Unsubscribed", {"First Name": "Olga"})


def test_an_unsubscribed_contact_comes_back_when_the_call_says_so(simulator: RunningSimulator) -> None:
    assert post(simulator, "opted.out@example.com", overrideUnsubscribe="true") == (201, "")

    contact = simulator.contacts()["opted.out@example.com"]
    assert contact["state"] == "Subscribed"
    assert contact["resubscribed_at"] is not None


@pytest.mark.parametrize(
    ("address", "values", "extra", "code"),
    [
        ("banned@example.com", {}, {}, "ERROR_BANNED_EMAIL_ADDRESS"),
        ("BANNED@example.com", {}, {"overrideUnsubscribe": "true"}, "ERROR_BANNED_EMAIL_ADDRESS"),
        ("suppressed@example.com", {}, {}, "ERROR_SUPPRESSED_EMAIL"),
        ("no address", {}, {}, "ERROR_INVALID_PARAMETER"),
        ("a..b@example.com", {}, {}, "ERROR_INVALID_PARAMETER"),
        ("new@example.com", {12001: "x" * 51}, {}, "ERROR_INVALID_PARAMETER"),
        ("new@example.com", {99: "x"}, {}, "ERROR_INVALID_PARAMETER"),
        ("new@example.com", {}, {"updateType": "Replace"}, "ERROR_INVALID_PARAMETER"),
        ("new@example.com", {}, {"overrideUnsubscribe": "perhaps"}, "ERROR_INVALID_PARAMETER"),
        ("new@example.com", {}, {"eventIds": "72"}, "ERROR_INVALID_PARAMETER"),
        ("new@example.com", {}, {"subscriptionState": "Gone"}, "ERROR_INVALID_PARAMETER"),
        ("ada@example.com", {}, {"newEmailAddress": "ada2@example.com"}, "ERROR_INVALID_PARAMETER"),
        ("opted.out@example.com", {}, {"eventIds": "71"}, "ERROR_UPDATE_UNSUBSCRIBE_WITH_EVENTS"),
        ("new@example.com", {}, {"subscriptionState": "Unsubscribed"}, "ERROR_NOT_SUBSCRIBED_EMAIL_ADDRESS"),
        ("opted.out@example.com", {}, {"subscriptionState": "Unsubscribed"}, "ERROR_UNSUBSCRIBED_EMAIL_ADDRESS"),
        (
            "ada@example.com",
            {12001: "Ada"},
            {"subscriptionState": "Unsubscribed"},
            "ERROR_UNSUBSCRIBE_WITH_SEGMENTATION_DATA",
        ),
        (
            "ada@example.com",
            {},
            {"subscriptionState": "Unsubscribed", "eventIds": "71"},
            "ERROR_UNSUBSCRIBE_WITH_EVENTS",
        ),
    ],
)
def test_a_refused_contact_gets_its_code_and_changes_nothing(
    simulator: RunningSimulator, address: str, values: dict[int, str], extra: dict[str, str], code: str
) -> None:
    before = simulator.contacts()

    assert post(simulator, address, values, **extra) == (400, code)
    assert simulator.contacts() == before


def test_a_contact_unsubscribes(simulator: RunningSimulator) -> None:
    assert post(simulator, "ada@example.com", subscriptionState="Unsubscribed") == (201, "")

    assert simulator.contacts()["ada@example.com"]["state"] == "Unsubscribed"


def test_an_update_keeps_or_clears_values_by_its_type(simulator: RunningSimulator) -> None:
    post(simulator, "ada@example.com", {12001: ""})
    assert simulator.contacts()["ada@example.com"]["values"]["First Name"] == "Ada"

    post(simulator, "ada@example.com", {12001: ""}, updateType="Overwrite")
    assert "First Name" not in simulator.contacts()["ada@example.com"]["values"]


def test_a_double_opt_in_contact_is_pending_until_it_answers(simulator: RunningSimulator) -> None:
    assert post(simulator, "new@example.com", sendDoubleOptIn="true") == (201, "")

    assert post(simulator, "new@example.com") == (400, "ERROR_PENDING_EMAIL_ADDRESS")
    assert simulator.call("GET", f"{CONTACTS}/new@example.com").status_code == 404
    assert simulator.import_file("new@example.com\n") == {"skippedCount": 1, "processedCount": 1}


def test_raised_events_are_counted(simulator: RunningSimulator) -> None:
    post(simulator, "new@example.com", eventIds="71")

    assert simulator.control("GET", "/state")["lists"][0]["raised_events"] == 1


@pytest.mark.parametrize("form", ["value", "uri"])
def test_pages_of_contacts_join_to_the_whole(simulator: RunningSimulator, form: str) -> None:
    simulator.control("POST", "/seed", {"lists": [{"list_name": "Big", "generated_contacts": {"count": 250}}]})
    simulator.control("PUT", "/settings", {"next_page_cursor": form})
    seen: list[str] = []
    answer = simulator.call("GET", "/List/347/Contact", count="100").json()
    while True:
        seen += addresses_of(answer["data"])
        cursor = answer["nextPageCursor"]
        if cursor is None:
            break
        following = simulator.call("GET", "/List/347/Contact", count="100", cursor=cursor)
        answer = (following if form == "value" else simulator.http.get(cursor)).json()

    assert seen == [f"person-{number:07}@example.com" for number in range(1, 251)]


def test_contacts_are_read_by_state_and_date(simulator: RunningSimulator) -> None:
    unsubscribed = simulator.call("GET", CONTACTS, subscriptionState="Unsubscribed").json()["data"]
    early = simulator.call("GET", CONTACTS, endDate="2020-01-01").json()["data"]
    late = simulator.call("GET", CONTACTS, startDate="2020-01-01").json()["data"]

    assert addresses_of(unsubscribed) == ["left.last.year@example.com", "opted.out@example.com"]
    assert early == []
    assert addresses_of(late) == ["ada@example.com", "ben@example.com", "cleo@example.com"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/List", {"listName": "master list", "bounceHandling": "None", "bounceUnsubscribeCount": 1}),
        ("/List", {"listName": "Other", "bounceHandling": "Some", "bounceUnsubscribeCount": 1}),
        ("/List", {"listName": "Other", "bounceHandling": "None", "bounceUnsubscribeCount": "1"}),
        ("/List", {"listName": "Other", "bounceHandling": "None", "bounceUnsubscribeCount": 1, "fromName": 5}),
        (GROUPS, {"segmentationFieldGroupName": "contact information", "position": 1}),
        (
            f"{GROUPS}/1201/SegmentationField",
            {"segmentationFieldName": "FIRST NAME", "dataType": "Text", "maxLength": 9, "position": 1},
        ),
        (
            f"{GROUPS}/1201/SegmentationField",
            {"segmentationFieldName": "Size", "dataType": "Number", "maxLength": 9, "position": 1},
        ),
        (
            f"{GROUPS}/1201/SegmentationField",
            {"segmentationFieldName": "Size", "dataType": "Text", "maxLength": 0, "position": 1},
        ),
    ],
)
def test_a_wrong_or_repeated_value_is_refused(simulator: RunningSimulator, path: str, body: dict[str, Any]) -> None:
    answer = simulator.call("POST", path, body)

    assert (answer.status_code, answer.json()["error"]) == (400, "ERROR_INVALID_PARAMETER")


def test_the_number_of_groups_is_limited(simulator: RunningSimulator) -> None:
    simulator.control("PUT", "/settings", {"profile_field_group_limit": 1})

    answer = simulator.call("POST", GROUPS, {"segmentationFieldGroupName": "More", "position": 1})

    assert (answer.status_code, answer.json()["error"]) == (400, "ERROR_SEGMENTATION_FIELD_GROUP_LIMIT_MET")


def test_a_created_list_can_be_used(simulator: RunningSimulator) -> None:
    body = {"listName": "Autumn", "bounceHandling": "None", "bounceUnsubscribeCount": 1, "fromName": "Shop"}
    list_id = int(simulator.call("POST", "/List", body).json()["resourceId"])

    found = simulator.call("GET", f"/List/{list_id}").json()["data"]

    assert (found["listName"], found["fromName"], found["listId"]) == ("Autumn", "Shop", list_id)
    assert simulator.import_file("a@example.com\n", list_id=list_id) == {"subscribedCount": 1, "processedCount": 1}
