"""The simulator's rules for numbers: creating, subscribing, unsubscribing, updating, opting out."""

import pytest

from tests.support.listrak.sms_simulator import (
    BANNED,
    BANNED_STRANGER,
    DISABLED_FIELD,
    INACTIVE_LIST,
    LAST_ORDER,
    MASTER_LIST,
    ON_ANOTHER_LIST,
    OPTED_OUT,
    OPTED_OUT_STRANGER,
    PENDING,
    POINTS,
    STRANGER,
    SUBSCRIBED,
    SUSPENDED,
    TIER,
    UNSUBSCRIBED,
    VIP,
    SmsSimulator,
)

BLOCKED = "17175550120"


def value(field_id: int, text: str) -> dict[str, object]:
    return {"segmentationFieldId": field_id, "value": text}


def test_a_stranger_is_created_and_subscribed(sms_simulator: SmsSimulator) -> None:
    properties = {"firstName": "Nia", "birthday": "1991-02-03", "segmentationFieldValues": [value(VIP, "on")]}

    assert sms_simulator.create(STRANGER, **properties) == (201, "")

    contact = sms_simulator.contacts()[STRANGER]
    assert contact["lists"]["Master List"]["state"] == "Subscribed"
    assert (contact["first_name"], contact["birthday"], contact["values"]) == (
        "Nia",
        "1991-02-03T00:00:00",
        {"VIP": "on"},
    )


@pytest.mark.parametrize(
    ("phone", "code"),
    [
        (SUBSCRIBED, "ERROR_PHONE_NUMBER_FOUND"),
        (UNSUBSCRIBED, "ERROR_PHONE_NUMBER_FOUND"),
        (PENDING, "ERROR_PHONE_NUMBER_FOUND"),
        (ON_ANOTHER_LIST, "ERROR_PHONE_NUMBER_FOUND"),
        (OPTED_OUT, "ERROR_PHONE_NUMBER_FOUND"),
        (BANNED, "ERROR_BANNED_PHONE_NUMBER"),
        (BANNED_STRANGER, "ERROR_BANNED_PHONE_NUMBER"),
        (SUSPENDED, "ERROR_PHONE_NUMBER_SUSPENDED"),
        (BLOCKED, "ERROR_PHONE_NUMBER_BLOCKED"),
        ("no number", "ERROR_INVALID_PHONE_NUMBER"),
    ],
)
def test_a_creation_is_refused_by_the_state_of_the_number(sms_simulator: SmsSimulator, phone: str, code: str) -> None:
    sms_simulator.seed(blocked=[BLOCKED])
    before = sms_simulator.contacts(), sms_simulator.opt_outs()

    assert sms_simulator.create(phone) == (400, code)
    assert (sms_simulator.contacts(), sms_simulator.opt_outs()) == before


@pytest.mark.parametrize(
    ("phone", "code"),
    [
        (SUBSCRIBED, "ERROR_SUBSCRIBED_PHONE_NUMBER"),
        (PENDING, "ERROR_PENDING_PHONE_NUMBER"),
        (UNSUBSCRIBED, "ERROR_PHONE_NUMBER_FOUND"),
        (ON_ANOTHER_LIST, "ERROR_PHONE_NUMBER_FOUND"),
    ],
)
def test_a_creation_may_name_the_state_on_the_list_instead(sms_simulator: SmsSimulator, phone: str, code: str) -> None:
    sms_simulator.settings(sms_create_existing="by_state")

    assert sms_simulator.create(phone) == (400, code)


@pytest.mark.parametrize("phone", [UNSUBSCRIBED, ON_ANOTHER_LIST])
def test_a_known_contact_is_subscribed(sms_simulator: SmsSimulator, phone: str) -> None:
    assert sms_simulator.subscribe(phone) == (201, "")
    assert sms_simulator.state(phone) == "Subscribed"
    assert sms_simulator.subscribe(phone) == (400, "ERROR_SUBSCRIBED_PHONE_NUMBER")


