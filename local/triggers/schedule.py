"""Rules with a rate, on a timer. moto keeps them and never acts."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from local.aws import ACCOUNT, REGION
from local.errors import LocalStackError

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400}


def rate_seconds(expression: str) -> float:
    """Raises LocalStackError: not a rate."""
    found = _RATE.fullmatch(expression)
    if not found:
        raise LocalStackError(f"the local stack knows schedules such as rate(15 minutes), not {expression}")
    return float(found[1]) * _SECONDS[found[2]]


def scheduled_event(rule_arn: str) -> Mapping[str, Any]:
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [rule_arn],
        "detail": {},
    }
