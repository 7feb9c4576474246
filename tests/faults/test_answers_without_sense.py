"""Whatever Listrak answers within what it publishes, and somewhat beside it, each run comes to an end that has a name.

The answers are drawn by the seed that is printed; EXAMPLES says how many times as many runs are tried.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.examples import TIMES
from tests.support.runs.any_answers import violations_with_any_answers
from tests.support.runs.coverage import COVERED
from tests.support.runs.fault_seed import SEED
from tests.support.runs.faulted import WAYS

RUNS_OF_EACH_WAY = 6


@pytest.mark.parametrize("name", WAYS)
def test_a_run_ends_with_a_clear_status_and_posts_no_more_whatever_listrak_says(
    name: str, record_property: Callable[[str, object], None]
) -> None:
    seeds = [f"{SEED} {name} {number}" for number in range(round(RUNS_OF_EACH_WAY * TIMES))]
    record_property(COVERED, f"faults: answers without sense, {name}: {len(seeds)} runs (FAULT_SEED={SEED})")

    wrong = {seed: found for seed in seeds if (found := violations_with_any_answers(WAYS[name], seed))}

    assert wrong == {}, f"FAULT_SEED={SEED}"
