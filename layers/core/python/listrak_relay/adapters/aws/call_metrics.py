"""Calls to Listrak as CloudWatch metrics, written to the log in the embedded format: no call, no time."""

from __future__ import annotations

from collections.abc import Mapping

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from listrak_relay.adapters.aws.metric_line import write_line
from listrak_relay.ports.measuring import RouteCalls


def publish_calls(calls: Mapping[str, RouteCalls]) -> None:
    """One line for each route that was used. Routes are a few dozen names of ours; nothing of an answer is in them."""
    for route, found in calls.items():
        metrics = EphemeralMetrics()
        metrics.add_dimension("route", route)
        metrics.add_metric("ListrakCalls", MetricUnit.Count, found.calls)
        metrics.add_metric("ListrakErrors", MetricUnit.Count, found.errors)
        for milliseconds in found.milliseconds:
            metrics.add_metric("ListrakMilliseconds", MetricUnit.Milliseconds, round(milliseconds, 1))
        write_line(metrics)
