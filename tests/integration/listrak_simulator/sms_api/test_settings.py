"""What Listrak's SMS document leaves open: the readings that a setting chooses, apart from those of test_contacts."""

from __future__ import annotations

import pytest

from tests.support.listrak.sms_simulator import (
    MASTER_LIST,
    OPTED_OUT,
    STRANGER,
    SUBSCRIBED,
    TIER,
    UNSUBSCRIBED,
    SmsSimulator,
    import_body,
)

AN_HOUR = 3600
FORMS = {"digits": SUBSCRIBED, "plus": f"%2B{SUBSCRIBED}", "national": SUBSCRIBED[1:]}
NOT_LOCATED = (404, "ERROR_UNABLE_TO_LOCATE_RESOURCE")


@pytest.mark.parametrize("form", FORMS)
def test_numbers_are_found_in_any_form_or_in_one_alone(sms_simulator: SmsSimulator, form: str) -> None:
    assert {sms_simulator.outcome("GET", f"/Contact/{path}") for path in FORMS.values()} == {(200, "")}

    sms_simulator.settings(sms_located_form=form)

    found = {each for each, path in FORMS.items() if sms_simulator.outcome("GET", f"/Contact/{path}") == (200, "")}
    assert found == {form}
    other = next(path for each, path in FORMS.items() if each != form)
    assert sms_simulator.outcome("GET", f"/Contact/{other}/PhoneList") == NOT_LOCATED
    assert sms_simulator.subscribe(other) == NOT_LOCATED
    assert sms_simulator.unsubscribe(other) == NOT_LOCATED
    assert sms_simulator.update(other.replace("%2B", "+"), firstName="Nia") == (400, "ERROR_PHONE_NUMBER_NOT_FOUND")


def test_an_import_knows_numbers_in_the_one_form_alone_too(sms_simulator: SmsSimulator) -> None:
    content = f"{SUBSCRIBED},gold\n+{SUBSCRIBED},gold\n"
    assert sms_simulator.import_file(content, {1: TIER})["updated"] == 2

    sms_simulator.settings(sms_located_form="plus")
    done = sms_simulator.import_file(content, {1: TIER})

    assert (done["updated"], done["unknown"]) == (1, 1)


def test_an_unknown_number_is_not_located_or_not_found(sms_simulator: SmsSimulator) -> None:
    assert sms_simulator.outcome("GET", f"/Contact/{STRANGER}") == NOT_LOCATED

    sms_simulator.settings(sms_unknown_number="number_not_found")

    not_found = (400, "ERROR_PHONE_NUMBER_NOT_FOUND")
    assert sms_simulator.outcome("GET", f"/Contact/{STRANGER}") == not_found
    assert sms_simulator.outcome("GET", f"/Contact/{STRANGER}/PhoneList") == not_found
    assert sms_simulator.subscribe(STRANGER) == not_found
    assert sms_simulator.unsubscribe(STRANGER) == not_found


def test_a_post_without_a_body_needs_a_content_type_or_does_not(sms_simulator: SmsSimulator) -> None:
    path = f"/ShortCode/55/Contact/{UNSUBSCRIBED}/PhoneList/{MASTER_LIST}"

    assert sms_simulator.http.post(path).status_code == 415
    assert sms_simulator.http.post(path, headers={"content-type": "application/json"}).status_code == 201

    sms_simulator.settings(sms_bodyless_content_type="free")
    assert sms_simulator.unsubscribe(UNSUBSCRIBED) == (200, "")
    assert sms_simulator.http.post(path).status_code == 201


