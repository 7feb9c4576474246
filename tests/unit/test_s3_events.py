"""What ingest takes for S3 events: notifications, whatever is wrapped around them, and nothing else."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.paths import ROOT

RECORD = {
    "eventTime": "2026-11-28T10:00:00.000Z",
    "s3": {"bucket": {"name": "drop"}, "object": {"key": "email/vip+x/a%2Bb.csv", "size": 7, "versionId": "v1"}},
}
NOTIFICATION = {"Records": [RECORD]}
BRIDGED = {
    "version": "0",
    "detail-type": "Object Created",
    "source": "aws.s3",
    "time": "2026-11-28T10:00:00Z",
    "detail": {"bucket": {"name": "drop"}, "object": {"key": "email/vip x/a+b.csv", "size": 7, "version-id": "v1"}},
}
SNS = {"Type": "Notification", "Message": json.dumps(NOTIFICATION)}
TEST = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "drop"}


def s3_records(event: Any) -> Iterator[tuple[dict[str, Any], str]]:
    spec = importlib.util.spec_from_file_location("ingest_handler", ROOT / "functions/ingest_audience/handler.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    read: Callable[[Any, str], Iterator[tuple[dict[str, Any], str]]] = module.s3_records
    return read(event, "this invocation")


def owned_records_of(event: Any) -> list[tuple[dict[str, Any], str]]:
    return list(s3_records(event))


def records_of(event: Any) -> list[dict[str, Any]]:
    return [record for record, _ in owned_records_of(event)]


def queued(event: Any) -> dict[str, Any]:
    return {"Records": [{"messageId": "message 1", "body": json.dumps(event)}]}


@pytest.mark.parametrize(
    "event",
    [
        NOTIFICATION,
        queued(NOTIFICATION),
        {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": json.dumps(NOTIFICATION)}}]},
        queued(SNS),
        BRIDGED,
        queued(BRIDGED),
        {"requestPayload": queued(SNS)},
        queued(SNS)["Records"],
        [BRIDGED],
    ],
    ids=["plain", "SQS", "SNS", "SNS in SQS", "EventBridge", "EventBridge in SQS", "failed", "pipe of SQS", "pipe"],
)
def test_a_notification_is_found_whatever_is_around_it(event: dict[str, Any]) -> None:
    (found,) = records_of(event)

    assert found["s3"]["object"]["key"] == RECORD["s3"]["object"]["key"]  # type: ignore[index]
    assert (found["s3"]["bucket"]["name"], found["s3"]["object"]["versionId"]) == ("drop", "v1")
    assert found["eventTime"].startswith("2026-11-28T10:00:00")


FAILED = {"requestContext": {"requestId": "first tries"}, "requestPayload": NOTIFICATION}


@pytest.mark.parametrize(
    ("event", "owner"),
    [
        (NOTIFICATION, "this invocation"),
        (BRIDGED, "this invocation"),
        (queued(NOTIFICATION), "message 1"),
        (queued(SNS), "message 1"),
        (FAILED, "first tries"),
        (queued(FAILED), "first tries"),
        ({"requestContext": {"requestId": "by hand"}, "requestPayload": FAILED}, "first tries"),
    ],
)
def test_an_event_has_one_owner_however_often_it_is_tried(event: dict[str, Any], owner: str) -> None:
    assert [found for _, found in owned_records_of(event)] == [owner]


@pytest.mark.parametrize("junk", [{"messageId": "m", "body": "junk"}, {"Sns": {}}, {"eventName": "x"}, "text"])
@pytest.mark.parametrize("first", [True, False])
def test_what_is_no_event_of_s3_holds_up_no_file_beside_it(junk: Any, *, first: bool) -> None:
    good = queued(NOTIFICATION)["Records"]
    records = s3_records({"Records": [junk, *good] if first else [*good, junk]})

    found, _ = next(records)

    assert found["s3"]["object"]["key"] == RECORD["s3"]["object"]["key"]  # type: ignore[index]
    with pytest.raises(ValueError, match="no event of S3"):
        next(records)


@pytest.mark.parametrize("junk", [{"messageId": "m", "body": "junk"}, {"eventName": "x"}, "text"])
def test_nor_does_it_where_both_are_in_one_message(junk: Any) -> None:
    records = s3_records(queued({"Records": [RECORD, junk]}))

    found, owner = next(records)

    assert (found["s3"]["object"]["key"], owner) == (RECORD["s3"]["object"]["key"], "message 1")  # type: ignore[index]
    with pytest.raises(ValueError, match="no event of S3"):
        next(records)


@pytest.mark.parametrize("event", [TEST, queued(TEST)])
def test_the_test_message_of_s3_names_no_file(event: dict[str, Any]) -> None:
    assert records_of(event) == []


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"Records": []},
        {"Records": [{}]},
        [],
        queued("x"),
        {"Records": [{"body": "no JSON"}]},
        {**BRIDGED, "detail-type": "Object Deleted"},
        {"Type": "SubscriptionConfirmation"},
        {"Records": ["text"]},
        {"Records": [{"Sns": None}]},
        {"Records": [{"s3": {"bucket": {"name": "drop"}}}]},
        {"Records": [{**RECORD, "eventName": "ObjectRemoved:Delete"}]},
        queued({"Records": [{**RECORD, "s3": None}]}),
        {**BRIDGED, "detail": None},
        {**BRIDGED, "detail": {"object": {"key": "x"}, "bucket": "drop"}},
    ],
)
def test_what_is_no_s3_event_is_an_error(event: Any) -> None:
    with pytest.raises(ValueError, match="no event of S3"):
        records_of(event)
