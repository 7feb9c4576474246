"""Plays the steps of a run in ranges: what it is to answer, and what is to fail how often, stands in the run's plan.

``runs/<run>/plan.json``: ``{"answers": {"join": [["read", [1]], …]}, "failures": {"read 1": ["ValueError", …]}}``. The
n-th time that a step (or a number of it) comes, it fails with the n-th error, if there is one; a step that does not
fail gives its next answer. With ``"together": 2`` a range waits until two have begun. Each call leaves an object in
``runs/<run>/calls/``.
"""

from __future__ import annotations

import json
import os
import time
import uuid
from typing import Any

import boto3

LINGER = 0.2  # seconds that a range stays after it has met the others, so that one too many would be seen
PATIENCE = 15.0  # seconds

s3 = boto3.client("s3")
BUCKET = os.environ["WORK_BUCKET"]


class RetryableError(Exception):
    """Called as in our package, so that it goes by the same name."""


ERRORS: dict[str, type[Exception]] = {"RetryableError": RetryableError, "ValueError": ValueError}


def lambda_handler(event: dict[str, Any], _context: Any) -> dict[str, str] | None:
    run = f"runs/{event['run_id']}"
    plan = json.loads(s3.get_object(Bucket=BUCKET, Key=f"{run}/plan.json")["Body"].read())
    call = f"{event['step']} {event['number']}" if "number" in event else str(event["step"])
    outcomes = [one["failed"] for one in calls(run) if one["call"] == call]
    errors = plan.get("failures", {}).get(call, [])
    error = errors[len(outcomes)] if len(outcomes) < len(errors) else None
    started = time.time()
    if "number" in event and "together" in plan:
        meet(run, event["number"], plan["together"])
    done = {"call": call, "event": event, "failed": error, "started": started, "ended": time.time()}
    s3.put_object(Bucket=BUCKET, Key=f"{run}/calls/{time.time():.6f}-{uuid.uuid4()}", Body=json.dumps(done).encode())
    if error:
        raise ERRORS[error]("as planned")
    answers = plan["answers"].get(call)
    return answer(run, *answers[outcomes.count(None)]) if answers else None


def meet(run: str, number: int, others: int) -> None:
    s3.put_object(Bucket=BUCKET, Key=f"{run}/begun/{number}", Body=b"")
    deadline = time.monotonic() + PATIENCE
    while s3.list_objects_v2(Bucket=BUCKET, Prefix=f"{run}/begun/")["KeyCount"] < others:
        if time.monotonic() > deadline:
            raise TimeoutError("alone")
        time.sleep(0.02)
    time.sleep(LINGER)


def calls(run: str) -> list[dict[str, Any]]:
    listed = s3.list_objects_v2(Bucket=BUCKET, Prefix=f"{run}/calls/").get("Contents", [])
    return [json.loads(s3.get_object(Bucket=BUCKET, Key=one["Key"])["Body"].read()) for one in listed]


def answer(run: str, following: str, numbers: list[int]) -> dict[str, str]:
    if not numbers:
        return {"next": following, "todo": ""}
    todo = f"{run}/todo-{uuid.uuid4()}.json"
    s3.put_object(Bucket=BUCKET, Key=todo, Body=json.dumps(numbers).encode())
    return {"next": following, "todo": todo}
