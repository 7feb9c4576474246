"""Whatever becomes of whichever call to Listrak, a run ends with the people that the model says, each row counted once.

The calls are those of a faultless run, every one of them. `make test` tries some of the faults of each kind of run,
drawn by the seed that is printed; EXAMPLES says how many times as many, and with enough of them all are tried.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.support.examples import TIMES
from tests.support.listrak.faulty_transport import every_fault
from tests.support.road.points import Fault
from tests.support.runs.coverage import COVERED, covered
from tests.support.runs.fault_seed import SEED
from tests.support.runs.faulted import WAYS, run_with

if TYPE_CHECKING:
    from tests.support.listrak.simulator import RunningSimulator

OF_EACH_WAY, PAIRS = 12, 4


@pytest.mark.parametrize("name", WAYS)
def test_one_fault_at_any_call_changes_nothing_in_the_end(
    simulator: RunningSimulator, name: str, record_property: Callable[[str, object], None]
) -> None:
    calm = run_with(simulator, WAYS[name])
    assert calm.violations == []
    there_are = every_fault(calm.points)
    chosen = random.Random(f"{SEED} {name}").sample(there_are, min(len(there_are), round(OF_EACH_WAY * TIMES)))
    record_property(COVERED, covered(name, len(calm.points), len(there_are), len(chosen), SEED))

    wrong = {
        str(fault): seen.violations for fault in chosen if (seen := run_with(simulator, WAYS[name], fault)).violations
    }

    assert wrong == {}, f"FAULT_SEED={SEED}"


@pytest.mark.parametrize("name", WAYS)
def test_two_faults_in_one_run_change_nothing_in_the_end(simulator: RunningSimulator, name: str) -> None:
    there_are = every_fault(run_with(simulator, WAYS[name]).points)
    chance = random.Random(f"{SEED} {name} pairs")
    pairs = [chance.sample(there_are, 2) for _ in range(round(PAIRS * TIMES))]

    wrong = {
        " and ".join(map(str, pair)): seen.violations
        for pair in pairs
        if (seen := run_with(simulator, WAYS[name], *pair)).violations
    }

    assert wrong == {}, f"FAULT_SEED={SEED}"


@pytest.mark.parametrize("kind", ["silence", "429", "500", "502 in HTML", "{}"])
@pytest.mark.parametrize("name", WAYS)
def test_what_fails_six_times_in_a_row_changes_nothing_in_the_end(
    simulator: RunningSimulator, name: str, kind: str
) -> None:
    points = run_with(simulator, WAYS[name]).points
    point = random.Random(f"{SEED} {name} {kind}").choice(points)
    fault = Fault(point, kind, after=False, times=6)

    assert run_with(simulator, WAYS[name], fault).violations == [], f"{fault}, FAULT_SEED={SEED}"
