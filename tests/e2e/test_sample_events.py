"""The events under `events/` have the shape that each function reads, so that `sam local invoke -e` works with them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.paths import EVENTS
from tests.support.stack.relay import Relay

SAMPLE_BUCKETS = ("listrak-relay-dropbucket-example", "our-drops")
"""Of the stack's own and of a given one: the role here may read neither."""

SCHEDULED = {"close_run_sweep": "close_run", "collect_opt_outs": "collect_opt_outs"}
"""Event → function."""

CONSUMERS = ("deliver_email", "deliver_sms", "relay_feed", "monitor_import", "close_run")


def named(*functions: str) -> list[str]:
    """Events of these functions but for those of a schedule."""
    return sorted(
        path.stem for path in EVENTS.glob("*.json") if path.stem.startswith(functions) and path.stem not in SCHEDULED
    )


MESSAGES, FILES, STEPS = named(*CONSUMERS), named("ingest_audience"), named("ingest_ranges")


def event(name: str) -> Any:
    return json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))


def test_every_event_is_tried_here() -> None:
    tried = {*MESSAGES, *FILES, *STEPS, *SCHEDULED}

    assert tried == {path.stem for path in EVENTS.glob("*.json")} - {"env"}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_about_an_unknown_run_stays_on_the_queue(relay: Relay, name: str) -> None:
    message = event(name)

    outcome = relay.stack.invoke(next(one for one in CONSUMERS if name.startswith(one)), message)

    assert not outcome.failed
    assert outcome.payload == {"batchItemFailures": [{"itemIdentifier": message["Records"][0]["messageId"]}]}


@pytest.mark.parametrize("name", SCHEDULED)
def test_a_schedule_finds_nothing_to_do(relay: Relay, name: str) -> None:
    relay.configure("version: 1\n")

    outcome = relay.stack.invoke(SCHEDULED[name], event(name))

    assert not outcome.failed


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_gone_is_a_rejected_run(relay: Relay, name: str) -> None:
    text = (EVENTS / f"{name}.json").read_text()
    for bucket in SAMPLE_BUCKETS:
        text = text.replace(bucket, relay.stack.client.address.drop_bucket)

    outcome = relay.stack.invoke("ingest_audience", json.loads(text))

    assert not outcome.failed, outcome.payload


@pytest.mark.parametrize("name", STEPS)
def test_a_step_of_a_run_that_was_never_handed_over_says_so(relay: Relay, name: str) -> None:
    outcome = relay.stack.invoke("ingest_ranges", event(name))

    assert outcome.failed
    assert outcome.payload["errorType"] == "ConfigurationError"
    assert "email-0123456789abcdef" in outcome.payload["errorMessage"]
