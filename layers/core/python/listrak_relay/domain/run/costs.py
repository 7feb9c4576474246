"""What work on AWS costs: what was counted, at public prices. The only place that has prices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

PRICED_AT = "2026-11, us-east-1, without free tiers and taxes"


class Priced(NamedTuple):
    """``name`` for people, after a number; ``dollars`` for one."""

    name: str
    dollars: float


COUNTERS: Mapping[str, Priced] = {
    "gb_seconds": Priced("Lambda GB-seconds", 0.0000133334),  # on arm64
    "invocations": Priced("Lambda requests", 0.20 / 1e6),
    "write_units": Priced("DynamoDB write units", 0.625 / 1e6),
    "read_units": Priced("DynamoDB read units", 0.125 / 1e6),
    "sqs_requests": Priced("SQS requests", 0.40 / 1e6),
    "s3_writes": Priced("S3 writes and lists", 0.005 / 1e3),
    "s3_reads": Priced("S3 reads", 0.0004 / 1e3),
    "nat_hours": Priced("NAT gateway hours", 0.045),
    "nat_gb": Priced("GB through NAT gateways", 0.045),
    "internet_gb": Priced("GB to the internet", 0.09),
    "secrets_read": Priced("secrets read", 0.05 / 1e4),
    "notices": Priced("notices and events", 1.0 / 1e6),
    "metric_hours": Priced("CloudWatch metric hours", 0.30 / 730),
}

NAT = ("nat_hours", "nat_gb", "internet_gb")
"""What NAT gateways count."""

NOT_COUNTED_OF_A_RUN = (
    "starts of functions, work that was broken off, storage, state machines, notices, CloudWatch, NAT gateways and "
    "data that leaves AWS are not in it"
)

Usage = Mapping[str, float]
"""Amounts by the names of `COUNTERS`; what is not there is none."""


def dollars(usage: Usage) -> dict[str, float]:
    """By name."""
    return {name: amount * COUNTERS[name].dollars for name, amount in usage.items() if name in COUNTERS}


def run_cost(usage: Usage) -> dict[str, Any] | None:
    """For a report: ``dollars`` in all, ``counted`` by name, and how that is to be read; None where nothing was
    counted."""
    if not any(usage.values()):
        return None
    return {
        "dollars": round(sum(dollars(usage).values()), 9),
        "counted": {name: _plain(amount) for name, amount in usage.items() if amount},
        "priced_at": PRICED_AT,
        "not_counted": NOT_COUNTED_OF_A_RUN,
    }


def _plain(amount: float) -> float:
    return int(amount) if amount == int(amount) else round(amount, 6)
