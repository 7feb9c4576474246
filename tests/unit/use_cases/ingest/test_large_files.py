"""A file that is too large for one function is handed over, once, to be read in ranges."""

from __future__ import annotations

import json

import pytest

from listrak_relay.domain.destinations.file_rules import FileRules
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import Action
from listrak_relay.domain.run.runs import DroppedFile, RunStatus
from listrak_relay.errors import FileTooLargeError, RetryableError
from listrak_relay.messages import CloseRun
from tests.support.runs.relay import Killed, Relay, destination

LIMIT = 1_000
LARGE = b"email\n" + b"a@example.com\n" * 100


def dropped(relay: Relay, key: str = "email/vip/large.csv", body: bytes = LARGE) -> DroppedFile:
    return relay.drops.drop(key, body)


def test_a_large_file_is_not_read_but_handed_over() -> None:
    relay = Relay(large_file_bytes=LIMIT)
    source = dropped(relay)

    assert relay.ingesting.ingest(source, "event", 900) == "read_in_ranges"

    assert relay.starter.started == [source.run_id]
    assert relay.reader.files_read == []
    assert json.loads(relay.store.objects[keys.job_key(source.run_id)])["audience"] == "vip"
    assert relay.ledger.get_run(source.run_id).status is RunStatus.INGESTING


def test_a_file_at_the_limit_is_read_whole() -> None:
    relay = Relay(large_file_bytes=LIMIT)

    assert relay.ingesting.ingest(dropped(relay, body=LARGE[:LIMIT]), "event", 900) == "ingested"
    assert relay.starter.started == []


def test_a_small_file_that_proves_too_large_when_unpacked_is_handed_over() -> None:
    relay = Relay(large_file_bytes=LIMIT)
    relay.reader.refuse = FileTooLargeError("unpacked it does not fit")
    source = dropped(relay, body=b"packed")

    assert relay.ingesting.ingest(source, "event", 900) == "read_in_ranges"
    assert relay.starter.started == [source.run_id]


def test_parts_that_are_large_together_are_handed_over_together() -> None:
    relay = Relay(destination(file=FileRules(success_marker="_SUCCESS")), large_file_bytes=LIMIT)
    parts = [relay.drops.drop(f"email/vip/f/{n}.csv", LARGE[:600]) for n in range(2)]
    marker = relay.drops.drop("email/vip/f/_SUCCESS", b"")

    assert relay.ingesting.ingest(marker, "event", 900) == "read_in_ranges"

    job = json.loads(relay.store.objects[keys.job_key(marker.run_id)])
    assert [part["key"] for part in job["parts"]] == [part.key for part in parts]
    assert job["destination"]["file"]["success_marker"] == "_SUCCESS"


def test_a_feed_is_sent_as_one_file_and_so_is_read_as_one() -> None:
    relay = Relay(large_file_bytes=LIMIT)
    source = dropped(relay, "orders/large.csv")

    assert relay.ingesting.ingest(source, "event", 900) == "ingested"

    relay.feed_reader.refuse = FileTooLargeError("it does not fit")
    again = dropped(relay, "orders/larger.csv")
    assert relay.ingesting.ingest(again, "event", 900) == "rejected"
    assert relay.ledger.get_run(again.run_id).problem_code == "file_too_large"
    assert relay.starter.started == []


def test_a_repeated_event_finds_the_run_handed_over_long_after_the_first_function_has_ended() -> None:
    relay = Relay(large_file_bytes=LIMIT)
    source = dropped(relay)
    relay.ingesting.ingest(source, "event", 900)

    relay.clock.advance(6 * 3600)

    assert relay.ingesting.ingest(source, "another event", 900) == "duplicate"
    assert relay.starter.started == [source.run_id]


@pytest.mark.parametrize("step", ["put", "open_run"])
def test_a_crash_on_the_way_is_made_good_by_the_next_try(step: str) -> None:
    relay = Relay(large_file_bytes=LIMIT)
    script = relay.store.script if step == "put" else relay.ledger.script
    script.fail(step, Killed(), after=True)
    source = dropped(relay)

    assert relay.ingest(source) == "read_in_ranges"
    assert relay.starter.started == [source.run_id]


def test_while_the_state_machine_cannot_be_asked_the_event_is_tried_again() -> None:
    relay = Relay(large_file_bytes=LIMIT)
    relay.starter.script.fail("start", RetryableError("throttled"))
    source = dropped(relay)

    with pytest.raises(RetryableError):
        relay.ingesting.ingest(source, "event", 900)

    assert relay.ingesting.ingest(source, "event", 900) == "read_in_ranges"


def test_the_sweep_leaves_a_run_alone_that_is_being_read_in_ranges_and_closes_one_that_was_left() -> None:
    relay = Relay(large_file_bytes=LIMIT)
    source = dropped(relay)
    relay.ingesting.ingest(source, "event", 900)

    relay.clock.advance(9.9 * 3600)
    assert not any(relay.sweep().found.values())

    relay.clock.advance(0.2 * 3600)
    assert relay.sweep().found["never_read"] == 1
    assert relay.ledger.get_run(source.run_id).status is RunStatus.FAILED


def test_a_run_that_is_given_up_is_closed_as_failed_at_once() -> None:
    relay = Relay(large_file_bytes=LIMIT)
    source = dropped(relay)
    relay.ingesting.ingest(source, "event", 900)

    relay.ledger.note_problem(source.run_id, "never_read", "Reading the file in ranges failed each time.")
    relay.close_queue.send([CloseRun(source.run_id, given_up=True)])
    relay.run_to_end()

    report = relay.report(source)
    assert (report["status"], report["problem_code"]) == ("FAILED", "never_read")
    assert report["counts"]["read"] == 0


def test_an_event_of_a_large_file_that_is_given_back_too_late_says_that_it_has_to_be_dropped_again() -> None:
    relay = Relay(large_file_bytes=LIMIT)
    source = dropped(relay)
    relay.ingesting.ingest(source, "event", 900)
    relay.clock.advance(11 * 3600)
    relay.sweep()
    started = relay.starter.script.calls.count("start")

    assert relay.ingesting.ingest(source, "given back", 900) == "rejected"
    relay.run_to_end()

    report = relay.report(source)
    assert (report["status"], report["problem_code"]) == ("REJECTED", "never_read")
    assert "drop it again" in report["problem"]
    assert relay.starter.script.calls.count("start") == started


def test_after_a_large_file_was_handed_over_small_ones_are_read_as_before() -> None:
    relay = Relay(large_file_bytes=LIMIT)
    relay.ingesting.ingest(dropped(relay), "event", 900)

    small = relay.drop([(Action.SUBSCRIBE, 2, ("a@example.com", "Oslo", "on"))])
    relay.run_to_end()

    assert relay.report(small)["status"] == "COMPLETED"
