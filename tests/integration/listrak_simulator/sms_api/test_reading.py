"""The simulator's SMS lists, pages, imports, seeds and pages for people."""

import httpx
import pytest

from tests.support.listrak.sms_simulator import (
    DISABLED_FIELD,
    MASTER_LIST,
    OPTED_OUT,
    PENDING,
    POINTS,
    STRANGER,
    SUBSCRIBED,
    TIER,
    UNSUBSCRIBED,
    VIP,
    SmsSimulator,
    import_body,
)

SUBSCRIBERS = ["17175550101", "17175550102", "17175550103"]
OPT_OUTS = ["17175550106", "17175550107", "17175550111"]


def test_lists_are_shown_by_their_status(sms_simulator: SmsSimulator) -> None:
    def names(**query: str) -> list[str]:
        return [each["phoneListName"] for each in sms_simulator.call("GET", "/PhoneList", **query).json()["data"]]

    assert names() == names(status="active") == ["Master List"]
    assert names(status="inactive") == ["Holiday 2024"]


def test_lists_come_in_pages(sms_simulator: SmsSimulator) -> None:
    sms_simulator.seed(phone_lists=[{"name": "Second"}, {"name": "Third"}])

    first = sms_simulator.call("GET", "/PhoneList", count="2").json()
    second = sms_simulator.call("GET", "/PhoneList", count="2", cursor=first["nextPageCursor"]).json()

    assert [each["phoneListName"] for each in first["data"] + second["data"]] == ["Master List", "Second", "Third"]
    assert second["nextPageCursor"] is None


def test_one_list_comes_in_each_form_that_the_published_document_suggests(sms_simulator: SmsSimulator) -> None:
    forms = {}
    for form in ("sample", "schema", "resource"):
        sms_simulator.settings(sms_one_list_form=form)
        forms[form] = sms_simulator.call("GET", f"/PhoneList/{MASTER_LIST}").json()

    alone = forms["schema"]
    assert alone["phoneListName"] == "Master List"
    assert forms["sample"] == {"status": 200, "data": [alone]}
    assert forms["resource"] == {"status": 200, "data": alone}


def test_a_list_shows_its_subscribers_or_who_of_it_opted_out(sms_simulator: SmsSimulator) -> None:
    assert sms_simulator.listed() == SUBSCRIBERS
    assert sms_simulator.listed(optedOut="true") == OPT_OUTS[:2]


@pytest.mark.parametrize(
    ("states", "more"),
    [
        ("subscribed", []),
        ("subscribed_and_pending", [PENDING]),
        ("all", [UNSUBSCRIBED, PENDING, "17175550108", "17175550109"]),
    ],
)
def test_whom_a_list_shows_is_a_setting(sms_simulator: SmsSimulator, states: str, more: list[str]) -> None:
    sms_simulator.settings(sms_listed_states=states)

    assert sms_simulator.listed() == SUBSCRIBERS + more


@pytest.mark.parametrize("form", ["value", "uri"])
def test_pages_join_to_the_whole_while_contacts_change(sms_simulator: SmsSimulator, form: str) -> None:
    sms_simulator.seed(generated_contacts={"list": "Master List", "count": 250})
    sms_simulator.settings(next_page_cursor=form)
    path = f"/PhoneList/{MASTER_LIST}/Contact"
    answer = sms_simulator.call("GET", path, count="100").json()
    first = [each["phoneNumber"] for each in answer["data"]]

    sms_simulator.unsubscribe(first[0])
    rest = []
    while answer["nextPageCursor"] is not None:
        cursor = answer["nextPageCursor"]
        following = sms_simulator.call("GET", path, count="100", cursor=cursor)
        answer = (following if form == "value" else sms_simulator.http.get(cursor)).json()
        rest += [each["phoneNumber"] for each in answer["data"]]

    assert first + rest == SUBSCRIBERS + [f"1201555{number:04}" for number in range(250)]


