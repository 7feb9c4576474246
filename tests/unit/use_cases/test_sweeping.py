"""Runs that were left open: each comes to an end, whatever is the matter with another."""

from __future__ import annotations

from itertools import pairwise

import pytest

from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.runs import ChunkOutcome, DroppedFile, RunStatus, Tally
from listrak_relay.errors import RetryableError
from listrak_relay.messages import CloseRun
from listrak_relay.use_cases.sweep_runs import INGEST_GRACE_SECONDS
from tests.support.fakes.script import Script
from tests.support.runs.relay import Relay, subscribers

HOUR = 3600.0


@pytest.fixture
def relay() -> Relay:
    return Relay()


def left_unread(relay: Relay, key: str = "email/vip/unread.csv") -> DroppedFile:
    source = relay.drops.drop(key, b"x")
    relay.ledger.open_run(source, "email", "vip", "crashed", 900)
    return source


def left_complete(relay: Relay, key: str = "email/vip/complete.csv") -> DroppedFile:
    """Its rows have ended, and the message that asks for its close was lost."""
    source = relay.drop(subscribers(range(10)), key)
    relay.email_queue.take()
    [chunk] = relay.ledger.chunks(source.run_id)
    relay.ledger.settle(source.run_id, chunk.chunk_id, ChunkOutcome(Tally(accepted=10)))
    return source


def test_a_run_whose_rows_never_end_is_given_up(relay: Relay) -> None:
    source = relay.drop(subscribers(range(10)))
    relay.email_queue.take()

    relay.clock.advance(49 * HOUR)
    swept = relay.sweep()
    relay.run_to_end()

    assert swept.found["overdue"] == 1
    report = relay.report(source)
    assert (report["status"], report["counts"]["dead_lettered"]) == ("STALLED", 10)


def test_runs_that_do_not_get_on_are_counted_until_half_an_hour_after_the_last_try(relay: Relay) -> None:
    source = relay.drop(subscribers(range(10)))
    relay.email_queue.take()
    assert relay.sweep().troubled == 0

    relay.ledger.note_trouble(source.run_id, "the server is away", relay.clock.now())

    relay.clock.advance(0.4 * HOUR)
    assert relay.sweep().troubled == 1
    relay.clock.advance(0.2 * HOUR)
    assert relay.sweep().troubled == 0


def test_a_file_that_could_never_be_read_is_closed_as_failed(relay: Relay) -> None:
    source = left_unread(relay)

    relay.clock.advance(INGEST_GRACE_SECONDS - 1)
    assert not any(relay.sweep().found.values())
    relay.clock.advance(2)
    assert relay.sweep().found["never_read"] == 1

    report = relay.report(source)
    assert report["status"] == "FAILED"
    assert "Reading the file failed" in report["attention"][0]


def test_a_run_that_cannot_be_looked_after_is_told_of_and_the_others_are_looked_after(relay: Relay) -> None:
    bad = left_unread(relay, "email/vip/bad.csv")
    relay.clock.advance(1)
    good = left_unread(relay)
    relay.clock.advance(11 * HOUR)
    relay.announcer.script.fail("announce", RetryableError("the topic is away"))

    swept = relay.sweep()

    assert swept.failed == {
        bad.run_id: "NotYetError: the end of the run cannot be announced: the topic is away",
    }
    assert swept.found["never_read"] == 1
    assert relay.ledger.get_run(good.run_id).status is RunStatus.FAILED
    assert relay.sweep().failed == {}
    assert relay.ledger.get_run(bad.run_id).status is RunStatus.FAILED


def test_announcements_that_fail_for_hours_set_nothing_aside_and_the_run_closes_when_they_work(relay: Relay) -> None:
    relay.announcer.script.fail("announce", RetryableError("the topic is away"), times=1_000)
    source = relay.drop(subscribers(range(10)))

    relay.run_to_end(hours=3)
    swept = relay.sweep()
    relay.run_to_end(hours=3)
    looks = relay.announcer.script.calls.count("announce")
    still_open = relay.ledger.get_run(source.run_id).status
    relay.announcer.script = Script()
    relay.run_to_end(hours=0.2)

    assert (still_open, relay.dead_letters, swept.failed) == (RunStatus.DELIVERING, [], {})
    assert looks < 400
    assert relay.ledger.get_run(source.run_id).status is RunStatus.COMPLETED
    assert len(relay.announcer.reports) == 1