@pytest.mark.parametrize(
    ("phone", "status", "code"),
    [
        (SUBSCRIBED, 400, "ERROR_SUBSCRIBED_PHONE_NUMBER"),
        (PENDING, 400, "ERROR_PENDING_PHONE_NUMBER"),
        (BANNED, 400, "ERROR_BANNED_PHONE_NUMBER"),
        (SUSPENDED, 400, "ERROR_PHONE_NUMBER_SUSPENDED"),
        (STRANGER, 404, "ERROR_UNABLE_TO_LOCATE_RESOURCE"),
        (BANNED_STRANGER, 404, "ERROR_UNABLE_TO_LOCATE_RESOURCE"),
        ("717555010", 400, "ERROR_INVALID_PHONE_NUMBER"),
    ],
)
def test_a_subscription_is_refused_by_the_state_of_the_number(
    sms_simulator: SmsSimulator, phone: str, status: int, code: str
) -> None:
    before = sms_simulator.contacts()

    assert sms_simulator.subscribe(phone) == (status, code)
    assert sms_simulator.contacts() == before


def test_subscribing_who_opted_out_lifts_the_opt_out_and_leaves_a_trace(sms_simulator: SmsSimulator) -> None:
    assert sms_simulator.subscribe(OPTED_OUT) == (201, "")

    contact = sms_simulator.contacts()[OPTED_OUT]
    assert (contact["opted_out"], contact["lists"]["Master List"]["state"]) == (None, "Subscribed")
    [trace] = [entry for entry in sms_simulator.opt_outs() if entry["lifted_at"]]
    assert (trace["phone"], trace["reason"], trace["lifted_by"]) == (OPTED_OUT, "Campaign", "subscribe")
    assert sms_simulator.running.control("GET", "/state")["sender_codes"][0]["opt_outs_lifted"] == 1
    assert OPTED_OUT not in sms_simulator.listed_opt_outs()


def test_creating_who_opted_out_as_a_stranger_lifts_the_opt_out_too(sms_simulator: SmsSimulator) -> None:
    assert sms_simulator.create(OPTED_OUT_STRANGER) == (201, "")

    assert [entry["lifted_by"] for entry in sms_simulator.opt_outs() if entry["phone"] == OPTED_OUT_STRANGER] == [
        "create"
    ]


def test_subscribing_who_opted_out_may_be_refused(sms_simulator: SmsSimulator) -> None:
    sms_simulator.settings(sms_opted_out_subscribe="refused")

    assert sms_simulator.subscribe(OPTED_OUT) == (400, "ERROR_PHONE_NUMBER_OPTED_OUT")
    assert sms_simulator.create(OPTED_OUT) == (400, "ERROR_PHONE_NUMBER_OPTED_OUT")
    assert sms_simulator.create(OPTED_OUT_STRANGER) == (400, "ERROR_PHONE_NUMBER_OPTED_OUT")
    assert sms_simulator.state(OPTED_OUT) == "Unsubscribed"


def test_subscribing_who_opted_out_may_keep_the_opt_out(sms_simulator: SmsSimulator) -> None:
    sms_simulator.settings(sms_opted_out_subscribe="keeps")

    assert sms_simulator.subscribe(OPTED_OUT) == (201, "")

    contact = sms_simulator.contacts()[OPTED_OUT]
    assert (contact["opted_out"], contact["lists"]["Master List"]["state"]) == ("Campaign", "Subscribed")
    assert OPTED_OUT not in sms_simulator.listed()


@pytest.mark.parametrize(("double_opt_in", "age_gate"), [(True, False), (False, True), (True, True)])
def test_a_list_that_asks_back_leaves_subscriptions_pending(
    sms_simulator: SmsSimulator, double_opt_in: bool, age_gate: bool
) -> None:
    gated = {"phone_list_id": 5503, "name": "Gated", "double_opt_in": double_opt_in, "age_gate": age_gate}
    sms_simulator.seed(phone_lists=[gated])

    assert sms_simulator.create(STRANGER, 5503) == (201, "")
    assert sms_simulator.subscribe(UNSUBSCRIBED, 5503) == (201, "")

    for phone in (STRANGER, UNSUBSCRIBED):
        assert sms_simulator.state(phone, "Gated") == "Pending"
        assert sms_simulator.subscribe(phone, 5503) == (400, "ERROR_PENDING_PHONE_NUMBER")
    subscription = sms_simulator.call("GET", f"/Contact/{STRANGER}/PhoneList").json()["data"][0]
    assert (subscription["pendingDoubleOptIn"], subscription["pendingAgeGate"]) == (double_opt_in, age_gate)
    assert subscription["pendingDate"] is not None
    assert subscription["subscribeDate"] is None


