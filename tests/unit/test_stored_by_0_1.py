"""What release 0.1 left in buckets, queues and ledger is read: a stack may be updated in the middle of runs.

The files beside this one were written by that release's own code.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from listrak_relay.domain.delivery.email_plan import EmailPlan
from listrak_relay.domain.delivery.feed_plan import FeedPlan
from listrak_relay.domain.delivery.plans import Stage, TargetField
from listrak_relay.domain.delivery.sms_plan import SmsPlan
from listrak_relay.domain.delivery.sms_results import CREATED, Removal
from listrak_relay.domain.destinations.choices import MissingOptStatus, MissingProfileFields, Mode, PhoneFormat
from listrak_relay.domain.destinations.data_template import ColumnRole
from listrak_relay.domain.destinations.destinations import (
    Destination,
    EmailDestination,
    FeedDestination,
    SmsDestination,
)
from listrak_relay.domain.destinations.feed_settings import Feed, FeedSettings, OnFault
from listrak_relay.domain.feeds.delivery import DeliveredFeed
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import Action, Chunk, FieldType, Part, ProfileColumn, RunManifest
from listrak_relay.domain.run.row_ends import End, RowEnd
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.domain.values.plain_values import from_json
from listrak_relay.messages import CloseRun, DeliverChunk, FollowImport, Message
from listrak_relay.messages import from_json as message_from_json
from listrak_relay.use_cases.runs.progress import ProgressStore
from tests.support.fakes import FakeObjectStore, FakeQueue
from tests.support.runs.relay import Relay, subscribers
from tests.support.runs.sms_relay import sms_relay, sms_rows

STORED = Path(__file__).parent / "stored_by_0_1"
DIGEST = "0" * 64

# A run's manifest has neither data template nor file rules: ingest had used them up.
EMAIL = EmailDestination(
    "vip",
    secret="shop/listrak",
    list_name="Newsletter",
    profile_field_group="Shop",
    mode=Mode.MIRROR,
    missing_opt_status=MissingOptStatus.UPDATE,
    resubscribe=True,
    event_ids=(12, 31),
    send_double_opt_in=True,
    mirror_guard_percent=25.0,
    max_text_length=100,
)
SMS = SmsDestination(
    "texts",
    list_name="Texts",
    sender_code="12345",
    region="CA",
    phone_format=PhoneFormat.PLUS,
    missing_profile_fields=MissingProfileFields.WARN,
)
FEED = FeedDestination(
    "orders",
    secret="shop/sftp",
    feed=FeedSettings(Feed.ORDERS, "Listrak_Order_Feed_{stamp}.csv", on_fault=OnFault.WARN, wait_minutes=30),
)


def stored(name: str) -> bytes:
    return (STORED / f"{name}.json").read_bytes()


def source(key: str) -> DroppedFile:
    return DroppedFile("drop", key, "v1", 120, "2027-01-15T08:00:00Z")


def manifest(key: str, chunks: dict[str, tuple[Action, int]], **values: Any) -> RunManifest[Destination]:
    run_id = source(key).run_id
    return RunManifest(
        run_id=run_id,
        source=source(key),
        chunks=tuple(
            Chunk(name, action, keys.chunk_key(run_id, name), keys.rows_key(run_id, name), rows, 40, DIGEST)
            for name, (action, rows) in chunks.items()
        ),
        rows_read=7,
        rejected=1,
        duplicates=1,
        reasons={"email_invalid": 1},
        notes={"delimiter": ","},
        **values,
    )


MANIFESTS = {
    "email": manifest(
        "vip/gold/a.csv",
        {"subscribe-0001": (Action.SUBSCRIBE, 4), "unsubscribe-0001": (Action.UNSUBSCRIBE, 1)},
        destination=EMAIL,
        audience="gold",
        columns=(ProfileColumn("City", FieldType.TEXT, 9, 40, declared=True),),
        parts=(Part("vip/gold/a.csv", 0),),
    ),
    "sms": manifest(
        "texts/gold/a.csv",
        {"update-0001": (Action.UPDATE, 5)},
        destination=SMS,
        audience="gold",
        columns=(ProfileColumn("Birthday", FieldType.DATE, 10, 10, role=ColumnRole.BIRTHDAY),),
    ),
    "feed": manifest("orders/a.csv", {"feed": (Action.RELAY, 5)}, destination=FEED, audience="", columns=()),
}


@pytest.mark.parametrize("channel", MANIFESTS)
def test_a_manifest(channel: str) -> None:
    assert from_json(RunManifest[Destination], stored(f"manifest-{channel}")) == MANIFESTS[channel]


def test_a_plan_of_each_channel() -> None:
    assert from_json(EmailPlan, stored("plan-email")) == EmailPlan(
        Stage.CLEARING, 5, 3, 9, (TargetField(7, "Text", 40),), "page2", 100, 20, 3, 77, lock="mirror/5/9"
    )
    assert from_json(SmsPlan, stored("plan-sms")) == SmsPlan(
        Stage.READY,
        4,
        6,
        "US",
        confirms=True,
        fields=(TargetField(0, "Date", 0), None),
        columns_left_out=("Tier",),
        read_failures=1,
        read_at=1_800_000_000.5,
        list_read=True,
        subscribers=50,
        removals=2,
        lock="mirror/sms/6",
    )
    assert from_json(FeedPlan, stored("plan-feed")) == FeedPlan(
        "Listrak_Order_Feed_20270115080000.csv", publishing=True
    )


def test_what_was_delivered_of_a_feed() -> None:
    assert from_json(DeliveredFeed, stored("delivered-feed")) == DeliveredFeed(
        "orders-1", "Listrak_Order_Feed_20270115080000.csv", "2027-01-15T08:00:00Z", "2027-01-15T08:00:30Z", 5
    )


def test_how_far_a_chunk_of_numbers_is() -> None:
    store = FakeObjectStore({keys.progress_key("r", "c"): stored("progress")})

    progress = ProgressStore(store).load("r", "c")

    assert progress.rows == {0: CREATED, 2: RowEnd(End.REFUSED, "ERROR_X")}
    assert (progress.removals, progress.stale) == ({1: Removal.REMOVED}, True)


@pytest.mark.parametrize(
    "message",
    [
        DeliverChunk("vip-1", "subscribe-0001", parked=True),
        FollowImport("vip-1", "subscribe-0001", 9, {"value_too_long": 1}, polls=2, late=1, parked=True),
        CloseRun("vip-1", given_up=True),
    ],
    ids=lambda message: type(message).__name__,
)
def test_a_message_that_waited_in_its_queue(message: Message) -> None:
    """It may have been in a dead-letter queue too, which messages did not tell."""
    assert message_from_json(stored(f"message-{type(message).__name__}").decode()) == message


def email_run(relay: Relay) -> tuple[DroppedFile, FakeQueue]:
    return relay.drop(subscribers(range(10))), relay.email_queue


def sms_run(relay: Relay) -> tuple[DroppedFile, FakeQueue]:
    return relay.drop(sms_rows(range(10)), "sms/vip/file.csv"), relay.sms_queue


def feed_run(relay: Relay) -> tuple[DroppedFile, FakeQueue]:
    rows = [(f"{number}", "a@example.com") for number in range(10)]
    return relay.drop_feed(rows, "orders/orders.csv", {"ordernumber": "0,1\n"}), relay.feed_queue


RUNS: dict[str, tuple[Callable[[], Relay], Callable[[Relay], tuple[DroppedFile, FakeQueue]]]] = {
    "email": (Relay, email_run),
    "sms": (sms_relay, sms_run),
    "feed": (Relay, feed_run),
}


def as_of_that_release(relay: Relay, dropped: DroppedFile, channel: str) -> None:
    """The manifest of a run in the old form."""
    key = keys.manifest_key(dropped.run_id)
    written = json.loads(relay.store.objects[key])
    former = json.loads(stored(f"manifest-{channel}"))["destination"]
    kept = {name: value for name, value in written["destination"].items() if name in former}
    relay.store.objects[key] = json.dumps(written | {"destination": former | kept}).encode()


@pytest.mark.parametrize("channel", RUNS)
def test_a_run_goes_on_by_the_messages_and_the_manifest_of_that_release(channel: str) -> None:
    """The stack is updated when the file has been read: its manifest is in the old form, and so are its messages."""
    make, drop = RUNS[channel]
    relay = make()
    dropped, queue = drop(relay)
    as_of_that_release(relay, dropped, channel)
    [sent] = queue.take()
    assert isinstance(sent.message, DeliverChunk)
    values = json.loads(stored("message-DeliverChunk"))
    old = values | {"run_id": dropped.run_id, "chunk_id": sent.message.chunk_id}
    queue.send([message_from_json(json.dumps(old))])

    relay.run_to_end()

    report = relay.report(dropped)
    assert (report["status"], report["counts"]["accepted"]) == ("COMPLETED", 10)


def test_an_import_is_followed_by_the_message_of_that_release() -> None:
    """The stack is updated while Listrak is at it."""
    relay = Relay()
    relay.listrak.finish_at_once = False
    dropped, _ = email_run(relay)
    as_of_that_release(relay, dropped, "email")
    relay.run_to_end(hours=0)
    [waiting] = relay.take_waiting()
    assert isinstance(waiting, FollowImport)
    values = json.loads(stored("message-FollowImport"))
    of_this = {"run_id": dropped.run_id, "chunk_id": waiting.chunk_id, "import_id": waiting.import_id, "rejected": {}}
    relay.import_queue.send([message_from_json(json.dumps(values | of_this))])
    relay.listrak.finish_imports()

    relay.run_to_end()

    report = relay.report(dropped)
    assert (report["status"], report["counts"]["accepted"]) == ("COMPLETED", 10)
