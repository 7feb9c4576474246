"""What release 0.1 left on queues and in the WorkBucket is delivered by this one.

`tests/support/releases/0.1.json` was written by the code of 0.1.0: for each channel a run as it was dispatched, and one
message each of the later steps. It is never written anew.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from listrak_relay.domain.destinations.destinations import Channel
from listrak_relay.domain.run.manifest_json import manifest_from_json
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.domain.run.work_keys import manifest_key
from listrak_relay.messages import CloseRun, FollowImport, from_json
from tests.support.paths import RELEASES
from tests.support.runs.relay import Relay, destination
from tests.support.runs.sms_relay import TIER, sms_relay

RECORDED: dict[str, Any] = json.loads((RELEASES / "0.1.json").read_text(encoding="utf-8"))


def relay_of(channel: Channel) -> Relay:
    return sms_relay(TIER) if channel is Channel.SMS else Relay(destination() if channel is Channel.EMAIL else None)


def leave_behind(relay: Relay, channel: Channel) -> DroppedFile:
    """The run as it stood when the release was deployed: in the ledger, its files kept, its messages unread."""
    recorded = RECORDED[channel]
    source = DroppedFile(**recorded["source"])
    relay.store.objects |= {key: text.encode() for key, text in recorded["objects"].items()}
    manifest = manifest_from_json(relay.store.objects[manifest_key(source.run_id)])
    relay.ledger.open_run(source, manifest.destination.name, manifest.audience, "the former release", 900)
    relay.ledger.record_ingest(manifest)
    relay.ledger.mark_dispatched(source.run_id)
    queue = relay.sms_queue if channel is Channel.SMS else relay.email_queue
    queue.send([from_json(body) for body in recorded["messages"]])
    return source


@pytest.mark.parametrize("channel", Channel)
def test_a_run_that_was_dispatched_is_delivered_to_its_last_row(channel: Channel) -> None:
    relay = relay_of(channel)
    source = leave_behind(relay, channel)

    relay.run_to_end()

    report = relay.report(source)
    assert report["status"] == "COMPLETED"
    assert report["counts"]["read"] == sum(json.loads(body)["rows"] for body in RECORDED[channel]["messages"])
    assert report["counts"]["read"] == sum(number for name, number in report["counts"].items() if name != "read")
    assert not relay.dead_letters.take()


def test_messages_of_later_steps_are_read_with_all_that_they_say() -> None:
    follow, close = map(from_json, RECORDED["later"])

    assert follow == FollowImport(close.run_id, "subscribe-0001", 4711, {"email_invalid": 2}, polls=3, late=1)
    assert close == CloseRun(close.run_id)
