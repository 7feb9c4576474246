"""S3 event (or one by EventBridge, or one that failed, from the queue of failures) → ingest of each dropped file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from aws_lambda_powertools.utilities.typing import LambdaContext

from listrak_relay.doorways import doorway, fit_to_raise, logger, seconds_left
from listrak_relay.wiring.costs import counted
from listrak_relay.wiring.ingest_audience import ingest_audience
from listrak_relay.wiring.tracing import traced_if_wanted

_CREATED = "ObjectCreated"


@counted
@traced_if_wanted
@doorway
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, str]:
    """Returns what happened to each file: run id → word. Raises so that Lambda tries the event again."""
    results = {}
    records, fault = _taken(event, context.aws_request_id)
    for record, owner in records:
        found = record["s3"]["object"]
        try:
            run_id, result = ingest_audience(
                record["s3"]["bucket"]["name"],
                unquote_plus(found["key"]),
                found.get("versionId") or "",
                found.get("eTag", ""),
                int(found.get("size", 0)),
                record["eventTime"],
                found.get("sequencer", ""),
                owner,
                lambda: seconds_left(context),
            )
        except Exception as error:  # noqa: BLE001 - raised again, without a text that may hold a row's value
            raise fit_to_raise(error) from None
        logger.info("file %s", result, extra={"run_id": run_id})
        results[run_id] = result
    if fault:
        # Only now, so that what is no event of S3 holds up no file that came beside it.
        logger.error("event not taken: %s", fault)
        raise fault
    return results


def _taken(event: Any, request_id: str) -> tuple[list[tuple[dict[str, Any], str]], ValueError | None]:
    """What `s3_records` gives, and what it raises behind that."""
    records: list[tuple[dict[str, Any], str]] = []
    try:
        records.extend(s3_records(event, request_id))
    except ValueError as error:
        return records, error
    return records, None


def s3_records(event: Any, request_id: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Records of an S3 notification, also where SNS, a queue, EventBridge (or a pipe of it) or Lambda's failure record
    is around it; and with each its owner, the same however often the event is tried, so that a later try takes its run
    over at once.

    ``request_id``: of this invocation, which Lambda keeps over its own tries. A failure record has that of those tries,
    and a queue keeps the id of its message. The test message that S3 sends on configuration has no record.

    Raises:
        ValueError: it is no S3 event, or something in it is none; all others have been given before.
    """
    if isinstance(event, list):
        event = {"Records": event}
    if not isinstance(event, dict):
        raise _no_s3_event()
    if "requestPayload" in event:
        tried = event.get("requestContext") or {}
        yield from s3_records(event["requestPayload"], tried.get("requestId") or request_id)
    elif event.get("Event") == "s3:TestEvent":
        return
    elif event.get("source") == "aws.s3" and "detail" in event:
        yield _of_event_bridge(event), request_id
    elif event.get("Type") == "Notification":
        yield from _inside(event.get("Message"), request_id)
    elif isinstance(event.get("Records"), list) and event["Records"]:
        yield from _of_each(event["Records"], request_id)
    else:
        raise _no_s3_event()


def _of_each(records: list[Any], request_id: str) -> Iterator[tuple[dict[str, Any], str]]:
    fault = None
    for record in records:
        try:
            yield from _of_record(record, request_id)
        except ValueError as error:
            fault = error
    if fault:
        raise fault


def _of_record(record: Any, request_id: str) -> Iterator[tuple[dict[str, Any], str]]:
    if not isinstance(record, dict):
        raise _no_s3_event()
    if "s3" in record:
        _check_drop(record)
        yield record, request_id
    elif "body" in record or "Sns" in record:
        text = record["body"] if "body" in record else (record.get("Sns") or {}).get("Message")
        yield from _inside(text, record.get("messageId") or request_id)
    else:
        yield from s3_records(record, request_id)


def _inside(text: Any, request_id: str) -> Iterator[tuple[dict[str, Any], str]]:
    try:
        event = json.loads(text)
    except (TypeError, ValueError):
        raise _no_s3_event() from None
    yield from s3_records(event, request_id)


def _of_event_bridge(event: dict[str, Any]) -> dict[str, Any]:
    """As a notification has it, in which the key is encoded:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html."""
    try:
        found, bucket = event["detail"]["object"], event["detail"]["bucket"]
        key, name, time = found["key"], bucket["name"], event["time"]
    except (KeyError, TypeError):
        raise _no_s3_event() from None
    if event.get("detail-type") != "Object Created":
        raise _no_s3_event()
    described = {
        "key": quote_plus(key, safe="/"),
        "versionId": found.get("version-id"),
        "eTag": found.get("etag", ""),
        "size": found.get("size", 0),
        "sequencer": found.get("sequencer", ""),
    }
    return {"eventTime": time, "s3": {"bucket": {"name": name}, "object": described}}


def _check_drop(record: dict[str, Any]) -> None:
    """Raises ValueError: it does not tell of an object that was made."""
    try:
        told = record["s3"]["bucket"]["name"] and record["s3"]["object"]["key"] and record["eventTime"]
    except (KeyError, TypeError):
        raise _no_s3_event() from None
    if not told or not record.get("eventName", _CREATED).removeprefix("s3:").startswith(_CREATED):
        raise _no_s3_event()


def _no_s3_event() -> ValueError:
    return ValueError(
        "this is no event of S3 about a dropped object; let the bucket notify the function, also by SNS, SQS or "
        "EventBridge"
    )
