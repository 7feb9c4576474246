"""Figures about a closed run that alarms look at."""

from __future__ import annotations

from collections.abc import Mapping

FEWEST_ROWS = 100
"""A share of fewer rows says little: one of two is half."""


def turned_away_percent(counts: Mapping[str, int]) -> float | None:
    """Share of a run's rows that Listrak refused or that were rejected before, by a report's ``counts``; None of a run
    with too few rows."""
    if counts["read"] < FEWEST_ROWS:
        return None
    return 100 * (counts["refused"] + counts["rejected"]) / counts["read"]


def had_no_rows(counts: Mapping[str, int], problem_code: str | None) -> bool:
    """Whether a file was read well and held nothing but a header."""
    return not counts["read"] and problem_code is None
