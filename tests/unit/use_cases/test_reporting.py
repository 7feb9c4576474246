"""What a closed run leaves for people and programs: report, page, and its line in the list of runs."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from listrak_relay.domain.destinations.choices import Mode
from listrak_relay.domain.run.manifest import Action
from listrak_relay.domain.run.work_keys import RUN_INDEX_KEY, RUN_LIST_KEY, report_page_key
from listrak_relay.errors import ConfigurationError, FileRejectedError, OutcomeUnknownError
from tests.support.paths import ROOT
from tests.support.runs.relay import Killed, Relay, destination, email_of, subscribers
from tests.support.runs.sms_relay import sms_relay, sms_rows

SCHEMA = json.loads((ROOT / "docs" / "schemas" / "report.schema.json").read_text(encoding="utf-8"))


def stored(relay: Relay, key: str) -> str:
    with relay.store.open(key) as body:
        return body.read().decode()


def checked(report: dict[str, Any]) -> dict[str, Any]:
    """As its published schema says, and with every key that this names."""
    jsonschema.validate(report, SCHEMA)
    assert set(report) <= set(SCHEMA["properties"])
    return report


def test_a_report_tells_list_mode_and_what_was_done_for_people() -> None:
    relay = Relay()
    relay.listrak.add_contact(relay.list_id, email_of(1), subscribed=True)

    source = relay.drop(subscribers(range(60)) + subscribers([1], Action.UNSUBSCRIBE))
    relay.run_to_end()

    report = checked(relay.report(source))
    assert (report["channel"], report["list"], report["mode"]) == ("email", "Master List", "add")
    assert report["done"]["unsubscribed"] == 1
    assert sum(report["done"].values()) == report["counts"]["accepted"]
    assert report["audience_size"] is None


def test_a_mirror_run_tells_the_size_of_the_audience_before_and_after() -> None:
    relay = Relay(replace(destination(), mode=Mode.MIRROR, mirror_guard_percent=100))
    relay.drop(subscribers(range(60)), "email/vip/first.csv")
    relay.run_to_end()

    source = relay.drop(subscribers(range(5, 70)), "email/vip/second.csv")
    relay.run_to_end()

    assert checked(relay.report(source))["audience_size"] == {"before": 60, "new": 10, "gone": 5, "now": 65}


def test_an_sms_run_tells_what_was_done_too() -> None:
    relay = sms_relay()

    source = relay.drop(sms_rows(range(3)), "sms/club/file.csv")
    relay.run_to_end()

    report = checked(relay.report(source))
    assert report["channel"] == "sms"
    assert report["done"] == {"subscribed": 3}


def test_a_report_names_what_the_run_made_in_listrak_and_a_later_one_nothing() -> None:
    relay = Relay()

    reports = []
    for name in ("first", "second"):
        source = relay.drop(subscribers([1]), f"email/vip/{name}.csv")
        relay.run_to_end()
        reports.append(checked(relay.report(source)))

    assert reports[0]["made"] == {"groups": ["Amperity Message Attributes"], "fields": ["vip", "City"]}
    assert reports[1]["made"] == {"groups": [], "fields": []}


@pytest.mark.parametrize("trouble", [Killed(), OutcomeUnknownError("no answer")], ids=["killed", "unknown"])
@pytest.mark.parametrize("method", ["create_group", "create_field"])
def test_what_a_preparation_made_before_it_broke_off_is_named_too(method: str, trouble: BaseException) -> None:
    relay = Relay()
    relay.listrak.script.fail(method, trouble, after=True)

    source = relay.drop(subscribers([1]), "email/vip/first.csv")
    relay.run_to_end()

    assert relay.report(source)["made"] == {"groups": ["Amperity Message Attributes"], "fields": ["vip", "City"]}


def test_what_listrak_refused_to_make_is_not_named() -> None:
    relay = Relay()
    relay.listrak.script.fail("create_field", ConfigurationError("listrak_refused", "no more fields"))

    source = relay.drop(subscribers([1]), "email/vip/first.csv")
    relay.run_to_end()

    assert relay.report(source)["made"] == {"groups": ["Amperity Message Attributes"], "fields": []}


def test_a_report_tells_what_happened_when() -> None:
    relay = Relay()

    source = relay.drop(subscribers(range(60)))
    relay.run_to_end()

    report = checked(relay.report(source))
    assert [moment["what"] for moment in report["timeline"]] == [
        "dropped",
        "begun",
        "read",
        "sent_first",
        "ended_last",
        "closed",
    ]
    assert [moment["at"] for moment in report["timeline"][1:]] == sorted(m["at"] for m in report["timeline"][1:])
    assert (report["timeline"][1]["at"], report["timeline"][-1]["at"]) == (report["opened_at"], report["closed_at"])


def test_a_report_tells_what_was_counted_of_the_run_and_its_price() -> None:
    relay = Relay()
    source = relay.drop(subscribers([1]))
    relay.usage.add(source.run_id, {"invocations": 5, "write_units": 40})

    relay.run_to_end()

    cost = checked(relay.report(source))["cost"]
    assert cost["counted"] == {"invocations": 5, "write_units": 40}
    assert cost["dollars"] == pytest.approx(5 * 0.2e-6 + 40 * 0.625e-6)


def test_a_file_that_was_not_read_has_made_nothing_and_a_short_time_line() -> None:
    relay = Relay()
    relay.reader.refuse = FileRejectedError("file_damaged", "too many rows are damaged")

    source = relay.drop([])
    relay.run_to_end()

    report = checked(relay.report(source))
    assert (report["made"], report["consent_counts"]) == ({"groups": [], "fields": []}, {})
    assert report["cost"] is None
    assert [moment["what"] for moment in report["timeline"]] == ["dropped", "begun", "read", "closed"]


def test_every_run_has_a_page_and_a_line_in_the_list_the_newest_first() -> None:
    relay = Relay()
    sources = []
    for name in ("first", "second"):
        sources.append(relay.drop(subscribers([1]), f"email/vip/{name}.csv"))
        relay.run_to_end()
        relay.clock.advance(60)

    pages = [stored(relay, report_page_key(source.run_id)) for source in sources]
    assert all("The only row was delivered" in page for page in pages)
    index = stored(relay, RUN_INDEX_KEY)
    assert index.index(sources[1].run_id) < index.index(sources[0].run_id)


def test_the_list_of_runs_forgets_what_is_older_than_ninety_days() -> None:
    relay = Relay()
    old = relay.drop(subscribers([1]), "email/vip/old.csv")
    relay.run_to_end()
    relay.clock.advance(91 * 86_400)

    new = relay.drop(subscribers([2]), "email/vip/new.csv")
    relay.run_to_end()

    listed = {entry["run_id"] for entry in json.loads(stored(relay, RUN_LIST_KEY)).values()}
    assert listed == {new.run_id}
    assert old.run_id not in stored(relay, RUN_INDEX_KEY)


@pytest.mark.parametrize("spoilt", [b"", b"not json"])
def test_a_spoilt_list_of_runs_is_made_anew(spoilt: bytes) -> None:
    relay = Relay()
    first = relay.drop(subscribers([1]), "email/vip/first.csv")
    relay.run_to_end()
    relay.store.put(RUN_LIST_KEY, spoilt, "application/json")

    second = relay.drop(subscribers([1]), "email/vip/second.csv")
    relay.run_to_end()

    listed = {entry["run_id"] for entry in json.loads(stored(relay, RUN_LIST_KEY)).values()}
    assert listed == {first.run_id, second.run_id}
