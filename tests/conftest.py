"""Fixtures that tests of several folders use, and how tests are shared out among processes (`make test`)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import settings

# How long an example takes is no fault of the code: machines are busy.
settings.register_profile("by_no_clock", deadline=None)
settings.load_profile("by_no_clock")

# So that an assertion in a helper tells as much as one in a test.
pytest.register_assert_rewrite("tests.support")

pytest_plugins = [f"tests.support.fixtures.{name}" for name in ("aws", "duckdb", "listrak", "sftp", "time")]


@pytest.fixture(scope="session", autouse=True)
def _temporary_folder_of_this_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """As an execution environment of Lambda has: a handler clears it of all that earlier invocations have left."""
    before, tempfile.tempdir = tempfile.tempdir, str(tmp_path_factory.mktemp("scratch"))
    yield
    tempfile.tempdir = before


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of a file stay together, for they share what is dear to start; those of `tests/e2e` all share one
    stack."""
    for item in items:
        place = item.path.relative_to(item.config.rootpath)
        shared = place.parent if place.parent.name == "e2e" else place
        item.add_marker(pytest.mark.xdist_group(shared.as_posix()))
