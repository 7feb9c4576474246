"""boto3's clients, all of one configuration."""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from listrak_relay.adapters.aws.call_counts import CALLS

POOL_SIZE = 16
"""Connections of each client; as many parts of a file may be under way at once."""


@cache
def client(service: str) -> Any:
    """The one client of this process for an AWS service, by the service's name in boto3."""
    config = Config(
        retries={"mode": "standard", "total_max_attempts": 5},
        connect_timeout=5,
        read_timeout=60,
        max_pool_connections=POOL_SIZE,
    )
    return CALLS.watch(boto3.client(service, config=config))  # type: ignore[call-overload]
