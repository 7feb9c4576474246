"""The simulator's pytest fixture, from the working copy; `tests/packaging` tries it as it is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from listrak_simulator.client import ControlError, SimulatorControl
from tests.support.listrak.simulator_user import A_TEST, TESTS
from tests.support.paths import SIMULATOR

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.listrak.simulator import RunningSimulator


def test_the_fixture_starts_a_simulator_and_resets_it_for_each_test(tmp_path: Path) -> None:
    (tmp_path / "test_client.py").write_text(A_TEST, "utf-8")

    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "listrak_simulator.pytest_plugin", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(SIMULATOR)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert f"{TESTS} passed" in ended.stdout, ended.stdout + ended.stderr


def test_the_client_repeats_the_words_of_a_refusal(simulator: RunningSimulator) -> None:
    with pytest.raises(ControlError, match=r"PUT /control/settings: 400 .*unknown setting 'colour'"):
        SimulatorControl(simulator.url).settings(colour="red")


@pytest.mark.parametrize("path", ["state", "/control/state"])
def test_the_client_calls_what_the_readme_lists_as_it_stands_there(simulator: RunningSimulator, path: str) -> None:
    assert "lists" in SimulatorControl(simulator.url).call("GET", path)
