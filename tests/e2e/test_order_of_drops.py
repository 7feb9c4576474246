"""The file dropped last says what becomes of a person, however long an earlier one takes."""

from __future__ import annotations

from tests.support.stack.relay import Relay, people
from tests.support.waiting import eventually

AN_HOUR = 3_600.0

ONE_NO = "email,opt_in\n{email},no\n"


def test_a_no_holds_although_an_import_of_a_yes_is_under_way(relay: Relay) -> None:
    relay.simulator.settings(import_processing_seconds=8)
    yes = relay.drop(people(3_000), name="yes.csv")
    no = relay.drop(ONE_NO.format(email="person.01500@example.com"), name="no.csv")

    first, last = relay.finish(yes), relay.finish(no)

    assert relay.contacts()["person.01500@example.com"]["state"] == "Unsubscribed"
    assert first["counts"]["accepted"] == 3_000
    assert last["counts"]["accepted"] == 1
    assert last["attention"] == []


def test_a_dozen_plain_audiences_go_side_by_side(relay: Relay) -> None:
    relay.simulator.settings(import_processing_seconds=AN_HOUR)
    dropped = [relay.drop(people(60, prefix=f"p{n}"), name=f"part{n}.csv") for n in range(12)]

    # One after the other, the second would not begin before an hour is over.
    eventually(lambda: len(relay.imports()) == 12, 240, "twelve imports that have begun")
    assert [job for job in relay.imports() if job["ended_at"]] == []
    relay.simulator.call("PUT", "clock", json={"ahead_seconds": AN_HOUR})
    relay.stack.pass_time(AN_HOUR)

    assert {relay.finish(each)["status"] for each in dropped} == {"COMPLETED"}
    assert len(relay.imports()) == 12


def test_a_no_of_somebody_unknown_holds_against_a_file_that_asks_nobody(relay: Relay) -> None:
    relay.run(ONE_NO.format(email="person.00002@example.com"), name="no.csv")

    report = relay.run("email\nperson.00001@example.com\nperson.00002@example.com\n", name="all.csv")

    assert "person.00002@example.com" not in relay.contacts()
    assert report["reasons"] == {"opted_out_before": 1}
