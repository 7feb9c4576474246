"""Runs against Listrak as it may be: each reading that its documents leave open comes to the same people and counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from listrak_relay.domain.destinations.choices import Channel, Mode, UnknownOptOuts
from listrak_relay.domain.run.manifest import AUDIENCE_MARK, Action
from tests.support.listrak.sms_simulator import SENDER_CODE
from tests.support.runs.relay import Relay, Row, email_of, subscribers
from tests.support.runs.simulated import simulated_relay

if TYPE_CHECKING:
    from tests.support.listrak.simulator import RunningSimulator

AS_SUPPOSED: dict[str, Any] = {}
OTHER_RESULTS = "Added,Known,Removed,Gone,Left,Held,Barred,Bad,Unread"
EMAIL_READINGS: dict[str, dict[str, Any]] = {
    "as supposed": AS_SUPPOSED,
    "other result words": {"import_result_words": OTHER_RESULTS},
    "null result words": {"import_result_words": ",,,,,,,,"},
    "other status words": {"import_status_words": "new,at work,ready,broken"},
    "null status": {"import_status_words": ",,,"},
    "unknown rows left out": {"import_unknown_rows": "left_out"},
    "import names without extension": {"import_names": "stem"},
    "marked import names": {"import_names": "marked"},
    "subscribing a subscriber refused": {"subscribed_again": "refused"},
    "cursors as addresses": {"next_page_cursor": "uri"},
    "contacts seen later": {"contact_lag_seconds": 5},
    "fields seen later": {"field_lag_seconds": 5},
    "imports seen later": {"import_lag_seconds": 5},
    "a rate limit": {"rate_limit_per_second": 5},
    "a rate limit with Retry-After": {"rate_limit_per_second": 5, "rate_limit_retry_after": 2},
    "no slash at the end": {"trailing_slash": "unknown_route"},
    "lower-case booleans": {"query_booleans": "lower_case"},
}
SMS_READINGS: dict[str, dict[str, Any]] = {
    "as supposed": AS_SUPPOSED,
    "numbers found by their digits alone": {"sms_located_form": "digits"},
    "400 for an unknown number": {"sms_unknown_number": "number_not_found"},
    "no content type demanded": {"sms_bodyless_content_type": "free"},
    "opt-outs with a cursor": {"sms_opt_out_cursor": True},
    "numbers with a plus": {"sms_number_form": "plus"},
    "national numbers": {"sms_number_form": "national"},
    "codes by state": {"sms_create_existing": "by_state"},
    "everyone listed": {"sms_listed_states": "all"},
    "null status": {"import_status_words": ",,,"},
    "contacts seen later": {"contact_lag_seconds": 5},
    "imports seen later": {"import_lag_seconds": 5},
    "a rate limit": {"rate_limit_per_second": 5},
}


def email_rows() -> list[Row]:
    subscribed = [f"new{n}@example.com" for n in range(6)]
    subscribed += ["ada@example.com", "cleo@example.com", "opted.out@example.com", "banned@example.com"]
    updated = ["ada@example.com", "stranger@example.com", "left.last.year@example.com"]
    unsubscribed = ["ben@example.com", "unknown@example.com", "opted.out@example.com"]
    people = [(Action.SUBSCRIBE, each) for each in subscribed]
    people += [(Action.UPDATE, each) for each in updated]
    people += [(Action.UNSUBSCRIBE, each) for each in unsubscribed]
    return [
        (action, row, (email,) if action is Action.UNSUBSCRIBE else (email, "Lititz", AUDIENCE_MARK))
        for row, (action, email) in enumerate(people, start=2)
    ]


def outcome(relay: Relay, rows: list[Row], key: str) -> tuple[str, dict[str, int]]:
    source = relay.drop(rows, key)
    relay.run_to_end()
    assert not relay.dead_letters
    report = relay.report(source)
    assert report["balanced"], report
    return report["status"], {name: count for name, count in report["counts"].items() if count}


@pytest.mark.parametrize("reading", EMAIL_READINGS)
def test_email_by_import_comes_to_the_same(simulator: RunningSimulator, reading: str) -> None:
    email_comes_to_the_same(simulator, reading, small_chunk_rows=2)


@pytest.mark.parametrize("reading", EMAIL_READINGS)
def test_email_by_contact_comes_to_the_same(simulator: RunningSimulator, reading: str) -> None:
    email_comes_to_the_same(simulator, reading, small_chunk_rows=100)


def email_comes_to_the_same(simulator: RunningSimulator, reading: str, *, small_chunk_rows: int) -> None:
    simulator.settings(**EMAIL_READINGS[reading])
    relay = simulated_relay(simulator, small_chunk_rows=small_chunk_rows)

    status, counts = outcome(relay, email_rows(), "email/vip/file.csv")

    contacts = simulator.contacts()
    assert status == "COMPLETED"
    assert counts == {"read": 16, "accepted": 11, "refused": 1, "skipped": 4}
    assert {each for each in contacts if contacts[each]["values"].get("vip")} == {
        *(f"new{n}@example.com" for n in range(6)),
        "ada@example.com",
        "cleo@example.com",
    }
    assert {each for each in contacts if contacts[each]["state"] == "Unsubscribed"} == {
        "ben@example.com",
        "opted.out@example.com",
        "left.last.year@example.com",
    }


@pytest.mark.parametrize(
    ("reading", "unknown", "counts"),
    [
        ("refused", UnknownOptOuts.REMEMBER, (1, 1)),
        ("recorded", UnknownOptOuts.REMEMBER, (1, 1)),
        ("refused", UnknownOptOuts.RECORD, (1, 1)),
        ("recorded", UnknownOptOuts.RECORD, (2, 0)),
    ],
)
@pytest.mark.parametrize("small_chunk_rows", [2, 100], ids=["by import", "by contact"])
def test_a_no_of_somebody_unknown_is_recorded_where_it_is_asked_for_and_taken(
    simulator: RunningSimulator, reading: str, unknown: UnknownOptOuts, counts: tuple[int, int], small_chunk_rows: int
) -> None:
    simulator.settings(unknown_unsubscribed=reading)
    relay = simulated_relay(simulator, small_chunk_rows=small_chunk_rows, unknown_opt_outs=unknown)
    nos: list[Row] = [(Action.UNSUBSCRIBE, 2, ("ben@example.com",)), (Action.UNSUBSCRIBE, 3, ("unknown@example.com",))]

    status, found = outcome(relay, nos, "email/vip/file.csv")

    contacts = simulator.contacts()
    assert (status, (found["accepted"], found.get("skipped", 0))) == ("COMPLETED", counts)
    assert contacts["ben@example.com"]["state"] == "Unsubscribed"
    recorded = counts == (2, 0)
    assert contacts.get("unknown@example.com", {}).get("state") == ("Unsubscribed" if recorded else None)


@pytest.mark.parametrize("small_chunk_rows", [2, 100], ids=["by import", "by contact"])
@pytest.mark.parametrize("reading", ["as supposed", "contacts seen later", "imports seen later", "other status words"])
def test_a_mirror_run_comes_to_the_same(simulator: RunningSimulator, reading: str, small_chunk_rows: int) -> None:
    simulator.settings(**EMAIL_READINGS[reading])
    relay = simulated_relay(simulator, small_chunk_rows=small_chunk_rows, mode=Mode.MIRROR, mirror_guard_percent=100)
    outcome(relay, subscribers(range(10)), "email/vip/monday.csv")
    relay.clock.advance(60)

    status, counts = outcome(relay, subscribers(range(4, 12)), "email/vip/tuesday.csv")

    contacts = simulator.contacts()
    assert (status, counts) == ("COMPLETED", {"read": 8, "accepted": 8})
    marked = {each for each in contacts if contacts[each]["values"].get("vip") == "on"}
    assert marked == {email_of(n) for n in range(4, 12)}


@pytest.mark.parametrize("reading", SMS_READINGS)
def test_sms_comes_to_the_same(simulator: RunningSimulator, reading: str) -> None:
    simulator.settings(**SMS_READINGS[reading])
    relay = simulated_relay(simulator, Channel.SMS)
    relay.reader.columns = ()
    wanted = [f"+1717555{n:04}" for n in (101, 104, 106, 110, 150, 151)]
    rows: list[Row] = [(Action.SUBSCRIBE, row, (number,)) for row, number in enumerate(wanted, start=2)]
    rows += [(Action.UNSUBSCRIBE, 8, ("+17175550102",)), (Action.UNSUBSCRIBE, 9, ("+17175550160",))]

    status, counts = outcome(relay, rows, "sms/texts/file.csv")

    contacts = {each["phone"]: each for each in simulator.control("GET", f"/sms/{SENDER_CODE}/contacts")}
    opt_outs = simulator.control("GET", f"/sms/{SENDER_CODE}/opt-outs")
    subscribed = {
        phone for phone, each in contacts.items() if each["lists"].get("Master List", {}).get("state") == "Subscribed"
    }
    assert status == "COMPLETED"
    assert counts == {"read": 8, "accepted": 7, "skipped": 1}
    assert subscribed == {f"1717555{n:04}" for n in (101, 103, 104, 110, 150, 151)}
    assert not [each for each in opt_outs if each["lifted_at"]]


def test_nobody_of_twelve_thousand_opt_outs_without_a_cursor_is_subscribed(simulator: RunningSimulator) -> None:
    opted_out = [f"1201555{n:04}" for n in range(10_000)] + [f"1201556{n:04}" for n in range(2_000)]
    opt_outs = [{"phone": number} for number in opted_out]
    simulator.control("POST", "/seed", {"sms": {"sender_codes": [{"code": "71755", "opt_outs": opt_outs}]}})
    relay = simulated_relay(simulator, Channel.SMS)
    relay.reader.columns = ()
    wanted = [*opted_out[::100], "17175550150"]
    rows: list[Row] = [(Action.SUBSCRIBE, row, (f"+{number}",)) for row, number in enumerate(wanted, start=2)]

    status, counts = outcome(relay, rows, "sms/texts/file.csv")

    told = simulator.control("GET", f"/sms/{SENDER_CODE}/opt-outs")
    assert status == "COMPLETED"
    assert counts == {"read": 121, "accepted": 1, "skipped": 120}
    assert not [each for each in told if each["lifted_at"]]


@pytest.mark.parametrize("located", ["digits", "plus", "national"])
def test_a_form_of_numbers_that_listrak_does_not_find_stops_the_run(simulator: RunningSimulator, located: str) -> None:
    simulator.settings(sms_located_form=located)
    relay = simulated_relay(simulator, Channel.SMS)
    relay.reader.columns = ()

    source = relay.drop([(Action.UNSUBSCRIBE, 2, ("+17175550102",))], "sms/texts/file.csv")
    relay.run_to_end()

    report = relay.report(source)
    contacts = {each["phone"]: each for each in simulator.control("GET", f"/sms/{SENDER_CODE}/contacts")}
    left = contacts["17175550102"]["lists"]["Master List"]["state"] == "Unsubscribed"
    assert (report["status"], left) == (("COMPLETED", True) if located == "digits" else ("REJECTED", False))
    if located != "digits":
        assert report["problem_code"] == "numbers_not_located"
        assert f"phone_format: {located}" in report["problem"]
