"""SQL that reads and writes Parquet files: those that are dropped, and those that the steps of a run in ranges leave
for each other."""

from __future__ import annotations

from pathlib import Path

from listrak_relay.adapters.duckdb.sql.expressions import literal, literals


def read_parquet(*paths: Path, numbered: bool = False) -> str:
    """``numbered``: with a column ``file_row_number``, from 0."""
    files = literals(map(str, paths))
    return f"read_parquet([{files}], file_row_number = {str(numbered).lower()}, hive_partitioning = false)"


def copy_parquet(query: str, path: Path) -> str:
    return f"COPY ({query}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)"