@pytest.mark.parametrize("phone", [SUBSCRIBED, PENDING])
def test_a_subscription_ends_full_or_pending(sms_simulator: SmsSimulator, phone: str) -> None:
    assert sms_simulator.unsubscribe(phone) == (200, "")
    assert sms_simulator.state(phone) == "Unsubscribed"
    assert sms_simulator.unsubscribe(phone) == (400, "ERROR_PHONE_NUMBER_NOT_SUBSCRIBED")


@pytest.mark.parametrize(
    ("phone", "status", "code"),
    [
        (UNSUBSCRIBED, 400, "ERROR_PHONE_NUMBER_NOT_SUBSCRIBED"),
        (ON_ANOTHER_LIST, 400, "ERROR_PHONE_NUMBER_NOT_SUBSCRIBED"),
        (OPTED_OUT, 400, "ERROR_PHONE_NUMBER_NOT_SUBSCRIBED"),
        (STRANGER, 404, "ERROR_UNABLE_TO_LOCATE_RESOURCE"),
        ("1", 400, "ERROR_INVALID_PHONE_NUMBER"),
    ],
)
def test_only_subscriptions_can_be_ended(sms_simulator: SmsSimulator, phone: str, status: int, code: str) -> None:
    assert sms_simulator.unsubscribe(phone) == (status, code)


def test_an_update_opts_out_of_every_list_but_never_in(sms_simulator: SmsSimulator) -> None:
    sms_simulator.seed(phone_lists=[{"phone_list_id": 5503, "name": "Other"}])
    sms_simulator.subscribe(SUBSCRIBED, 5503)

    assert sms_simulator.update(SUBSCRIBED, optedOut=True) == (200, "")
    assert sms_simulator.update(SUBSCRIBED, optedOut=False) == (200, "")

    contact = sms_simulator.contacts()[SUBSCRIBED]
    assert contact["opted_out"] == "API"
    assert {contact["lists"][name]["state"] for name in ("Master List", "Other")} == {"Unsubscribed"}
    told = sms_simulator.call("GET", f"/Contact/{SUBSCRIBED}").json()["data"]
    assert (told["optedOut"], told["unsubscribeDate"]) == (True, contact["opted_out_at"])


def test_an_update_clears_what_it_leaves_out(sms_simulator: SmsSimulator) -> None:
    assert sms_simulator.update(SUBSCRIBED, firstName="Adele") == (200, "")

    contact = sms_simulator.contacts()[SUBSCRIBED]
    assert (contact["first_name"], contact["last_name"], contact["birthday"]) == ("Adele", None, None)
    assert contact["values"] == {}


def test_an_update_may_leave_alone_what_it_leaves_out(sms_simulator: SmsSimulator) -> None:
    sms_simulator.settings(sms_update_clears_omitted=False)

    changes = [value(TIER, "silver"), value(VIP, "")]
    assert sms_simulator.update(SUBSCRIBED, lastName=None, segmentationFieldValues=changes) == (200, "")

    contact = sms_simulator.contacts()[SUBSCRIBED]
    assert (contact["first_name"], contact["last_name"], contact["values"]) == ("Ada", None, {"Tier": "silver"})


@pytest.mark.parametrize(
    ("phone", "code"),
    [
        (STRANGER, "ERROR_PHONE_NUMBER_NOT_FOUND"),
        (BANNED, "ERROR_BANNED_PHONE_NUMBER"),
        (BANNED_STRANGER, "ERROR_BANNED_PHONE_NUMBER"),
        ("", "ERROR_INVALID_PARAMETER"),
        ("12", "ERROR_INVALID_PHONE_NUMBER"),
    ],
)
def test_an_update_is_refused_by_the_state_of_the_number(sms_simulator: SmsSimulator, phone: str, code: str) -> None:
    assert sms_simulator.update(phone) == (400, code)


