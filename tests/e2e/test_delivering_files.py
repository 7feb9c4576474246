"""A file dropped in the bucket, through every part, to contacts on the list and a report."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.paths import EVENTS
from tests.support.stack.relay import Relay, people
from tests.support.waiting import eventually


def test_a_file_becomes_contacts_on_the_list(relay: Relay) -> None:
    report = relay.run(people(300))

    assert report["status"] == "COMPLETED"
    assert report["counts"]["accepted"] == report["counts"]["read"] == 300
    contact = relay.contacts()["person.00007@example.com"]
    assert contact["state"] == "Subscribed"
    assert contact["values"] == {"First Name": "Ada", "points": "7", relay.audience: "on"}
    assert len(relay.imports()) == 1


def test_a_small_file_goes_contact_by_contact(relay: Relay) -> None:
    report = relay.run(people(12))

    assert report["counts"]["accepted"] == 12
    assert len(relay.members()) == 12
    assert not relay.imports()


def test_opt_outs_unsubscribe_and_earlier_opt_outs_are_respected(relay: Relay) -> None:
    leaving = "ada@example.com,Ada,1,no\n"
    had_left = "opted.out@example.com,Bea,2,yes\n"

    report = relay.run(people(60) + leaving + had_left)

    assert report["counts"]["accepted"] == 61
    assert report["counts"]["skipped"] == 1
    assert relay.contacts()["ada@example.com"]["state"] == "Unsubscribed"
    assert relay.contacts()["opted.out@example.com"]["state"] == "Unsubscribed"


def test_every_row_turned_away_is_named_with_its_row_number(relay: Relay) -> None:
    rows = ["not an address,Ada,1,yes", ",Ada,2,yes", "maybe@example.com,Ada,3,maybe", "banned@example.com,Ada,4,yes"]

    report = relay.run(people(60) + "\n".join(rows) + "\n")

    turned_away = {(int(line["row"]), line["outcome"], line["reason"]) for line in relay.rejects(report)}
    assert turned_away == {
        (62, "rejected", "email_invalid"),
        (63, "rejected", "email_missing"),
        (64, "rejected", "opt_status_unreadable"),
        (65, "refused", "banned"),
    }
    assert report["counts"]["accepted"] == 60


def test_a_large_file_is_sent_in_several_imports(relay: Relay) -> None:
    report = relay.run(people(20_000))

    assert report["status"] == "COMPLETED"
    assert report["counts"]["accepted"] == 20_000
    assert len(relay.imports()) == len(report["chunks"]) > 1
    assert len(relay.members()) == 20_000


def test_a_key_with_spaces_and_accents_is_read(relay: Relay) -> None:
    report = relay.run(people(60), name="größe 1+1/week 47.csv")

    assert report["file"]["key"] == f"email/{relay.audience}/größe 1+1/week 47.csv"
    assert report["counts"]["accepted"] == 60


def test_the_same_event_twice_is_one_run(relay: Relay) -> None:
    dropped = relay.drop(people(60))
    first = relay.finish(dropped)

    outcome = relay.stack.invoke("ingest_audience", relay.event_of(dropped))

    assert not outcome.failed
    relay.wait_until_quiet()
    assert relay.stack.client.report(dropped.run_id) == first
    assert len(relay.imports()) == 1


def test_the_event_of_a_run_under_way_does_not_disturb_it(relay: Relay) -> None:
    dropped = relay.drop(people(5_000))
    eventually(lambda: relay.stack.client.progress(dropped.run_id), what="the run's begin")

    relay.stack.invoke("ingest_audience", relay.event_of(dropped))

    report = relay.finish(dropped)
    relay.wait_until_quiet()
    assert report["counts"]["accepted"] == 5_000
    assert len(relay.imports()) == len(report["chunks"])


def test_an_event_from_the_failure_queue_can_be_run_again(relay: Relay) -> None:
    dropped = relay.drop(people(60))
    relay.finish(dropped)
    failure = json.loads((EVENTS / "ingest_audience_failure.json").read_text())
    failure["requestPayload"] = relay.event_of(dropped)

    outcome = relay.stack.invoke("ingest_audience", {"Records": [{"body": json.dumps(failure)}]})

    assert not outcome.failed
    assert len(relay.imports()) == 1


def test_the_same_content_dropped_again_is_a_run_of_its_own_and_changes_nothing(relay: Relay) -> None:
    first = relay.run(people(60))
    contacts = relay.contacts()

    second = relay.run(people(60))

    assert second["run_id"] != first["run_id"]
    assert second["counts"] == first["counts"]
    assert relay.contacts() == contacts


def test_a_closed_run_is_announced(relay: Relay) -> None:
    dropped = relay.drop(people(60))
    report = relay.finish(dropped)

    observer = relay.stack.observer
    events = eventually(
        lambda: [event for event in observer.events() if event["detail"]["run_id"] == dropped.run_id], what="the event"
    )
    notices = eventually(
        lambda: [notice for notice in observer.notices() if dropped.run_id in notice["Message"]], what="the notice"
    )

    assert events[0]["detail-type"] == "Listrak Relay Run Closed"
    assert events[0]["detail"]["counts"] == report["counts"]
    assert "COMPLETED" in notices[0]["Subject"]


def test_no_log_line_holds_an_address(relay: Relay) -> None:
    relay.run(people(80, prefix="secret.person") + "secret.person@@example,Ada,1,yes\n")

    logs = Path(relay.stack.client.address.logs)

    for log in logs.glob("*Function.log"):
        assert "secret.person" not in log.read_text(), log
    assert "file " in (logs / "IngestAudienceFunction.log").read_text()
