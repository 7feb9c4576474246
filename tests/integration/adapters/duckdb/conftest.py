"""A DuckDB without our settings, for tests of SQL."""

from collections.abc import Iterator

import duckdb
import pytest


@pytest.fixture(scope="module")
def session() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": "1"}) as session:
        yield session
