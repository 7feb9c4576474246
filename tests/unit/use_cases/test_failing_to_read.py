"""What nobody has foreseen while a file is read: it ends in the ledger, and no row's value is told."""

from __future__ import annotations

import json

import pytest

from listrak_relay.domain.run.manifest import Action
from listrak_relay.domain.run.runs import RunStatus
from listrak_relay.errors import RetryableError
from tests.support.runs.relay import Relay

ROWS = [(Action.SUBSCRIBE, 2, ("a@example.com", "Oslo", "on"))]


def test_reading_that_fails_in_an_unforeseen_way_is_tried_once_more() -> None:
    relay = Relay()
    relay.reader.rows = ROWS
    relay.reader.script.fail("read", ValueError("secret@example.com"))
    source = relay.drops.drop("email/vip/file.csv", b"email\n")

    with pytest.raises(ValueError, match="secret"):
        relay.ingesting.ingest(source, "event", 900)
    assert relay.ingesting.ingest(source, "event", 900) == "ingested"
    relay.run_to_end()

    report = relay.report(source)
    assert (report["status"], report["counts"]["accepted"], report["attention"]) == ("COMPLETED", 1, [])


def test_reading_that_fails_twice_is_a_failed_run_at_once() -> None:
    relay = Relay()
    relay.reader.script.fail("read", ValueError("secret@example.com"), times=2)
    source = relay.drops.drop("email/vip/file.csv", b"email\n")

    with pytest.raises(ValueError, match="secret"):
        relay.ingesting.ingest(source, "event", 900)
    assert relay.ingesting.ingest(source, "event", 900) == "failed"
    relay.run_to_end()

    assert relay.ledger.get_run(source.run_id).status is RunStatus.FAILED
    report = relay.report(source)
    assert report["problem_code"] == "read_failed"
    assert "ValueError at" in report["problem"]
    assert "secret" not in json.dumps(report)


@pytest.mark.parametrize("method", ["open_run", "record_ingest", "mark_dispatched"])
def test_a_ledger_that_is_away_for_all_of_lambdas_tries_costs_no_file(method: str) -> None:
    relay = Relay()
    relay.reader.rows = ROWS
    relay.ledger.script.fail(method, RetryableError("the ledger is away"), times=3)
    source = relay.drops.drop("email/vip/file.csv", b"email\n")

    for _ in range(3):
        with pytest.raises(RetryableError):
            relay.ingesting.ingest(source, "event", 900)
        relay.clock.advance(60)
    # The queue of failures gives the event back with the owner of those tries, whose lease is not over yet.
    assert relay.ingesting.ingest(source, "event", 900) in {"ingested", "dispatched_again"}
    relay.run_to_end()

    assert relay.report(source)["counts"]["accepted"] == 1


def test_a_feed_that_cannot_be_read_fails_as_well() -> None:
    relay = Relay()
    relay.feed_reader.script.fail("read", ZeroDivisionError(), times=2)
    source = relay.drops.drop("orders/file.csv", b"ordernumber\n")

    with pytest.raises(ZeroDivisionError):
        relay.ingesting.ingest(source, "event", 900)
    assert relay.ingesting.ingest(source, "event", 900) == "failed"
    relay.run_to_end()

    assert relay.ledger.get_run(source.run_id).status is RunStatus.FAILED
