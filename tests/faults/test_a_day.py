"""A day of mixed files with trouble now and then, in simulated time. `make soak` lives it with many more files.

All is drawn by the seed that is printed; EXAMPLES says how many times as many files are dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.support.examples import TIMES
from tests.support.runs.coverage import COVERED
from tests.support.runs.day import Day
from tests.support.runs.fault_seed import SEED

if TYPE_CHECKING:
    from tests.support.listrak.simulator import RunningSimulator

FILES, FILES_OF_A_SOAK = 40, 200
MOST_ITEMS, MOST_OBJECTS = 6, 20
"""For each run."""


def test_a_day_of_mixed_files_ends_as_the_model_says(
    simulator: RunningSimulator, record_property: Callable[[str, object], None]
) -> None:
    lived(simulator, round(FILES * TIMES), record_property)


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_a_day_of_many_mixed_files_ends_as_the_model_says(
    simulator: RunningSimulator, record_property: Callable[[str, object], None]
) -> None:
    lived(simulator, FILES_OF_A_SOAK, record_property)


def lived(simulator: RunningSimulator, files: int, record_property: Callable[[str, object], None]) -> None:
    day = Day(simulator, files, f"{SEED} day")

    day.live()

    record_property(
        COVERED,
        f"faults: a day, {files} files: trouble came {day.troubles} times, {day.returned} dead letters were returned "
        f"(FAULT_SEED={SEED})",
    )
    assert list(day.violations()) == [], f"FAULT_SEED={SEED}"
    kept = day.kept()
    assert kept["items"] < MOST_ITEMS, kept
    assert kept["objects"] < MOST_OBJECTS, kept
