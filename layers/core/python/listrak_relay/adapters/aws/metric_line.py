"""Metrics in CloudWatch's embedded format, each line written at once."""

from __future__ import annotations

import json
import sys

from aws_lambda_powertools.metrics import EphemeralMetrics


def write_line(metrics: EphemeralMetrics) -> None:
    """``metrics``: some, and the dimensions they share; at most 99 values of each.

    Powertools prints a line and its end as two writes, and Lambda passes each on as it comes: what another thread logs
    between the two stands in the same line then, which is no JSON, and CloudWatch counts none of it without a word.
    """
    sys.stdout.write(json.dumps(metrics.serialize_metric_set(), separators=(",", ":")) + "\n")
