"""Whatever becomes of whichever call to AWS or Listrak, a run through the whole stack ends as the model says.

The calls are those of a faultless run, every one of them, of every function. `make test` tries a few of the faults,
drawn by the seed that is printed; EXAMPLES says how many times as many. `make soak` tries all for every kind of run.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest

from tests.support.examples import TIMES
from tests.support.road.points import every_fault
from tests.support.runs.coverage import COVERED, covered
from tests.support.runs.fault_seed import SEED
from tests.support.runs.whole import WAYS, Trials
from tests.support.stack.faulty import faulty_stack


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trials]:
    with faulty_stack(tmp_path_factory.mktemp("faulty")) as faulty:
        yield Trials(faulty)


@pytest.mark.timeout(1_200)
@pytest.mark.parametrize(("name", "tried"), [("email by import", 4), ("feed", 3)])
def test_one_fault_at_any_call_of_any_function_changes_nothing_in_the_end(
    trials: Trials, name: str, tried: int, record_property: Callable[[str, object], None]
) -> None:
    calm = trials.run(WAYS[name])
    assert calm.violations == []
    there_are = every_fault(calm.points)
    chosen = random.Random(f"{SEED} whole {name}").sample(there_are, min(len(there_are), round(tried * TIMES)))
    record_property(COVERED, covered(f"whole stack, {name}", len(calm.points), len(there_are), len(chosen), SEED))

    wrong = {str(fault): seen.violations for fault in chosen if (seen := trials.run(WAYS[name], fault)).violations}

    assert wrong == {}, f"FAULT_SEED={SEED}"