def test_contacts_and_opt_outs_are_filtered_by_date(sms_simulator: SmsSimulator) -> None:
    sms_simulator.seed(opt_outs=[{"phone": STRANGER, "reason": "Admin", "date": "2020-05-01T10:00:00"}])

    assert sms_simulator.listed(endSubscribeDate="2020-01-01") == []
    assert sms_simulator.listed(startSubscribeDate="2020-01-01") == SUBSCRIBERS
    assert sms_simulator.listed_opt_outs(startDate="2020-05-01", endDate="2020-05-01") == [STRANGER]
    assert sms_simulator.listed_opt_outs(startDate="2020-05-02") == OPT_OUTS


def test_opt_outs_come_in_pages_with_their_reasons(sms_simulator: SmsSimulator) -> None:
    sms_simulator.settings(sms_opt_out_cursor=True)
    assert sms_simulator.listed_opt_outs(count="1") == OPT_OUTS

    told = sms_simulator.call("GET", "/OptOut").json()["data"]

    assert [each["optOutReason"] for each in told] == ["Campaign", "DeliveryFailure", "Import"]
    assert all(each["optOutDate"] for each in told)


def test_opt_outs_come_without_a_cursor_as_is_published(sms_simulator: SmsSimulator) -> None:
    assert "nextPageCursor" not in sms_simulator.call("GET", "/OptOut", count="1").json()


def test_profile_fields_show_type_length_and_status(sms_simulator: SmsSimulator) -> None:
    fields = sms_simulator.call("GET", "/SegmentationField").json()["data"]
    one = sms_simulator.call("GET", f"/SegmentationField/{TIER}").json()["data"]

    assert one in fields
    assert (one["dataType"], one["maxLength"], one["statusFlag"]) == ("Text", 20, "Enabled")
    assert [field["statusFlag"] for field in fields if field["segmentationFieldId"] == DISABLED_FIELD] == ["Disabled"]


def test_an_import_updates_known_contacts_and_drops_others_without_a_word(sms_simulator: SmsSimulator) -> None:
    rows = [
        f"{SUBSCRIBED},silver,10",
        f"+{OPTED_OUT},gold,",
        f"{PENDING[1:]},,7.5",
        f"{STRANGER},gold,1",
        "no number,gold,1",
        f"{UNSUBSCRIBED},gold,many",
    ]

    inside = sms_simulator.import_file("\n".join(rows), {1: TIER, 2: POINTS}, textQualifier="")

    assert (inside["rows"], inside["updated"], inside["unknown"], inside["refused"]) == (6, 3, 2, 1)
    contacts = sms_simulator.contacts()
    assert contacts[SUBSCRIBED]["values"] == {"Tier": "silver", "VIP": "on", "Points": "10"}
    assert contacts[OPTED_OUT]["values"] == {"Tier": "gold"}
    assert contacts[PENDING]["values"] == {"Points": "7.5"}
    assert contacts[UNSUBSCRIBED]["values"] == {}
    assert STRANGER not in contacts


def test_an_import_tells_its_progress_and_nothing_else(sms_simulator: SmsSimulator) -> None:
    body = import_body(f'"phone","tier"\n"{SUBSCRIBED}","a,b"\n', {1: TIER}, hasColumnNames=True)
    started = sms_simulator.call("POST", "/ContactImport", body).json()

    told = sms_simulator.wait_for_import(started["resourceId"])

    assert set(told) == {"importFileId", "smsSenderCodeId", "fileName", "startDate", "endDate", "status"}
    assert (told["fileName"], told["status"]) == ("people.csv", "ProcessingCompleted")
    assert sms_simulator.contacts()[SUBSCRIBED]["values"]["Tier"] == "a,b"


def test_an_import_takes_defaults_and_leaves_old_values_where_cells_are_blank(sms_simulator: SmsSimulator) -> None:
    mappings = [
        {"fileColumnType": "Phone", "segmentationFieldId": 0, "fileColumn": 0},
        {"fileColumnType": "SegmentationField", "segmentationFieldId": TIER, "fileColumn": 1},
        {"fileColumnType": "SegmentationField", "segmentationFieldId": VIP, "fileColumn": 2, "defaultValue": "off"},
    ]

    sms_simulator.import_file(f"{SUBSCRIBED}\n", fileMappings=mappings)

    assert sms_simulator.contacts()[SUBSCRIBED]["values"] == {"Tier": "gold", "VIP": "off"}


