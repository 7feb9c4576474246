"""How much of the suite's ground was covered is printed at its end, by whichever process a test ran in."""

from __future__ import annotations

import pytest

from tests.support.runs.coverage import COVERED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    for report in reports:
        for name, value in getattr(report, "user_properties", ()):
            if name == COVERED:
                terminalreporter.write_line(str(value))
