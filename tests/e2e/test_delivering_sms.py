"""SMS files through the whole stack: the real template and functions, the simulated Listrak."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.stack.relay import Relay

CONFIGURATION = """
version: 1
destinations:
  texts: {channel: sms, missing_opt_status: subscribe}
  texts_mirror: {channel: sms, mode: mirror, missing_opt_status: subscribe, mirror_guard_percent: 50}
"""


def states(relay: Relay) -> dict[str, str]:
    contacts: list[dict[str, Any]] = relay.simulator.call("GET", "sms/71755/contacts")
    found = {each["phone"]: each["lists"].get("Master List") for each in contacts}
    return {phone: on_list["state"] for phone, on_list in found.items() if on_list}


def opt_outs_lifted(relay: Relay) -> list[dict[str, Any]]:
    return [each for each in relay.simulator.call("GET", "sms/71755/opt-outs") if each["lifted_at"]]


@pytest.fixture
def numbers() -> list[str]:
    # Numbers that a phone company could give out; 555-01xx never is, which a check of validity knows.
    return [f"(212) 555-1{n:03}" for n in range(1, 21)]


def test_a_file_without_consent_is_rejected_and_the_setting_named(relay: Relay, numbers: list[str]) -> None:
    report = relay.run("Phone\n" + "\n".join(numbers) + "\n", "sms")

    assert report["status"] == "REJECTED"
    assert "missing_opt_status: subscribe" in report["problem"]
    assert relay.calls("POST", "/sms/") == 0


def test_new_people_are_subscribed_with_their_facts_and_values(relay: Relay, numbers: list[str]) -> None:
    lines = [f"{number},Ada,Moss,17543,gold,yes" for number in numbers]

    report = relay.run("\n".join(["Phone,First Name,Last Name,Postal Code,tier,opt_in", *lines]) + "\n", "sms")

    assert report["status"] == "COMPLETED"
    assert report["counts"]["accepted"] == 20
    assert report["accepted_as"] == {"created": 20}
    contacts = {each["phone"]: each for each in relay.simulator.call("GET", "sms/71755/contacts")}
    assert contacts["12125551001"]["first_name"] == "Ada"
    assert contacts["12125551001"]["values"]["Tier"] == "gold"


def test_whoever_said_stop_stays_so_and_a_second_run_writes_nothing(relay: Relay, numbers: list[str]) -> None:
    relay.simulator.seed({"sms": {"sender_codes": [{"code": "71755", "opt_outs": [{"phone": "12125551001"}]}]}})
    relay.configure(CONFIGURATION)
    content = "Phone\n" + "\n".join(numbers) + "\n"

    first = relay.run(content, "texts")
    writes = relay.simulator.call("GET", "calls")["writes"]
    second = relay.run(content, "texts", "again.csv")

    assert first["counts"]["skipped"] == second["counts"]["skipped"] == 1
    assert second["accepted_as"] == {"already_right": 19}
    assert relay.simulator.call("GET", "calls")["writes"] == writes
    assert opt_outs_lifted(relay) == []


def test_a_mirror_run_unsubscribes_who_is_not_in_the_file(relay: Relay, numbers: list[str]) -> None:
    relay.configure(CONFIGURATION)
    relay.run("Phone\n" + "\n".join(numbers) + "\n", "texts")

    report = relay.run("Phone\n" + "\n".join(numbers[:15]) + "\n", "texts_mirror", "fewer.csv")

    assert report["removals"] == {"removed": 8}
    subscribed = {phone for phone, state in states(relay).items() if state == "Subscribed"}
    assert subscribed == {f"12125551{n:03}" for n in range(1, 16)}


def test_the_mirror_guard_stops_before_the_first_removal(relay: Relay, numbers: list[str]) -> None:
    relay.configure(CONFIGURATION)
    relay.run("Phone\n" + "\n".join(numbers) + "\n", "texts")

    report = relay.run(f"Phone\n{numbers[0]}\n", "texts_mirror", "one.csv")

    assert report["status"] == "REJECTED"
    assert report["problem_code"] == "mirror_guard"
    assert relay.calls("DELETE", "/sms/") == 0


def test_an_inactive_list_stops_the_run_before_anything_is_sent(relay: Relay, numbers: list[str]) -> None:
    relay.configure(
        "version: 1\ndestinations:\n  old: {channel: sms, list: Holiday 2024, missing_opt_status: subscribe}\n"
    )

    report = relay.run("Phone\n" + "\n".join(numbers) + "\n", "old")

    assert report["status"] == "FAILED"
    assert report["problem_code"] == "list_inactive"
    assert relay.calls("POST", "/sms/v1") == 0
