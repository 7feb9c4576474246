"""All faults at all calls of every kind of run, for MINUTES, on STACKS side by side; run by `make soak`."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.runs.coverage import COVERED
from tests.support.runs.soak import Soak
from tests.support.runs.whole import Trials
from tests.support.stack.faulty import faulty_stack

MINUTES = float(os.environ.get("MINUTES") or 60)
STACKS = int(os.environ.get("STACKS") or 2)
SEED = int(os.environ.get("FAULT_SEED") or 1)
"""The same for all, which share the faults out between them by it."""


@pytest.mark.soak
@pytest.mark.timeout(MINUTES * 60 + 1_800)
@pytest.mark.parametrize("stack", range(STACKS))
def test_no_fault_changes_the_end_of_a_run_and_nothing_grows(
    tmp_path: Path, stack: int, record_property: Callable[[str, object], None]
) -> None:
    with faulty_stack(tmp_path) as faulty:
        soak = Soak(Trials(faulty), SEED, share=(stack, STACKS))
        soak.go_on(MINUTES * 60)
        for line in soak.lines():
            record_property(COVERED, f"stack {stack + 1}, {line}")

        assert not soak.wrong, f"see the end, FAULT_SEED={SEED}"
        assert not (why := soak.too_little()), why
        assert faulty.waiting() == {}
        assert soak.watch.grown() == []
