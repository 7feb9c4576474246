"""How much of the suite's ground was covered is printed at its end."""

from __future__ import annotations

import pytest

COVERED: dict[str, tuple[int, int, int]] = {}
"""Kind of run → call points of a faultless run, faults there are, faults that were tried."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name, (points, there_are, tried) in sorted(COVERED.items()):
        terminalreporter.write_line(f"faults: {name}: {points} call points, {tried:,} of {there_are:,} faults tried")
