"""One whole stack for the session, as `make local` has it: the real template, functions and simulator."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from local.stack import LocalStack, StackOptions
from local.triggers.triggers import TriggerOptions
from tests.support.paths import USAGE


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    options = StackOptions(
        parameters={
            "UnknownOutcomeWaitSeconds": "5",
            "MaxChunkBytes": "200000",
            "LargeFileMb": "2",
            "RangeMb": "1",
        },
        triggers=TriggerOptions(crash_visibility=1, hurry=300),
    )
    with LocalStack(tmp_path_factory.mktemp("local"), options) as stack:
        yield stack
        # More than one process of a test run may have a stack.
        stack.usage().save(USAGE / f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}.json")
