"""Fixtures that tests of several folders use, and how tests are shared out among processes (`make test`)."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# So that an assertion in a helper tells as much as one in a test.
pytest.register_assert_rewrite("tests.support")

from tests.support.examples import examples  # noqa: E402 - rewritten only if it was not imported before

# How long an example takes is no fault of the code: machines are busy.
settings.register_profile("by_no_clock", examples(50))
settings.load_profile("by_no_clock")

pytest_plugins = [f"tests.support.fixtures.{name}" for name in ("aws", "duckdb", "listrak", "sftp", "time")]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: the tests of stacks wait half of their time."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of a file stay together, for they share what is dear to start; those of `tests/e2e` all share one
    stack."""
    for item in items:
        place = item.path.relative_to(item.config.rootpath)
        shared = place.parent if place.parent.name == "e2e" else place
        item.add_marker(pytest.mark.xdist_group(shared.as_posix()))