def test_who_opted_out_or_is_suspended_can_be_updated(sms_simulator: SmsSimulator) -> None:
    assert sms_simulator.update(OPTED_OUT, firstName="Olga") == (200, "")
    assert sms_simulator.update(SUSPENDED, firstName="Sam") == (200, "")

    assert sms_simulator.contacts()[OPTED_OUT]["opted_out"] == "Campaign"


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"emailAddress": "no address"}, "ERROR_INVALID_EMAIL_ADDRESS"),
        ({"emailAddress": ""}, "ERROR_INVALID_EMAIL_ADDRESS"),
        ({"birthday": ""}, "ERROR_BIRTHDAY_FIELD_NULL"),
        ({"birthday": "0001-01-01T00:00:00"}, "ERROR_BIRTHDAY_FIELD_NULL"),
        ({"birthday": "04/01/1990"}, "ERROR_INVALID_PARAMETER"),
        ({"firstName": 5}, "ERROR_INVALID_PARAMETER"),
        ({"optedOut": "true"}, "ERROR_INVALID_PARAMETER"),
        ({"segmentationFieldValues": {}}, "ERROR_INVALID_PARAMETER"),
        ({"segmentationFieldValues": [{"value": "x"}]}, "ERROR_INVALID_PARAMETER"),
        ({"segmentationFieldValues": [value(1, "x")]}, "ERROR_INVALID_SEGMENTATION_FIELD_ID"),
        ({"segmentationFieldValues": [value(DISABLED_FIELD, "x")]}, "ERROR_SEGMENTATION_FIELD_DISABLED"),
        ({"segmentationFieldValues": [value(TIER, "x" * 21)]}, "ERROR_SEGMENTATION_MAX_LENGTH"),
        ({"segmentationFieldValues": [value(POINTS, "many")]}, "ERROR_INVALID_PARAMETER"),
        ({"segmentationFieldValues": [value(VIP, "yes")]}, "ERROR_INVALID_PARAMETER"),
        ({"segmentationFieldValues": [value(LAST_ORDER, "2026-01-31")]}, "ERROR_INVALID_PARAMETER"),
        ({"segmentationFieldValues": [value(LAST_ORDER, "02/30/2026")]}, "ERROR_INVALID_PARAMETER"),
    ],
)
def test_a_faulty_value_refuses_the_whole_call(
    sms_simulator: SmsSimulator, properties: dict[str, object], code: str
) -> None:
    before = sms_simulator.contacts()

    assert sms_simulator.create(STRANGER, **properties) == (400, code)
    assert sms_simulator.update(SUBSCRIBED, **properties) == (400, code)
    assert sms_simulator.contacts() == before


def test_nobody_is_created_as_opted_out(sms_simulator: SmsSimulator) -> None:
    assert sms_simulator.create(STRANGER, optedOut=True) == (400, "ERROR_INVALID_PARAMETER")


def test_profiles_are_shared_by_sender_codes_and_contacts_are_not(sms_simulator: SmsSimulator) -> None:
    other = {"sender_code_id": 56, "code": "71756", "phone_lists": [{"phone_list_id": 5601, "name": "Master List"}]}
    sms_simulator.running.control("POST", "/seed", {"sms": {"sender_codes": [other]}})

    assert sms_simulator.call("GET", f"/Contact/{SUBSCRIBED}", sender_code=56).status_code == 404
    body = {"phoneNumber": SUBSCRIBED, "firstName": "Adele"}
    assert sms_simulator.call("POST", "/PhoneList/5601/Contact", body, sender_code=56).status_code == 201

    told = sms_simulator.call("GET", f"/Contact/{SUBSCRIBED}").json()["data"]
    assert (told["firstName"], told["lastName"]) == ("Adele", "Moss")
    assert sms_simulator.call("GET", "/PhoneList/5601").status_code == 404


@pytest.mark.parametrize("form", [SUBSCRIBED, f"%2B{SUBSCRIBED}", SUBSCRIBED[1:]])
def test_a_number_goes_by_each_of_its_spellings(sms_simulator: SmsSimulator, form: str) -> None:
    assert sms_simulator.call("GET", f"/Contact/{form}").json()["data"]["firstName"] == "Ada"
    assert sms_simulator.create(form.replace("%2B", "+")) == (400, "ERROR_PHONE_NUMBER_FOUND")


