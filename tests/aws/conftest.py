"""The real template in the second emulator, whose IAM holds each function to its own role. Run by `make aws-check`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local.ministack.stack import MiniStack
from tests.support.paths import USAGE


@pytest.fixture(scope="session")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MiniStack]:
    parameters = {"UnknownOutcomeWaitSeconds": "5", "LargeFileMb": "1", "RangeMb": "1"}
    with MiniStack(tmp_path_factory.mktemp("ministack"), parameters) as stack:
        yield stack
        stack.usage().save(USAGE / "aws-check.json")


@pytest.fixture
def stack(ministack: MiniStack) -> Iterator[MiniStack]:
    """Nothing in the simulated Listrak, no configuration, no dead letters; fails if a call was denied."""
    ministack.simulator.reset()
    for name, address in ministack.ids.items():
        if name.endswith("DeadLetterQueue"):
            ministack.aws.sqs.purge_queue(QueueUrl=address)
    ministack.client.configure(b"version: 1\n")
    yield ministack
    ministack.check()
