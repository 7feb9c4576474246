"""What Listrak's Email document leaves open: each reading that a setting chooses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.listrak.simulator import MASTER_LIST, RunningSimulator, addresses_of, import_body

if TYPE_CHECKING:
    import httpx

IMPORTS = f"/List/{MASTER_LIST}/ListImport"
CONTACTS = f"/List/{MASTER_LIST}/Contact"
GROUPS = f"/List/{MASTER_LIST}/SegmentationFieldGroup"
AN_HOUR = 3600
OTHER_WORDS = "Added,Known,Removed,Gone,Left,Held,Barred,Bad,Unread"


def start(simulator: RunningSimulator, content: str, **changes: object) -> str:
    started = simulator.call("POST", IMPORTS, import_body(content, **changes)).json()["resourceId"]
    simulator.wait_for_import(int(started))
    return str(started)


def results(simulator: RunningSimulator, import_id: str) -> dict[str, str | None]:
    listed = simulator.call("GET", f"{IMPORTS}/{import_id}/Contact").json()["data"]
    return {each["emailAddress"]: each["importResult"] for each in listed}


def summary(simulator: RunningSimulator, import_id: str) -> dict[str, int]:
    counts = simulator.call("GET", f"{IMPORTS}/{import_id}/Summary").json()["data"]
    return {name: count for name, count in counts.items() if count}


def save(simulator: RunningSimulator, address: str, **properties: Any) -> httpx.Response:
    return simulator.call("POST", CONTACTS, {"emailAddress": address, "segmentationFieldValues": [], **properties})


# --- imports ---------------------------------------------------------------------------------------------------------


def test_results_come_in_the_words_that_a_setting_gives(simulator: RunningSimulator) -> None:
    import_id = start(simulator, "new@example.com\nada@example.com\nopted.out@example.com\nno address\n")
    listed = list(results(simulator, import_id))

    assert list(results(simulator, import_id).values()) == [
        "Subscribed",
        "AlreadySubscribed",
        "PreviouslyUnsubscribed",
        "Invalid",
    ]
    simulator.settings(import_result_words=OTHER_WORDS)
    assert list(results(simulator, import_id).values()) == ["Added", "Known", "Left", "Bad"]
    simulator.settings(import_result_words=",,,,,,,,")
    assert results(simulator, import_id) == dict.fromkeys(listed)


def test_a_status_comes_in_the_words_that_a_setting_gives(simulator: RunningSimulator) -> None:
    import_id = start(simulator, "new@example.com\n")

    def status() -> str | None:
        word: str | None = simulator.call("GET", f"{IMPORTS}/{import_id}/Status").json()["data"]["status"]
        return word

    assert status() == "ProcessingCompleted"
    simulator.settings(import_status_words="new,at work,ready,broken")
    assert status() == "ready"
    simulator.settings(import_status_words=",,,")
    assert status() is None
    simulator.settings(import_status_words="new,at work,ready,broken", failing_imports=True)
    failed = start(simulator, "other@example.com\n")
    assert simulator.call("GET", f"{IMPORTS}/{failed}/Status").json()["data"]["status"] == "broken"


@pytest.mark.parametrize("kind", ["UpdateSubscribers", "RemoveSubscribers"])
def test_rows_of_unknown_people_are_skipped_or_left_out(simulator: RunningSimulator, kind: str) -> None:
    content = "stranger@example.com\nada@example.com\nunknown@example.com\nno address\n"
    skipped = start(simulator, content, importType=kind)

    assert summary(simulator, skipped)["processedCount"] == 4
    assert summary(simulator, skipped)["skippedCount"] == 2
    assert results(simulator, skipped)["stranger@example.com"] == "Skipped"

    simulator.settings(import_unknown_rows="left_out")
    left_out = start(simulator, content, importType=kind)

    assert summary(simulator, left_out)["processedCount"] == 2
    assert "skippedCount" not in summary(simulator, left_out)
    assert list(results(simulator, left_out)) == ["ada@example.com", "no address"]


def test_a_refused_value_is_skipped_even_where_unknown_people_are_left_out(simulator: RunningSimulator) -> None:
    points = simulator.add_field("Points", "Numeric")
    simulator.settings(import_unknown_rows="left_out")

    content = "ada@example.com,many\nstranger@example.com,1\n"
    counts = simulator.import_file(content, {1: points}, importType="UpdateSubscribers")

    assert counts == {"skippedCount": 1, "processedCount": 1}


@pytest.mark.parametrize(
    ("settings", "pattern"),
    [
        ({}, r"people\.csv"),
        ({"import_names": "stem"}, "people"),
        ({"import_names": "marked"}, r"people_\d{14}\.csv"),
        ({"import_name_length": 4}, "peop"),
        ({"import_names": "stem", "import_name_length": 40}, "people"),
    ],
)
def test_the_name_of_an_import_comes_back_as_a_setting_says(
    simulator: RunningSimulator, settings: dict[str, object], pattern: str
) -> None:
    simulator.settings(**settings)
    import_id = start(simulator, "new@example.com\n")

    one = simulator.call("GET", f"{IMPORTS}/{import_id}").json()["data"]
    [listed] = simulator.call("GET", IMPORTS).json()["data"]

    assert one == listed
    assert re.fullmatch(pattern, one["importFileName"])


# --- contacts --------------------------------------------------------------------------------------------------------


def test_unsubscribing_somebody_unknown_is_refused_or_recorded(simulator: RunningSimulator) -> None:
    refused = save(simulator, "unknown@example.com", subscriptionState="Unsubscribed")
    assert (refused.status_code, refused.json()["error"]) == (400, "ERROR_NOT_SUBSCRIBED_EMAIL_ADDRESS")
    assert "unknown@example.com" not in simulator.contacts()

    simulator.settings(unknown_unsubscribed="recorded")

    assert save(simulator, "unknown@example.com", subscriptionState="Unsubscribed").status_code == 201
    assert simulator.contacts()["unknown@example.com"]["state"] == "Unsubscribed"


def test_subscribing_a_subscriber_updates_or_is_refused(simulator: RunningSimulator) -> None:
    assert save(simulator, "ada@example.com", subscriptionState="Subscribed").status_code == 201

    simulator.settings(subscribed_again="refused")

    refused = save(simulator, "ada@example.com", subscriptionState="Subscribed")
    assert (refused.status_code, refused.json()["error"]) == (400, "ERROR_SUBSCRIBED_EMAIL_ADDRESS")
    assert save(simulator, "ada@example.com").status_code == 201
    assert save(simulator, "new@example.com", subscriptionState="Subscribed").status_code == 201


# --- lag -------------------------------------------------------------------------------------------------------------


def test_a_new_contact_is_seen_later(simulator: RunningSimulator) -> None:
    simulator.settings(contact_lag_seconds=AN_HOUR)

    key = save(simulator, "new@example.com").json()["resourceId"]

    for identifier in ("new@example.com", key):
        assert simulator.call("GET", f"{CONTACTS}/{identifier}").status_code == 404
    assert "new@example.com" not in addresses_of(simulator.call("GET", CONTACTS).json()["data"])
    assert simulator.call("GET", f"{CONTACTS}/ada@example.com").status_code == 200

    simulator.settings(contact_lag_seconds=0)
    assert simulator.call("GET", f"{CONTACTS}/new@example.com").status_code == 200
    assert "new@example.com" in addresses_of(simulator.call("GET", CONTACTS).json()["data"])


def test_what_becomes_of_a_known_contact_is_seen_later(simulator: RunningSimulator) -> None:
    simulator.settings(contact_lag_seconds=AN_HOUR)
    save(simulator, "ada@example.com", segmentationFieldValues=[{"segmentationFieldId": 12001, "value": "Ava"}])
    save(simulator, "ben@example.com", subscriptionState="Unsubscribed")

    def seen(address: str) -> tuple[str, list[str]]:
        found = simulator.call("GET", f"{CONTACTS}/{address}", segmentationFieldIds="12001").json()["data"]
        return found["subscriptionState"], [each["value"] for each in found["segmentationFieldValues"]]

    subscribed = addresses_of(simulator.call("GET", CONTACTS, count="2").json()["data"])
    assert (seen("ada@example.com"), seen("ben@example.com")) == (("Subscribed", ["Ada"]), ("Subscribed", ["Ben"]))
    assert subscribed == ["ada@example.com", "ben@example.com"]
    assert simulator.contacts()["ada@example.com"]["values"]["First Name"] == "Ava"

    simulator.settings(contact_lag_seconds=0)
    assert (seen("ada@example.com"), seen("ben@example.com")) == (("Subscribed", ["Ava"]), ("Unsubscribed", ["Ben"]))


def test_whatever_changes_contacts_knows_them_at_once(simulator: RunningSimulator) -> None:
    simulator.settings(contact_lag_seconds=AN_HOUR)
    save(simulator, "new@example.com")

    assert simulator.import_file("new@example.com\n") == {"alreadySubscribedCount": 1, "processedCount": 1}


def test_what_an_import_did_and_a_cleared_field_are_seen_later(simulator: RunningSimulator) -> None:
    simulator.settings(contact_lag_seconds=AN_HOUR)
    simulator.import_file("new@example.com,Nia\nada@example.com,Ava\n", {1: 12001})
    cleared = simulator.call("DELETE", f"{GROUPS}/1201/SegmentationField/12001/Values").json()["resourceId"]
    simulator.wait_for_import(cleared)

    def names() -> dict[str, list[str]]:
        page = simulator.call("GET", CONTACTS, segmentationFieldIds="12001").json()["data"]
        return {each["emailAddress"]: [v["value"] for v in each["segmentationFieldValues"]] for each in page}

    assert names() == {"ada@example.com": ["Ada"], "ben@example.com": ["Ben"], "cleo@example.com": ["Cleo"]}
    simulator.settings(contact_lag_seconds=0)
    assert names() == {f"{name}@example.com": [] for name in ("ada", "ben", "cleo", "new")}


def test_new_fields_and_groups_are_seen_later(simulator: RunningSimulator) -> None:
    simulator.settings(field_lag_seconds=AN_HOUR)
    group_id = simulator.call("POST", GROUPS, {"segmentationFieldGroupName": "Late", "position": 2}).json()[
        "resourceId"
    ]
    fields = f"{GROUPS}/{group_id}/SegmentationField"
    body = {"segmentationFieldName": "vip", "dataType": "CheckBox", "maxLength": 3, "position": 1}
    field_id = simulator.call("POST", fields, body).json()["resourceId"]

    def seen() -> tuple[list[str], list[int]]:
        names = [each["segmentationFieldGroupName"] for each in simulator.call("GET", GROUPS).json()["data"]]
        paths = (f"{GROUPS}/{group_id}", fields, f"{fields}/{field_id}")
        return names, [simulator.call("GET", path).status_code for path in paths]

    assert seen() == (["Contact Information"], [404, 404, 404])
    simulator.settings(field_lag_seconds=0)
    assert seen() == (["Contact Information", "Late"], [200, 200, 200])
    assert len(simulator.call("GET", fields).json()["data"]) == 1


def test_a_new_field_of_a_known_group_is_seen_later(simulator: RunningSimulator) -> None:
    simulator.settings(field_lag_seconds=AN_HOUR)
    fields = f"{GROUPS}/1201/SegmentationField"
    simulator.call(
        "POST", fields, {"segmentationFieldName": "vip", "dataType": "CheckBox", "maxLength": 3, "position": 1}
    )

    assert len(simulator.call("GET", fields).json()["data"]) == 2
    simulator.settings(field_lag_seconds=0)
    assert len(simulator.call("GET", fields).json()["data"]) == 3


def test_a_new_import_is_seen_later(simulator: RunningSimulator) -> None:
    simulator.settings(import_lag_seconds=AN_HOUR)
    import_id = simulator.call("POST", IMPORTS, import_body("new@example.com\n")).json()["resourceId"]
    parts = ("", "/Status", "/Summary", "/Contact")

    assert [simulator.call("GET", f"{IMPORTS}/{import_id}{part}").status_code for part in parts] == [404] * 4
    assert simulator.call("GET", IMPORTS).json()["data"] == []

    simulator.settings(import_lag_seconds=0)
    assert [simulator.call("GET", f"{IMPORTS}/{import_id}{part}").status_code for part in parts] == [200] * 4
    assert len(simulator.call("GET", IMPORTS).json()["data"]) == 1
