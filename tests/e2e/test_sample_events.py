"""The events under `events/` have the shape that each function reads, so that `sam local invoke -e` works with them."""

from __future__ import annotations

import json

import pytest

from tests.support.paths import EVENTS
from tests.support.stack.relay import Relay

SAMPLE_BUCKETS = ("listrak-relay-dropbucket-example", "our-drops")
"""Of the stack's own and of a given one: the role here may read neither."""


@pytest.mark.parametrize("name", ["deliver_email", "deliver_sms", "relay_feed", "monitor_import", "close_run"])
def test_a_message_about_an_unknown_run_stays_on_the_queue(relay: Relay, name: str) -> None:
    event = json.loads((EVENTS / f"{name}.json").read_text())

    outcome = relay.stack.invoke(name, event)

    assert not outcome.failed
    assert outcome.payload == {"batchItemFailures": [{"itemIdentifier": event["Records"][0]["messageId"]}]}


def test_the_schedule_sweeps_runs(relay: Relay) -> None:
    outcome = relay.stack.invoke("close_run", json.loads((EVENTS / "close_run_sweep.json").read_text()))

    assert not outcome.failed


@pytest.mark.parametrize("name", sorted(path.stem for path in EVENTS.glob("ingest_audience*.json")))
def test_a_file_that_is_gone_is_a_rejected_run(relay: Relay, name: str) -> None:
    text = (EVENTS / f"{name}.json").read_text()
    for bucket in SAMPLE_BUCKETS:
        text = text.replace(bucket, relay.stack.client.address.drop_bucket)

    outcome = relay.stack.invoke("ingest_audience", json.loads(text))

    assert not outcome.failed, outcome.payload


def test_a_step_of_a_run_that_was_never_handed_over_says_so(relay: Relay) -> None:
    outcome = relay.stack.invoke("ingest_ranges", json.loads((EVENTS / "ingest_ranges.json").read_text()))

    assert outcome.failed
    assert outcome.payload["errorType"] == "ConfigurationError"
    assert "email-0123456789abcdef" in outcome.payload["errorMessage"]
