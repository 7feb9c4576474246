"""Writes down how it was invoked, then does what the message (or the name of the dropped object) says.

An order with ``once`` is carried out only when its message comes for the first time.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import boto3

invocations_of_this_process = 0


def lambda_handler(event: dict[str, Any], context: Any) -> Any:
    global invocations_of_this_process  # noqa: PLW0603 # to show that a process is used again
    invocations_of_this_process += 1
    _write_down(event, context)
    failed = []
    for record in event.get("Records", []):
        order = _order(record)
        if order.get("once") and record["attributes"]["ApproximateReceiveCount"] != "1":
            continue
        if order["do"] == "partial":
            failed.append({"itemIdentifier": record["messageId"]})
        elif order["do"] == "partial nonsense":
            failed.append({"itemIdentifier": "no message of this batch"})
        elif order["do"] == "large result":
            return "x" * order["size"]
        elif order["do"] == "again":
            _send_on(record, order)
        elif order["do"] == "come back":
            _come_back(record, order["seconds"])
            failed.append({"itemIdentifier": record["messageId"]})
        else:
            _do(order)
    return {"batchItemFailures": failed}


def _do(order: dict[str, Any]) -> None:
    match order["do"]:
        case "fail":
            raise ValueError("as ordered")
        case "crash":
            os.kill(os.getpid(), signal.SIGKILL)
        case "leave and crash":
            (Path(tempfile.gettempdir()) / f"left by {order['mark']}").write_bytes(b"x")
            os.kill(os.getpid(), signal.SIGKILL)
        case "exit":
            sys.exit(3)
        case "hang":
            time.sleep(order.get("seconds", 600))


def _order(record: dict[str, Any]) -> dict[str, Any]:
    if "s3" in record:
        return {"do": unquote_plus(record["s3"]["object"]["key"]).split("/")[0]}
    order: dict[str, Any] = json.loads(record["body"])
    return order


def _come_back(record: dict[str, Any], seconds: int) -> None:
    queue = boto3.client("sqs").get_queue_url(QueueName=record["eventSourceARN"].split(":")[-1])["QueueUrl"]
    boto3.client("sqs").change_message_visibility(
        QueueUrl=queue, ReceiptHandle=record["receiptHandle"], VisibilityTimeout=seconds
    )


def _send_on(record: dict[str, Any], order: dict[str, Any]) -> None:
    """The message once more to the queue that it came from, until it has been there often enough."""
    if order["times"] <= 1:
        return
    sqs = boto3.client("sqs")
    queue = sqs.get_queue_url(QueueName=record["eventSourceARN"].split(":")[-1])["QueueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody=json.dumps({**order, "times": order["times"] - 1}))


def _write_down(event: dict[str, Any], context: Any) -> None:
    seen = {
        "event": event,
        "at": time.time(),
        "pid": os.getpid(),
        "invocation_of_process": invocations_of_this_process,
        "request_id": context.aws_request_id,
        "function": context.function_name,
        "remaining_ms": context.get_remaining_time_in_millis(),
        "arn": context.invoked_function_arn,
        "temporary_files": sorted(path.name for path in Path(tempfile.gettempdir()).iterdir()),
        "environment": dict(os.environ),
        "folder": os.getcwd(),  # noqa: PTH109 # as the runtime left it
    }
    boto3.client("s3").put_object(
        Bucket=os.environ["WORK_BUCKET"], Key=f"seen/{time.time():.6f}-{uuid.uuid4()}", Body=json.dumps(seen).encode()
    )
