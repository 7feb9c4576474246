"""Closed runs and sweeps as CloudWatch metrics, written to the log in the embedded format: no call, no cost for a row.

Alarms look at the figures of the whole stack; those by destination are for people. Upstream can put any word in front
of a key, and each would be a dozen metrics to pay for: what no configuration knows is counted as ``unknown``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from listrak_relay.adapters.aws.metric_line import write_line
from listrak_relay.domain.run.measures import had_no_rows, turned_away_percent
from listrak_relay.ports.messaging import Announcer

UNKNOWN = "unknown"


class MeasuredAnnouncer:
    """`ports.messaging.Announcer` that also counts.

    ``configured``: gives the names of the destinations that there are.
    """

    def __init__(self, inner: Announcer, configured: Callable[[], Collection[str]]) -> None:
        self._inner, self._configured = inner, configured

    def announce(self, report: Mapping[str, Any]) -> None:
        self._inner.announce(report)
        destination = str(report["destination"])
        by_destination, whole = EphemeralMetrics(), EphemeralMetrics()
        by_destination.add_dimension("destination", destination if destination in self._configured() else UNKNOWN)
        for metrics in (by_destination, whole):
            for name, count in report["counts"].items():
                metrics.add_metric(f"Rows{name.title().replace('_', '')}", MetricUnit.Count, count)
            metrics.add_metric(f"Runs{str(report['status']).title()}", MetricUnit.Count, 1)
            metrics.add_metric("RunSeconds", MetricUnit.Seconds, report["seconds"])
            metrics.add_metric("RunWaitedSeconds", MetricUnit.Seconds, report["waited_seconds"])
        counts = report["counts"]
        whole.add_metric("RunsUnbalanced", MetricUnit.Count, not report["balanced"])
        whole.add_metric("RunsWithoutRows", MetricUnit.Count, had_no_rows(counts, report["problem_code"]))
        if (percent := turned_away_percent(counts)) is not None:
            whole.add_metric("TurnedAwayPercent", MetricUnit.Percent, round(percent, 2))
        write_line(by_destination)
        write_line(whole)


def publish_sweep(missing: Collection[str], waiting: int, longest_wait: float, troubled: int) -> None:
    """``missing``: destinations that are configured and got no file in time. ``waiting``: runs that wait for older ones
    of their lists. ``longest_wait``: seconds since the first of these was taken, 0 if there is none. ``troubled``: runs
    that do not get on."""
    metrics = EphemeralMetrics()
    metrics.add_metric("Sweeps", MetricUnit.Count, 1)
    metrics.add_metric("DropsMissing", MetricUnit.Count, len(missing))
    metrics.add_metric("RunsWaiting", MetricUnit.Count, waiting)
    metrics.add_metric("LongestWaitSeconds", MetricUnit.Seconds, longest_wait)
    metrics.add_metric("RunsInTrouble", MetricUnit.Count, troubled)
    write_line(metrics)
    for destination in missing:
        one = EphemeralMetrics()
        one.add_dimension("destination", destination)
        one.add_metric("DropsMissing", MetricUnit.Count, 1)
        write_line(one)