def test_a_failing_import_changes_nothing(sms_simulator: SmsSimulator) -> None:
    sms_simulator.settings(failing_imports=True)

    assert sms_simulator.import_file(f"{SUBSCRIBED},silver\n", {1: TIER})["status"] == "ProcessingFailed"
    assert sms_simulator.contacts()[SUBSCRIBED]["values"]["Tier"] == "gold"


PHONE = {"fileColumnType": "Phone", "segmentationFieldId": 0, "fileColumn": 0}
TIER_COLUMN = {"fileColumnType": "SegmentationField", "segmentationFieldId": TIER, "fileColumn": 1}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"importType": "AddSubscribers"}, "ERROR_INVALID_PARAMETER"),
        ({"fileStream": "?"}, "ERROR_INVALID_PARAMETER"),
        ({"textQualifier": "|"}, "ERROR_INVALID_PARAMETER"),
        ({"fileMappings": [TIER_COLUMN]}, "ERROR_INVALID_PARAMETER"),
        ({"fileMappings": [PHONE, PHONE]}, "ERROR_INVALID_PARAMETER"),
        ({"fileMappings": [PHONE, TIER_COLUMN, TIER_COLUMN]}, "ERROR_INVALID_PARAMETER"),
        ({"fileMappings": [{**PHONE, "segmentationFieldId": TIER}]}, "ERROR_INVALID_PARAMETER"),
        ({"fileMappings": [{**PHONE, "fileColumnType": "Email"}]}, "ERROR_INVALID_PARAMETER"),
        ({"fileMappings": [PHONE, {**TIER_COLUMN, "segmentationFieldId": 0}]}, "ERROR_INVALID_SEGMENTATION_FIELD_ID"),
        (
            {"fileMappings": [PHONE, {**TIER_COLUMN, "segmentationFieldId": DISABLED_FIELD}]},
            "ERROR_SEGMENTATION_FIELD_DISABLED",
        ),
        ({"fileMappings": [PHONE, {**TIER_COLUMN, "defaultValue": "x" * 21}]}, "ERROR_SEGMENTATION_MAX_LENGTH"),
    ],
)
def test_a_faulty_import_request_is_refused(sms_simulator: SmsSimulator, changes: dict[str, object], code: str) -> None:
    body = import_body(f"{SUBSCRIBED}\n", **changes)

    assert sms_simulator.outcome("POST", "/ContactImport", body) == (400, code)


def test_calls_are_counted_as_reads_and_writes(sms_simulator: SmsSimulator) -> None:
    sms_simulator.running.control("DELETE", "/journal")
    sms_simulator.listed()
    sms_simulator.subscribe(UNSUBSCRIBED)
    sms_simulator.unsubscribe(SUBSCRIBED)

    calls = sms_simulator.running.control("GET", "/calls")

    assert (calls["reads"], calls["writes"]) == (1, 2)
    route = "POST /sms/v1/ShortCode/{senderCodeId}/Contact/{phoneNumber}/PhoneList/{phoneListId}"
    assert calls["by_route"][route] == 1


def test_faults_strike_sms_calls_too(sms_simulator: SmsSimulator) -> None:
    effect = {"kind": "drop", "handle": True}
    sms_simulator.running.control(
        "POST", "/faults", {"path": f"/Contact/{UNSUBSCRIBED}/", "count": 1, "effect": effect}
    )

    with pytest.raises(httpx.TransportError):
        sms_simulator.subscribe(UNSUBSCRIBED)

    assert sms_simulator.subscribe(UNSUBSCRIBED) == (400, "ERROR_SUBSCRIBED_PHONE_NUMBER")


def test_a_seed_changes_states_that_a_person_would_change(sms_simulator: SmsSimulator) -> None:
    sms_simulator.seed(
        contacts=[
            {"phone": PENDING, "lists": {"Master List": "Subscribed"}},
            {"phone": SUBSCRIBED, "opted_out": "Campaign"},
            {"phone": OPTED_OUT, "opted_out": None},
        ]
    )

    contacts = sms_simulator.contacts()
    assert sms_simulator.state(PENDING) == "Subscribed"
    assert (contacts[SUBSCRIBED]["opted_out"], sms_simulator.state(SUBSCRIBED)) == ("Campaign", "Unsubscribed")
    assert contacts[OPTED_OUT]["opted_out"] is None


