"""What was done with what the stack keeps of people: that it was done, never with whom."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from cli.aws.answers import answered
from cli.aws.stack import Stack


def put_on_record(stack: Stack, what: str, facts: dict[str, Any]) -> None:
    """An object below ``audit/`` in the WorkBucket, with who asked as AWS knows them. ``what``: a command.

    Raises:
        CommandError: it could not be written.
    """
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S.%fZ")
    by = answered(lambda: stack.client("sts").get_caller_identity(), "your identity")["Arn"]
    body = json.dumps({"at": now, "what": what, "by": by, **facts}).encode()
    key = f"audit/{now}-{what}.json"
    answered(lambda: stack.s3.put_object(Bucket=stack.work_bucket, Key=key, Body=body), "the audit record")
