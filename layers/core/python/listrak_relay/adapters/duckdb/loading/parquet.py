"""Rows of a Parquet file, read by DuckDB.

Values become text as in the other formats: whole numbers without ``.0``, lists and structures as JSON, NaN as nothing,
lengths of time as hours, minutes and seconds.
"""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from listrak_relay.adapters.duckdb.loading.parquet_damage import is_damaged, set_apart
from listrak_relay.adapters.duckdb.loading.source import Layout, LoadedRows, Shape, create_source
from listrak_relay.adapters.duckdb.sql.expressions import WIDE, column, literals, total
from listrak_relay.adapters.duckdb.sql.parquet_files import read_parquet
from listrak_relay.adapters.duckdb.sql.session import is_out_of_room
from listrak_relay.domain.destinations.file_rules import FileFormat
from listrak_relay.domain.reading.notes import Way
from listrak_relay.errors import FileRejectedError


@dataclass(frozen=True, slots=True)
class ParquetTable:
    """``names``: as they are in the file. ``texts``: SQL for each column's text. ``lenient``: the same, with bytes that
    are no text spelled out; ``binary``: SQL for the columns in which there can be such. ``long``: SQL for the sizes of
    all values that have no fixed one. ``most_bytes``: of these values together. ``kinds``: types of the columns as
    DuckDB names them. ``others``: files with the same columns, whose rows follow."""

    path: Path
    file: str
    names: list[str]
    texts: tuple[str, ...]
    lenient: tuple[str, ...]
    binary: tuple[str, ...]
    long: tuple[str, ...]
    most_bytes: int
    kinds: tuple[str, ...]
    unclean: bool = True
    notes: dict[str, Any] = field(default_factory=lambda: {"format": FileFormat.PARQUET.value})
    others: tuple[Path, ...] = ()

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    @property
    def _paths(self) -> tuple[Path, ...]:
        return (self.path, *self.others)

    def has_columns_of(self, other: ParquetTable) -> bool:
        """Whether one query can read both as each is: of two types it would read the second as the first."""
        return (self.names, self.kinds, self.texts) == (other.names, other.kinds, other.texts)

    def load(
        self, session: duckdb.DuckDBPyConnection, shape: Shape, work: Path, layout: Layout
    ) -> tuple[LoadedRows, int]:
        """Make table ``source``; the last row number in the file comes with it.

        Raises:
            FileRejectedError: the file is damaged (code ``parquet_unreadable``), or its values are too large together
                (``file_too_large``).
        """
        try:
            self._check_size(session)
            source = self._load_fast(session, shape, layout)
            source = source or set_apart(session, self.path, self.lenient, self.binary, shape, layout, work)
        except duckdb.Error as error:
            if is_out_of_room(error):
                raise
            raise unreadable(self.file) from None
        return source, source.records

    def _check_size(self, session: duckdb.DuckDBPyConnection) -> None:
        """A text that many rows share lies in the file once, so its size says nothing."""
        if not self.long:
            return
        if len(self.long) > WIDE:
            sums = f"coalesce(sum(list_sum([{', '.join(self.long)}])), 0)::BIGINT"
        else:
            sums = total(f"coalesce(sum({size}), 0)" for size in self.long)
        size = (session.execute(f"SELECT {sums} FROM {read_parquet(*self._paths)}").fetchone() or (0,))[0]
        if size > self.most_bytes:
            raise FileRejectedError(
                "file_too_large",
                f"{self.file}: its values have {size:,} bytes together, more than {self.most_bytes:,} can be read; "
                "drop smaller files",
            )

    def _load_fast(self, session: duckdb.DuckDBPyConnection, shape: Shape, layout: Layout) -> LoadedRows | None:
        """None if a row is damaged."""
        values = ", ".join(f"nullif({text}, '') AS {column(i)}" for i, text in enumerate(self.texts))
        try:
            created = create_source(session, shape, layout, f"(SELECT {values} FROM {read_parquet(*self._paths)})")
        except (duckdb.ConversionException, duckdb.InvalidInputException):
            return None
        damaged = is_damaged([column(i) for i in range(len(self.names))])
        if session.execute(f"SELECT coalesce(bool_or({damaged}), false) FROM source").fetchone() == (False,):
            first, rows = 1 + layout.offset, created.rows
            return LoadedRows(Way.FAST, f"rowid + {first}", rows, breaks=True, records=rows, nulls=created.nulls)
        session.execute("DROP TABLE source")
        return None


def load_alike(
    session: duckdb.DuckDBPyConnection, tables: Sequence[ParquetTable], shape: Shape, layout: Layout
) -> tuple[LoadedRows, list[int]] | None:
    """Make table ``source`` of files that have the same columns; the last row number in each comes with it. None if one
    of them is damaged, or they are too large together: each alone tells what is wrong, and with which."""
    whole = replace(tables[0], others=tuple(table.path for table in tables[1:]))
    try:
        whole._check_size(session)
        source = whole._load_fast(session, shape, layout)
        counted = session.execute(
            f"SELECT file_name, num_rows FROM parquet_file_metadata([{literals(map(str, whole._paths))}])"
        ).fetchall()
    except (duckdb.Error, FileRejectedError) as error:
        if isinstance(error, duckdb.Error) and is_out_of_room(error):
            raise
        session.execute("DROP TABLE IF EXISTS source")
        return None
    if source is None:
        return None
    rows = dict(counted)
    return source, [int(rows[str(table.path)]) for table in tables]


def unreadable(file: str) -> FileRejectedError:
    return FileRejectedError(
        "parquet_unreadable",
        f"{file}: the Parquet file is damaged, encrypted, or of a kind that cannot be read; write it again",
    )
