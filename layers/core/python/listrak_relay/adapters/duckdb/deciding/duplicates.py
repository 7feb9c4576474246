"""Duplicates among rows that lie in many files: `ports.ranges.DuplicateFinder`."""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from listrak_relay.adapters.duckdb.deciding.verdicts import find_duplicates
from listrak_relay.adapters.duckdb.sql.csv_files import copy_csv
from listrak_relay.adapters.duckdb.sql.expressions import literal
from listrak_relay.adapters.duckdb.sql.parquet_files import copy_parquet


class DuckDbDuplicateFinder:
    """Rows are told by their number in the run, which rises with the file, so that of one key the last row stays."""

    def __init__(self, session: duckdb.DuckDBPyConnection) -> None:
        self._session = session
        session.execute("CREATE TABLE found (range INTEGER, dropped BIGINT, kept BIGINT)")

    def add(self, keys: Mapping[int, Path], offsets: Mapping[int, int]) -> None:
        self._session.execute("CREATE TABLE keyed (range INTEGER, row BIGINT, contact VARCHAR)")
        for number, path in keys.items():
            self._session.execute(
                f"INSERT INTO keyed SELECT {number}, row + {offsets[number]}, contact "
                f"FROM read_parquet({literal(str(path))})"
            )
        find_duplicates(self._session, "keyed", "row", "contact")
        self._session.execute(
            "INSERT INTO found SELECT range, dropped, kept FROM duplicate JOIN keyed ON keyed.row = dropped"
        )
        self._session.execute("DROP TABLE duplicate")
        self._session.execute("DROP TABLE keyed")

    def write(self, out: Path) -> tuple[Path | None, Mapping[int, Path], int]:
        counted = self._session.execute("SELECT range, count(*) FROM found GROUP BY range ORDER BY range").fetchall()
        if not counted:
            return None, {}, 0
        pairs = out / "duplicates.csv"
        self._session.execute(
            copy_csv("SELECT dropped AS row, kept AS kept_row FROM found ORDER BY dropped", pairs, header=True)
        )
        files = {}
        for number, _ in counted:
            files[number] = out / f"dropped-{number:05d}.parquet"
            dropped = f"SELECT dropped AS row FROM found WHERE range = {number} ORDER BY row"
            self._session.execute(copy_parquet(dropped, files[number]))
        return pairs, files, sum(count for _, count in counted)
