"""One file of rows, whatever its format."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import duckdb

from listrak_relay.adapters.duckdb.loading.source import Layout, LoadedRows, Shape


class Table(Protocol):
    """One file of rows. ``names``: of its columns, as spelled there. ``unclean``: values can hold more than plain
    spaces to trim, or line breaks, or control characters. ``notes``: for the report. ``size``: bytes of the file."""

    @property
    def names(self) -> list[str]: ...

    @property
    def unclean(self) -> bool: ...

    @property
    def notes(self) -> dict[str, Any]: ...

    @property
    def size(self) -> int: ...

    def load(
        self, session: duckdb.DuckDBPyConnection, shape: Shape, work: Path, layout: Layout
    ) -> tuple[LoadedRows, int]:
        """Make table ``source``; the last row number in the file comes with it."""
        ...
