"""Processes killed and answers lost at the worst moments: the same end, and no import twice."""

from __future__ import annotations

import pytest

from tests.support.stack.relay import Relay, people
from tests.support.waiting import eventually

LIST_IMPORT = r"/ListImport$"


def test_delivery_killed_between_sending_and_recording_sends_once(relay: Relay) -> None:
    relay.simulator.fault({"kind": "stall", "seconds": 30}, method="POST", path=LIST_IMPORT, count=1)
    dropped = relay.drop(people(500))
    eventually(relay.imports, what="the import")

    killed = relay.stack.kill("deliver_email")

    assert killed == 1
    report = relay.finish(dropped)
    assert report["counts"]["accepted"] == 500
    assert report["status"] == "COMPLETED"
    assert len(relay.imports()) == 1


def test_an_answer_lost_after_the_import_began_sends_once(relay: Relay) -> None:
    relay.simulator.fault({"kind": "drop", "handle": True}, method="POST", path=LIST_IMPORT, count=1)

    report = relay.run(people(500))

    assert report["counts"]["accepted"] == 500
    assert len(relay.imports()) == 1


def test_a_connection_that_breaks_before_the_import_began_sends_again(relay: Relay) -> None:
    relay.simulator.fault({"kind": "drop", "handle": False}, method="POST", path=LIST_IMPORT, count=1)

    report = relay.run(people(500))

    assert report["counts"]["accepted"] == 500
    assert len(relay.imports()) == 1


@pytest.mark.parametrize("handled", [True, False])
def test_a_server_error_leaves_one_import(relay: Relay, handled: bool) -> None:
    relay.simulator.fault(
        {"kind": "answer", "status": 500, "handle": handled}, method="POST", path=LIST_IMPORT, count=1
    )

    report = relay.run(people(500))

    assert report["counts"]["accepted"] == 500
    assert len(relay.imports()) == 1


def test_one_person_to_whom_listrak_fails_for_a_while_is_sent_by_a_later_delivery(relay: Relay) -> None:
    """Who came through before is not sent again."""
    rule = relay.simulator.fault({"kind": "answer", "status": 500}, path=r"/Contact/later\.00001@", count=5)

    report = relay.run(people(3, prefix="later"))

    assert [each["hits"] for each in relay.simulator.faults() if each["id"] == rule] == [5]
    assert (report["status"], report["counts"]["accepted"]) == ("COMPLETED", 3)


def test_being_asked_to_wait_is_obeyed(relay: Relay) -> None:
    effect = {"kind": "answer", "status": 429, "error": "ERROR_THROTTLED", "headers": {"Retry-After": "1"}}
    relay.simulator.fault(effect, path="/email/v1/List", count=2)

    report = relay.run(people(500))

    assert report["counts"]["accepted"] == 500
    assert len(relay.imports()) == 1


def test_a_token_that_ends_early_is_renewed(relay: Relay) -> None:
    relay.run(people(60))
    relay.simulator.call("DELETE", "tokens")

    report = relay.run(people(60, prefix="later"))

    assert report["counts"]["accepted"] == 60


def on_disk(relay: Relay, function: str) -> int:
    """Bytes in its execution environments, whether a process is in them or not."""
    files = (file for folder in relay.stack.function(function).scratch_folders for file in folder.rglob("*"))
    try:
        return sum(file.stat().st_size for file in files if file.is_file())
    except FileNotFoundError:
        return 0  # removed meanwhile


@pytest.mark.parametrize(("function", "rows"), [("ingest_audience", 40_000), ("ingest_ranges", 60_000)])
def test_a_file_killed_in_its_midst_leaves_nothing_in_the_way_of_a_large_one_of_another_destination(
    relay: Relay, function: str, rows: int
) -> None:
    relay.configure("version: 1\ndestinations:\n  vip: {channel: email, list: Master List}\n")
    relay.stack.function(function).forget_warm_processes()
    first = relay.drop(people(rows))
    eventually(lambda: on_disk(relay, function) > 0 and relay.stack.kill(function) > 0, 60, "files on its disk")

    other = relay.drop(people(rows, prefix="other"), destination="vip")

    assert relay.finish(other)["counts"]["accepted"] == rows
    assert relay.finish(first)["counts"]["accepted"] == rows
    eventually(lambda: on_disk(relay, function) == 0, what="a disk as empty as before")


def test_a_file_that_failed_at_each_of_lambdas_tries_is_read_later_and_nobody_hears_of_it(relay: Relay) -> None:
    def crashed() -> int:
        return [record.error for record in relay.stack.invocations].count("Runtime.ExitError")

    before = crashed()
    dropped = relay.drop(people(30_000))
    for tries in range(1, 4):
        eventually(lambda: relay.stack.kill("ingest_audience"), what="a process to kill")
        eventually(lambda wanted=before + tries: crashed() >= wanted, what="its end")  # type: ignore[misc]

    assert relay.finish(dropped)["counts"]["accepted"] == 30_000
    depths = relay.stack.queues.depths()
    assert (depths["IngestFailureQueue"], depths["IngestFailureDeadLetterQueue"]) == (0, 0)


@pytest.mark.parametrize("function", ["ingest_audience", "deliver_email", "monitor_import", "close_run"])
def test_each_function_killed_once_leaves_the_same_counts(relay: Relay, function: str) -> None:
    dropped = relay.drop(people(3_000) + "nobody,Ada,1,yes\n")

    eventually(lambda: relay.stack.kill(function), what=f"a process of {function} to kill")

    report = relay.finish(dropped)
    assert report["status"] == "COMPLETED"
    assert report["counts"]["accepted"] == 3_000
    assert report["counts"]["rejected"] == 1
    assert len(relay.imports()) == len(report["chunks"])
