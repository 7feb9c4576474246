"""Fixtures that tests of several folders use, and how tests are shared out among processes (`make test`)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

# So that an assertion in a helper tells as much as one in a test.
pytest.register_assert_rewrite("tests.support")

from tests.support.examples import examples  # noqa: E402 - rewritten only if it was not imported before

# How long an example takes is no fault of the code: machines are busy.
settings.register_profile("by_no_clock", examples(50))
settings.load_profile("by_no_clock")

E2E = "tests/e2e/"
OPERATING = "tests/e2e/test_operating.py"
SOAK = "tests/faults/test_soak.py"

pytest_plugins = [
    f"tests.support.fixtures.{name}" for name in ("aws", "duckdb", "garbage", "listrak", "relay", "sftp", "time")
]


@pytest.fixture(scope="session", autouse=True)
def _temporary_folder_of_this_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """As an execution environment of Lambda has: a handler clears it of all that earlier invocations have left."""
    before, tempfile.tempdir = tempfile.tempdir, str(tmp_path_factory.mktemp("scratch"))
    yield
    tempfile.tempdir = before


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: the tests of stacks wait half of their time."""
    return (os.cpu_count() or 1) + 1


LONG = (
    E2E,
    "tests/unit/use_cases/test_crashing_anywhere.py",
    "tests/integration/local/commands/test_commands.py",
    "tests/integration/adapters/duckdb/test_any_input.py",
    "tests/integration/local/test_stack.py",
)
"""Each takes a minute or more, which one process would be at while the others have nothing left to do."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first."""
    items.sort(key=lambda item: next((at for at, path in enumerate(LONG) if item.nodeid.startswith(path)), len(LONG)))


class BySharedThings(LoadScopeScheduling):  # type: ignore[misc] # which says nothing of its types
    """The tests of a file stay together, for they share what is dear to start; those of `tests/e2e` share two stacks,
    one for the commands of operators, and those of the soak have one each."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        if file == SOAK:
            return nodeid
        return E2E if file.startswith(E2E) and file != OPERATING else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> BySharedThings:
    return BySharedThings(config, log)
