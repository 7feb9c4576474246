"""How the tests are shared out when several processes run them (`make test`)."""

from __future__ import annotations

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of a file stay together, for they share what is dear to start; those of `tests/e2e` all share one
    stack."""
    for item in items:
        place = item.path.parent.name if item.path.parent.name == "e2e" else item.path.stem
        item.add_marker(pytest.mark.xdist_group(place))
