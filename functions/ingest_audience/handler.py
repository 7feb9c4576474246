"""S3 event (or a failed one, back from the failure queue) → ingest of each dropped file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

from aws_lambda_powertools.utilities.typing import LambdaContext

from listrak_relay.doorways import fit_to_raise, logger, seconds_left
from listrak_relay.wiring.ingest_audience import ingest_audience


@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, str]:
    """Returns what happened to each file: run id → word. Raises so that Lambda tries the event again."""
    results = {}
    for record in s3_records(event):
        found = record["s3"]["object"]
        try:
            run_id, result = ingest_audience(
                record["s3"]["bucket"]["name"],
                unquote_plus(found["key"]),
                found.get("versionId") or found.get("eTag", ""),
                int(found.get("size", 0)),
                record["eventTime"],
                found.get("sequencer", ""),
                context.aws_request_id,
                lambda: seconds_left(context),
            )
        except Exception as error:  # noqa: BLE001 - raised again, without a text that may hold a row's value
            raise fit_to_raise(error) from None
        logger.info("file %s", result, extra={"run_id": run_id})
        results[run_id] = result
    return results


def s3_records(event: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Records of an S3 notification, also where a queue or Lambda's failure record is wrapped around it.

    The test message that S3 sends on configuration has none.
    """
    if "requestPayload" in event:
        yield from s3_records(event["requestPayload"])
        return
    for record in event.get("Records", []):
        if "s3" in record:
            yield record
        elif "body" in record:
            yield from s3_records(json.loads(record["body"]))