def test_opt_outs_without_a_cursor_are_read_by_their_dates(sms_simulator: SmsSimulator) -> None:
    days = {f"1717555{200 + day:04}": f"2020-01-{day:02}" for day in range(1, 6)}
    sms_simulator.seed(opt_outs=[{"phone": phone, "date": date} for phone, date in days.items()])

    def numbers(**query: str) -> list[str]:
        answer = sms_simulator.call("GET", "/OptOut", **query).json()
        assert "nextPageCursor" not in answer
        return [each["phoneNumber"] for each in answer["data"]]

    of_january = list(days)
    assert numbers(startDate="2020-01-01", endDate="2020-01-31") == of_january
    assert numbers(startDate="2020-01-02", endDate="2020-01-03") == of_january[1:3]
    assert numbers(startDate="2020-01-02T00:00:00", endDate="2020-01-03T00:00:00") == of_january[1:3]
    assert numbers(startDate="2020-01-02T00:00:01", endDate="2020-01-03T23:59:59") == of_january[2:3]
    assert numbers(startDate="2020-01-04", endDate="2020-01-31", count="1") == of_january[3:4]
    assert len(numbers(count="2")) == 2


def test_new_contacts_and_states_are_seen_later(sms_simulator: SmsSimulator) -> None:
    sms_simulator.settings(contact_lag_seconds=AN_HOUR)
    sms_simulator.create(STRANGER)
    sms_simulator.unsubscribe(SUBSCRIBED)
    sms_simulator.subscribe(UNSUBSCRIBED)

    def state(phone: str) -> str:
        [first, *_] = sms_simulator.call("GET", f"/Contact/{phone}/PhoneList").json()["data"]
        return str(first["subscriptionState"])

    assert sms_simulator.outcome("GET", f"/Contact/{STRANGER}") == NOT_LOCATED
    assert (state(SUBSCRIBED), state(UNSUBSCRIBED)) == ("Subscribed", "Unsubscribed")
    assert SUBSCRIBED in sms_simulator.listed()
    assert not {STRANGER, UNSUBSCRIBED} & set(sms_simulator.listed())
    assert sms_simulator.create(STRANGER) == (400, "ERROR_PHONE_NUMBER_FOUND")

    sms_simulator.settings(contact_lag_seconds=0)
    assert (state(SUBSCRIBED), state(UNSUBSCRIBED), state(STRANGER)) == ("Unsubscribed", "Subscribed", "Subscribed")
    assert SUBSCRIBED not in sms_simulator.listed()


def test_opt_outs_and_their_end_are_seen_later(sms_simulator: SmsSimulator) -> None:
    sms_simulator.settings(opt_out_lag_seconds=AN_HOUR)
    sms_simulator.seed(contacts=[{"phone": SUBSCRIBED, "opted_out": "Campaign"}])
    sms_simulator.subscribe(OPTED_OUT)

    def opted_out(phone: str) -> bool:
        return bool(sms_simulator.call("GET", f"/Contact/{phone}").json()["data"]["optedOut"])

    assert (opted_out(SUBSCRIBED), opted_out(OPTED_OUT)) == (False, True)
    assert SUBSCRIBED not in sms_simulator.listed_opt_outs()
    assert OPTED_OUT in sms_simulator.listed_opt_outs()

    sms_simulator.settings(opt_out_lag_seconds=0)
    assert (opted_out(SUBSCRIBED), opted_out(OPTED_OUT)) == (True, False)
    assert SUBSCRIBED in sms_simulator.listed_opt_outs()
    assert OPTED_OUT not in sms_simulator.listed_opt_outs()


def test_a_new_import_is_seen_later(sms_simulator: SmsSimulator) -> None:
    sms_simulator.settings(import_lag_seconds=AN_HOUR)
    started = sms_simulator.call("POST", "/ContactImport", import_body(f"{SUBSCRIBED},gold\n", {1: TIER})).json()

    assert sms_simulator.outcome("GET", f"/ContactImport/{started['resourceId']}") == NOT_LOCATED
    sms_simulator.settings(import_lag_seconds=0)
    assert sms_simulator.outcome("GET", f"/ContactImport/{started['resourceId']}") == (200, "")
    sms_simulator.settings(import_status_words=",,,")
    assert sms_simulator.wait_for_import(started["resourceId"])["status"] is None