def test_announcements_that_fail_for_longer_than_a_wait_may_last_set_the_message_aside(relay: Relay) -> None:
    relay.announcer.script.fail("announce", RetryableError("the topic is away"), times=10_000)
    relay.drop(subscribers(range(10)))

    relay.run_to_end(hours=14)

    assert [type(message) for message in relay.dead_letters] == [CloseRun]


def test_an_item_of_the_ledger_that_nobody_can_read_stops_no_sweep(relay: Relay) -> None:
    bad = left_unread(relay, "email/vip/bad.csv")
    relay.clock.advance(1)
    good = left_unread(relay)
    relay.clock.advance(11 * HOUR)
    relay.ledger.script.fail("get_run", ValueError("'PAUSED' is not a valid RunStatus"))

    swept = relay.sweep()

    assert set(swept.failed) == {bad.run_id}
    assert "PAUSED" not in swept.failed[bad.run_id]
    assert relay.ledger.get_run(good.run_id).status is RunStatus.FAILED


def test_a_run_that_cannot_be_closed_is_asked_for_once_a_day_and_for_two_weeks_at_most(relay: Relay) -> None:
    left_complete(relay)
    asked = []

    for _ in range(30 * 96):
        relay.sweep()
        asked += [(sent.message, relay.clock.now()) for sent in relay.close_queue.take()]
        relay.clock.advance(HOUR / 4)

    assert {type(message) for message, _ in asked} == {CloseRun}
    times = [at for _, at in asked]
    assert len(times) <= 18  # three days until its deadline, and two weeks
    assert min(later - earlier for earlier, later in pairwise(times)) >= 24 * HOUR


def test_a_close_that_could_not_be_asked_for_is_asked_for_by_the_next_sweep(relay: Relay) -> None:
    source = left_complete(relay)
    relay.close_queue.script.fail("send", RetryableError("the queue is away"))

    assert relay.sweep().failed
    assert relay.sweep().found["complete"] == 1
    relay.run_to_end()

    assert relay.ledger.get_run(source.run_id).status is RunStatus.COMPLETED


def test_a_run_that_was_redriven_is_asked_for_anew(relay: Relay) -> None:
    source = left_complete(relay)
    assert relay.sweep().found["complete"] == 1
    relay.close_queue.take()

    relay.ledger.change_run(source.run_id, tally=Tally(accepted=9, refused=1))

    assert relay.sweep().found["complete"] == 1


def test_a_run_whose_manifest_is_gone_is_closed_by_what_the_ledger_knows(relay: Relay) -> None:
    source = left_complete(relay)
    relay.store.delete(keys.manifest_key(source.run_id))

    relay.sweep()
    relay.run_to_end()

    report = relay.report(source)
    assert report["status"] == "COMPLETED"
    assert report["problem_code"] == "manifest_gone"
    assert report["counts"]["accepted"] == 10


def test_a_run_that_was_never_dispatched_and_whose_manifest_is_gone_comes_to_an_end(relay: Relay) -> None:
    source = relay.drop(subscribers(range(10)))
    relay.email_queue.take()
    relay.ledger.change_run(source.run_id, dispatched=False)
    relay.store.delete(keys.manifest_key(source.run_id))

    relay.clock.advance(HOUR)
    assert set(relay.sweep().failed) == {source.run_id}
    relay.clock.advance(49 * HOUR)
    assert relay.sweep().found["overdue"] == 1
    relay.run_to_end()

    report = relay.report(source)
    assert (report["status"], report["counts"]["dead_lettered"]) == ("STALLED", 10)


def test_an_event_given_back_after_its_run_was_closed_as_never_read_is_read_and_delivered(relay: Relay) -> None:
    relay.reader.rows = subscribers(range(10))
    source = left_unread(relay)
    relay.clock.advance(INGEST_GRACE_SECONDS + 1)
    relay.sweep()
    closed = relay.report(source)["status"]

    relay.ingest(source)
    relay.run_to_end()

    report = relay.report(source)
    assert (closed, report["status"], report["problem_code"]) == ("FAILED", "COMPLETED", None)
    assert report["counts"]["accepted"] == 10
