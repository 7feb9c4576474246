"""SQL that writes what the steps of a run in ranges leave for each other."""

from __future__ import annotations

from pathlib import Path

from listrak_relay.adapters.duckdb.sql.expressions import literal


def copy_parquet(query: str, path: Path) -> str:
    return f"COPY ({query}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)"
