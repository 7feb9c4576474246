"""What AWS and Listrak allow, each with the page that says so."""

from __future__ import annotations

from dataclasses import dataclass

LISTRAK_FILE_BYTES = 195_000_000
"""Listrak takes bodies of 250 MB, in which the file is Base64 (docs/settings.md, `MaxChunkBytes`)."""


@dataclass(frozen=True, slots=True)
class Quota:
    """Of an AWS account or resource. ``source``: where AWS says so."""

    value: float
    source: str


_AWS = "https://docs.aws.amazon.com"
LAMBDA_AT_ONCE = Quota(1_000, f"{_AWS}/lambda/latest/dg/gettingstarted-limits.html")
NEW_LAMBDA_AT_ONCE = Quota(10, f"{_AWS}/lambda/latest/dg/gettingstarted-limits.html")
LAMBDA_SECONDS = Quota(900, f"{_AWS}/lambda/latest/dg/gettingstarted-limits.html")
SQS_IN_FLIGHT = Quota(120_000, f"{_AWS}/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html")
PARTITION_WRITES = Quota(1_000, f"{_AWS}/amazondynamodb/latest/developerguide/bp-partition-key-design.html")
OPEN_MAP_RUNS = Quota(1_000, f"{_AWS}/step-functions/latest/dg/service-quotas.html")
