"""Markers, parts and objects without data: which object is a run, and of what."""

from __future__ import annotations

import pytest

from listrak_relay.domain.destinations.choices import Mode
from listrak_relay.domain.destinations.file_rules import FileRules
from listrak_relay.domain.run.manifest import Action
from listrak_relay.domain.run.runs import DroppedFile, RunStatus
from tests.support.runs.relay import Killed, Relay, destination, email_of, subscribers

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


MIRRORING = destination(mode=Mode.MIRROR, mirror_guard_percent=100, audience_guard_percent=100)


@pytest.mark.parametrize(
    "names",
    [
        ("part-00000-3f2a-c000.csv", "part-00001-3f2a-c000.csv"),
        ("may/a.csv", "may/b.csv"),
        ("data_0_0_0.csv.gz", "data_0_1_0.csv.gz"),
        ("vip-000000000000.csv", "vip-000000000001.csv"),
        ("vip 1 of 2.csv", "vip 2 of 2.csv"),
    ],
)
def test_a_later_part_of_an_audience_to_be_mirrored_is_refused_without_a_marker(names: tuple[str, str]) -> None:
    relay = Relay(MIRRORING)
    relay.drop(subscribers(range(10)), f"email/vip/{names[0]}")
    relay.run_to_end()

    second = relay.drop(subscribers(range(10, 20)), f"email/vip/{names[1]}")
    relay.run_to_end()

    report = relay.report(second)
    assert (report["status"], report["problem_code"]) == ("REJECTED", "mirror_without_marker")
    assert "success_marker" in report["problem"]
    assert relay.listrak.members(relay.list_id, "vip") == [email_of(n) for n in range(10)]


@pytest.mark.parametrize(
    ("names", "minutes"),
    [
        (("monday.csv", "tuesday.csv"), 0),
        (("vip_20261128.csv", "vip_20261129.csv"), 0),
        (("vip_2026_11_28_10.csv", "vip_2026_11_29_10.csv"), 0),
        (("part-00000.csv", "part-00000.csv"), 0),
        (("may/a.csv", "may/b.csv"), 11),
        (("monday/a.csv", "tuesday/a.csv"), 0),
    ],
)
def test_whole_files_one_after_another_are_no_parts(names: tuple[str, str], minutes: int) -> None:
    relay = Relay(MIRRORING)
    relay.drop(subscribers(range(10)), f"email/vip/{names[0]}")
    relay.run_to_end(hours=0)
    relay.clock.advance(minutes * 60)

    relay.drop(subscribers(range(10, 20)), f"email/vip/{names[1]}")
    relay.run_to_end()

    assert relay.listrak.members(relay.list_id, "vip") == [email_of(n) for n in range(10, 20)]


def test_parts_of_an_audience_that_is_added_to_go_one_by_one() -> None:
    relay = Relay(destination())
    for n in range(2):
        relay.drop(subscribers([n]), f"email/vip/part-0000{n}.csv")
    relay.run_to_end()

    assert relay.listrak.members(relay.list_id, "vip") == [email_of(0), email_of(1)]
