"""Parquet files of few rows, written by DuckDB."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb


def parquet(*selects: str, options: str = "") -> bytes:
    """A file with the rows of these SELECTs, each with columns ``email`` and ``n``."""
    with TemporaryDirectory() as folder, duckdb.connect() as session:
        path = Path(folder) / "x"
        session.execute(f"COPY ({' UNION ALL '.join(selects)}) TO '{path}' (FORMAT parquet{options})")
        return path.read_bytes()


def row(name: str, value: str) -> str:
    return f"SELECT '{name}@example.com' AS email, {value} AS n"
