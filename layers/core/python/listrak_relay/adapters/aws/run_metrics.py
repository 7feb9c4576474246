"""A closed run as CloudWatch metrics, written to the log in the embedded format: no call, no cost for each row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from listrak_relay.ports.messaging import Announcer


class MeasuredAnnouncer:
    """`ports.messaging.Announcer` that also counts: one metric for each final state of rows, by destination."""

    def __init__(self, inner: Announcer) -> None:
        self._inner = inner

    def announce(self, report: Mapping[str, Any]) -> None:
        self._inner.announce(report)
        metrics = Metrics()
        metrics.add_dimension("destination", str(report["destination"]) or "unknown")
        for name, count in report["counts"].items():
            metrics.add_metric(f"Rows{name.title().replace('_', '')}", MetricUnit.Count, count)
        metrics.add_metric(f"Runs{str(report['status']).title()}", MetricUnit.Count, 1)
        metrics.add_metric("RunSeconds", MetricUnit.Seconds, report["seconds"])
        metrics.add_metric("RunWaitedSeconds", MetricUnit.Seconds, report["waited_seconds"])
        metrics.flush_metrics()


def measure_waiting(runs: int) -> None:
    """``runs``: that wait for older ones of their lists."""
    metrics = Metrics()
    metrics.add_metric("RunsWaiting", MetricUnit.Count, runs)
    metrics.flush_metrics()
