"""How much of the suite's ground was covered is printed at its end."""

from __future__ import annotations

import pytest

from tests.support.runs.coverage_of_faults import COVERED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name, (points, there_are, tried) in sorted(COVERED.items()):
        terminalreporter.write_line(f"faults: {name}: {points} call points, {tried:,} of {there_are:,} faults tried")
