"""Markers, parts and objects without data: which object is a run, and of what."""

from __future__ import annotations

import pytest

from listrak_relay.domain.destinations.file_rules import FileRules
from listrak_relay.domain.run.manifest import Action
from listrak_relay.domain.run.runs import DroppedFile, RunStatus
from tests.support.runs.relay import Killed, Relay, destination, subscribers

WAITING = destination(file=FileRules(success_marker="*.DONE"))


def read_keys(relay: Relay) -> list[list[str]]:
    return [[file.name for file in files] for files in relay.reader.files_read]


def test_parts_wait_for_their_marker_and_are_then_one_run() -> None:
    relay = Relay(WAITING)
    relay.reader.rows = subscribers(range(5))
    parts = [relay.drops.drop(f"email/vip/may/{name}", b"email\n") for name in ("b.csv", "a.csv")]

    assert [relay.ingest(part) for part in parts] == ["set_aside", "set_aside"]
    marker = relay.drops.drop("email/vip/may/all.DONE", b"")
    assert relay.ingest(marker) == "ingested"
    relay.run_to_end()

    assert read_keys(relay) == [["email/vip/may/a.csv", "email/vip/may/b.csv"]]
    assert relay.report(marker)["status"] == "COMPLETED"
    waiting = relay.ledger.get_run(parts[0].run_id)
    assert (waiting.status, waiting.problem_code) == (RunStatus.SET_ASIDE, "waits_for_marker")


def test_objects_without_data_and_other_folders_are_no_parts() -> None:
    relay = Relay(WAITING)
    for key in ("x/a.csv", "x/.keep", "x/", "x/empty.csv", "x/_SUCCESS", "y/b.csv", "x/deep/c.csv"):
        relay.drops.drop(f"email/vip/{key}", b"" if "empty" in key or key.endswith("/") else b"email\n")

    relay.ingest(relay.drops.drop("email/vip/x/1.DONE", b"done"))

    assert read_keys(relay) == [["email/vip/x/a.csv", "email/vip/x/deep/c.csv"]]


def test_a_second_marker_takes_only_what_came_after_the_first() -> None:
    relay = Relay(WAITING)
    relay.drops.drop("email/vip/a.csv", b"email\n")
    relay.ingest(relay.drops.drop("email/vip/1.DONE", b""))
    relay.drops.drop("email/vip/b.csv", b"email\n")

    relay.ingest(relay.drops.drop("email/vip/2.DONE", b""))

    assert read_keys(relay) == [["email/vip/a.csv"], ["email/vip/b.csv"]]


def test_a_marker_without_parts_is_rejected_with_what_to_do() -> None:
    relay = Relay(WAITING)
    marker = relay.drops.drop("email/vip/1.DONE", b"")

    assert relay.ingest(marker) == "rejected"

    assert relay.ledger.get_run(marker.run_id).problem_code == "marker_without_parts"


def test_a_part_replaced_after_a_crash_does_not_change_the_set_of_a_run() -> None:
    relay = Relay(WAITING)
    first = relay.drops.drop("email/vip/a.csv", b"email\n")
    marker = relay.drops.drop("email/vip/1.DONE", b"")
    relay.reader.script.fail("read", Killed(), after=True)
    with pytest.raises(Killed):
        relay.ingesting.ingest(marker, "one", 900)
    relay.drops.drop("email/vip/z.csv", b"email\n")

    relay.ingesting.ingest(marker, "one", 900)

    assert read_keys(relay) == [[first.key], [first.key]]


def test_without_the_setting_a_marker_is_no_data_and_each_file_is_a_run() -> None:
    relay = Relay()
    relay.reader.rows = subscribers(range(3))

    words = [
        relay.ingest(relay.drops.drop(f"email/vip/{name}", body))
        for name, body in (("a.csv", b"email\n"), ("b.DONE", b"x"))
    ]

    assert words == ["ingested", "set_aside"]


def test_rejects_of_a_set_name_file_and_row_there() -> None:
    relay = Relay(WAITING)
    relay.reader.rows = [(Action.SUBSCRIBE, row, [f"a{row}@example.com", "", "on"]) for row in (2, 3)]
    relay.reader.parts = (("email/vip/a.csv", 0), ("email/vip/b.csv", 40))
    relay.reader.rejected, relay.reader.reasons = 2, {"email_invalid": 2}
    relay.reader.rejects = (
        "row,outcome,reason,column,detail,record\n"
        "40,rejected,email_invalid,email,no,x\n"
        "43,rejected,email_invalid,email,no,y\n"
    )
    relay.drops.drop("email/vip/a.csv", b"email\n")
    marker = relay.drops.drop("email/vip/1.DONE", b"")
    relay.ingest(marker)

    relay.run_to_end()

    assert relay.lines(marker) == [
        "40,rejected,email_invalid,email,no,x,email/vip/a.csv",
        "3,rejected,email_invalid,email,no,y,email/vip/b.csv",
    ]


def test_every_part_has_a_run_of_its_own_in_the_ledger() -> None:
    relay = Relay(WAITING)
    part: DroppedFile = relay.drops.drop("email/vip/a.csv", b"email\n")

    relay.ingest(part)

    assert relay.ledger.get_run(part.run_id).closed_at is not None
    assert relay.reader.files_read == []