def test_the_inside_of_a_list_shows_everyone_in_one_line(sms_simulator: SmsSimulator) -> None:
    by_name = sms_simulator.running.control("GET", "/sms/71755/lists/Master List/contacts")
    by_id = sms_simulator.running.control("GET", f"/sms/55/lists/{MASTER_LIST}/contacts")

    assert by_name == by_id
    assert by_id[0] == {"phone": SUBSCRIBED, "state": "Subscribed", "opted_out": False}
    assert {"phone": OPTED_OUT, "state": "Unsubscribed", "opted_out": True} in by_id


def test_the_inside_can_be_read_in_parts(sms_simulator: SmsSimulator) -> None:
    part = sms_simulator.running.control("GET", "/sms/55/contacts?offset=1&limit=2")

    assert [each["phone"] for each in part] == SUBSCRIBERS[1:]


@pytest.mark.parametrize(
    ("method", "path", "body", "told"),
    [
        ("POST", "/seed", {"sms": {"codes": []}}, "profile_fields, sender_codes"),
        ("POST", "/seed", {"sms": {"sender_codes": [{}]}}, "a text is needed for 'code'"),
        ("POST", "/seed", {"sms": {"profile_fields": [{"name": "A", "data_type": "Colour"}]}}, "Text, Number"),
        ("POST", "/seed", {"sms": {"sender_codes": [{"code": "1", "contacts": [{"phone": "5"}]}]}}, "no number"),
        (
            "POST",
            "/seed",
            {"sms": {"sender_codes": [{"code": "71755", "contacts": [{"phone": STRANGER, "lists": {"None": "x"}}]}]}},
            "'Master List', 'Holiday 2024'",
        ),
        (
            "POST",
            "/seed",
            {"sms": {"sender_codes": [{"code": "71755", "opt_outs": [{"phone": STRANGER, "reason": "STOP"}]}]}},
            "Campaign, Admin",
        ),
        (
            "POST",
            "/seed",
            {
                "sms": {
                    "sender_codes": [{"code": "71755", "generated_contacts": {"list": "Master List", "count": 10**7}}]
                }
            },
            "400000 made-up numbers",
        ),
        ("PUT", "/settings", {"sms_number_form": "words"}, "'digits' or 'plus' or 'national'"),
        ("GET", "/sms/9/contacts", None, "55 (71755)"),
        ("GET", "/sms/55/lists/9/contacts", None, "5501 (Master List)"),
    ],
)
def test_a_wrong_control_request_is_told_what_is_wrong(
    sms_simulator: SmsSimulator, method: str, path: str, body: object, told: str
) -> None:
    answer = sms_simulator.running.http.request(method, f"/control{path}", json=body)

    assert answer.status_code in {400, 404}
    assert told in answer.json()["problem"]


def test_the_pages_show_sender_codes_lists_contacts_opt_outs_and_imports(sms_simulator: SmsSimulator) -> None:
    sms_simulator.import_file(f"{SUBSCRIBED},<b>gold</b>\n", {1: TIER}, fileName="spring.csv")
    sms_simulator.subscribe(OPTED_OUT)

    home, one, found, banned = (
        sms_simulator.running.http.get(path).raise_for_status().text
        for path in (
            "/",
            "/sender-codes/55",
            f"/sender-codes/55?search=555-0101&list={MASTER_LIST}&state=Subscribed&page=9",
            "/sender-codes/55?state=Banned",
        )
    )

    assert "Example Outfitters" in home
    assert "1 opt-out lifted" in home
    assert "spring.csv" in one
    assert "&lt;b&gt;gold&lt;/b&gt;" in one
    assert "Holiday 2024" in one
    assert f"+{SUBSCRIBED}" in found
    assert "17175550102" not in found
    assert "+17175550108" in banned.partition("<h2>Contacts")[2]
    assert sms_simulator.running.http.get("/sender-codes/9").status_code == 404