@pytest.mark.parametrize(
    ("form", "written"), [("digits", "17175550101"), ("plus", "+17175550101"), ("national", "7175550101")]
)
def test_answers_write_numbers_as_the_setting_says(sms_simulator: SmsSimulator, form: str, written: str) -> None:
    sms_simulator.settings(sms_number_form=form)

    assert sms_simulator.call("GET", f"/Contact/{SUBSCRIBED}").json()["data"]["phoneNumber"] == written
    assert sms_simulator.listed()[0] == written
    assert sms_simulator.call("PUT", "/Contact", {"phoneNumber": SUBSCRIBED}).json()["resourceId"] == written
    assert len(sms_simulator.listed_opt_outs()[0]) == len(written)


@pytest.mark.parametrize("words", ["Subscribed,Unsubscribed,Pending", "Subscribed,Not Subscribed,Pending"])
def test_the_words_for_a_subscription_are_a_setting(sms_simulator: SmsSimulator, words: str) -> None:
    sms_simulator.settings(sms_state_words=words)

    told = [
        sms_simulator.call("GET", f"/Contact/{phone}/PhoneList").json()["data"][0]["subscriptionState"]
        for phone in (SUBSCRIBED, UNSUBSCRIBED, PENDING)
    ]

    assert told == words.split(",")


def every_change(sms_simulator: SmsSimulator, list_id: int) -> list[tuple[int, str]]:
    return [
        sms_simulator.create(STRANGER, list_id),
        sms_simulator.subscribe(UNSUBSCRIBED, list_id),
        sms_simulator.unsubscribe(SUBSCRIBED, list_id),
    ]


def test_an_inactive_list_refuses_changes_and_to_show_its_contacts(sms_simulator: SmsSimulator) -> None:
    assert every_change(sms_simulator, INACTIVE_LIST) == [(400, "ERROR_LIST_INACTIVE")] * 3
    contacts = f"/PhoneList/{INACTIVE_LIST}/Contact"
    assert sms_simulator.outcome("GET", contacts) == (400, "ERROR_LIST_INACTIVE")
    assert sms_simulator.call("GET", f"/PhoneList/{INACTIVE_LIST}").json()["data"][0]["status"] == "Inactive"

    sms_simulator.settings(sms_reads_while_disabled=True)

    assert sms_simulator.outcome("GET", contacts) == (200, "")
    assert every_change(sms_simulator, INACTIVE_LIST) == [(400, "ERROR_LIST_INACTIVE")] * 3


def test_a_disabled_sender_code_refuses_everything_but_to_show_itself(sms_simulator: SmsSimulator) -> None:
    sms_simulator.seed(enabled=False)
    refused = (400, "ERROR_SENDER_CODE_DISABLED")

    assert every_change(sms_simulator, MASTER_LIST) == [refused] * 3
    assert sms_simulator.update(SUBSCRIBED) == refused
    assert sms_simulator.outcome("GET", "/PhoneList") == refused
    assert sms_simulator.outcome("GET", "/OptOut") == refused
    assert sms_simulator.outcome("GET", "") == (200, "")

    sms_simulator.settings(sms_reads_while_disabled=True)

    assert sms_simulator.outcome("GET", "/PhoneList") == (200, "")
    assert every_change(sms_simulator, MASTER_LIST) == [refused] * 3


def test_an_unknown_list_may_have_a_code_of_its_own(sms_simulator: SmsSimulator) -> None:
    assert every_change(sms_simulator, 9) == [(404, "ERROR_UNABLE_TO_LOCATE_RESOURCE")] * 3

    sms_simulator.settings(sms_unknown_list="invalid_list_id")

    assert every_change(sms_simulator, 9) == [(400, "ERROR_INVALID_LIST_ID")] * 3
    assert sms_simulator.outcome("GET", "/PhoneList/9/Contact") == (404, "ERROR_UNABLE_TO_LOCATE_RESOURCE")
