"""Rows of a Parquet file, read by DuckDB.

Values become text as in the other formats: whole numbers without ``.0``, lists and structures as JSON, NaN as nothing,
lengths of time as hours, minutes and seconds.
"""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from listrak_relay.adapters.duckdb.loading.parquet_decimals import with_texts
from listrak_relay.adapters.duckdb.loading.parquet_values import LEFT_OUT, as_text, is_nested, meant_kind, size_of
from listrak_relay.adapters.duckdb.loading.source import Layout, LoadedRows, Shape, create_source
from listrak_relay.adapters.duckdb.sql.csv_files import as_csv
from listrak_relay.adapters.duckdb.sql.expressions import WIDE, any_of, column, identifier, literal, literals, total
from listrak_relay.adapters.duckdb.sql.session import is_out_of_room
from listrak_relay.adapters.formats.parquet_footer import FooterError
from listrak_relay.adapters.formats.parquet_hints import duration_columns, instant_columns
from listrak_relay.adapters.formats.records import BINARY, NUL, RAW_LIMIT, RECORD_LIMIT, TOO_LARGE
from listrak_relay.domain.columns.header import check_count
from listrak_relay.domain.destinations.destinations import ColumnRole, DataTemplate
from listrak_relay.domain.destinations.file_rules import FileFormat
from listrak_relay.domain.reading.notes import Way
from listrak_relay.domain.values.names import listed, same_name_key
from listrak_relay.errors import FileRejectedError

_FETCH = 1_000
_EXACT_DIGITS = 38
"""Of a decimal in DuckDB."""


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
            source = self._load_fast(session, shape, layout) or self._load_exact(session, shape, work, layout)
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
        size = (session.execute(f"SELECT {sums} FROM {_read(*self._paths)}").fetchone() or (0,))[0]
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
            created = create_source(session, shape, layout, f"(SELECT {values} FROM {_read(*self._paths)})")
        except (duckdb.ConversionException, duckdb.InvalidInputException):
            return None
        loaded = [column(i) for i in range(len(self.names))]
        damaged = any_of(loaded, lambda value: f"({_is_large(value)} OR {_has_nul(value)})")
        if session.execute(f"SELECT coalesce(bool_or({damaged}), false) FROM source").fetchone() == (False,):
            first, rows = 1 + layout.offset, created.rows
            return LoadedRows(Way.FAST, f"rowid + {first}", rows, breaks=True, records=rows, nulls=created.nulls)
        session.execute("DROP TABLE source")
        return None

    def _load_exact(self, session: duckdb.DuckDBPyConnection, shape: Shape, work: Path, layout: Layout) -> LoadedRows:
        """With damaged rows set apart."""
        values = [column(i) for i in range(len(self.names))]
        read = ", ".join(f"nullif({text}, '') AS {column(i)}" for i, text in enumerate(self.lenient))
        no_text = " OR ".join(f"({c} IS NOT NULL AND try(decode({c})) IS NULL)" for c in self.binary) or "false"
        session.execute(
            f"CREATE TABLE read AS SELECT file_row_number + {1 + layout.offset} AS row, {no_text} AS no_text, {read} "
            f"FROM {_read(self.path, numbered=True)}"
        )
        damage = (
            f"CASE WHEN no_text THEN {literal(BINARY)} "
            f"WHEN {any_of(values, _is_large)} THEN {literal(TOO_LARGE)} "
            f"WHEN {any_of(values, _has_nul)} THEN {literal(NUL)} END"
        )
        session.execute(f"CREATE VIEW judged AS SELECT *, {damage} AS damage FROM read")
        sound = f"(SELECT row, {', '.join(values)} FROM judged WHERE damage IS NULL ORDER BY row)"
        created = create_source(session, shape, layout, sound, row="row")
        path = work / "damaged.csv"
        damaged = _write(_damaged_rows(session, values), path)
        session.execute("DROP VIEW judged")
        session.execute("DROP TABLE read")
        rows, nulls = created.rows, created.nulls
        return LoadedRows(Way.EXACT, "row", rows, True, rows + damaged, damaged, path, nulls=nulls)


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


def open_parquet(
    session: duckdb.DuckDBPyConnection,
    path: Path,
    file: str,
    most_bytes: int,
    work: Path,
    template: DataTemplate | None = None,
) -> ParquetTable:
    """``file``: the drop key, for messages. ``most_bytes``: of values together. ``work``: a folder for passing files.
    Columns that ``template`` leaves out are not read, so whatever is in them does no harm.

    Raises:
        FileRejectedError: the file cannot be read (code ``parquet_unreadable``), has too many columns
            (``too_many_columns``), or a column of numbers that would not arrive exactly (``format_unsupported``).
    """
    try:
        described = session.execute(f"DESCRIBE SELECT * FROM {_read(path)}").fetchall()
        names, inexact, scales = _names(session, path)
        metadata = _metadata(session, path)
    except duckdb.Error as error:
        if is_out_of_room(error):
            raise
        raise unreadable(file) from None
    check_count(len(described), file)
    rules = template.columns.items() if template else ()
    left_out = {same_name_key(name) for name, rule in rules if rule.role is ColumnRole.IGNORE}
    large = [name for name in inexact if same_name_key(name) not in left_out]
    wrong = [name for name in large if name not in scales]
    if wrong:
        raise FileRejectedError(
            "format_unsupported",
            f"{file}: these columns hold decimals of more than 38 digits inside lists or structures, which cannot be "
            f"read exactly: {listed(wrong)}; write them as text, or leave them out by the role ignore in the data "
            "template",
        )
    if large:
        try:
            path = with_texts(session, path, {name: scales[name] for name in large}, work)
        except FooterError:
            raise unreadable(file) from None
        described = session.execute(f"DESCRIBE SELECT * FROM {_read(path)}").fetchall()
    lasting, instants = duration_columns(metadata), instant_columns(metadata)
    # DuckDB renames the second of two columns of one name.
    columns = [
        (
            identifier(str(name)),
            LEFT_OUT
            if same_name_key(names[place]) in left_out
            else meant_kind(str(kind), lasting.get(names[place]), instant=names[place] in instants),
        )
        for place, (name, kind, *_) in enumerate(described)
    ]
    return ParquetTable(
        path,
        file,
        names,
        tuple(as_text(name, kind) for name, kind in columns),
        tuple(as_text(name, kind, lenient=True) for name, kind in columns),
        tuple(name for name, kind in columns if kind == "BLOB"),
        tuple(size_of(name, kind) for name, kind in columns if kind in ("BLOB", "VARCHAR") or is_nested(kind)),
        most_bytes,
        tuple(str(kind) for _, kind, *_ in described),
    )


def unreadable(file: str) -> FileRejectedError:
    return FileRejectedError(
        "parquet_unreadable",
        f"{file}: the Parquet file is damaged, encrypted, or of a kind that cannot be read; write it again",
    )


def _names(session: duckdb.DuckDBPyConnection, path: Path) -> tuple[list[str], list[str], dict[str, int]]:
    """Of the columns, without those inside them; of those whose decimals DuckDB would round; and of the latter, where
    they are no lists or structures, with the digits behind the point."""
    schema = session.execute(
        f"SELECT name, num_children, coalesce(precision, 0), coalesce(scale, 0) "
        f"FROM parquet_schema({literal(str(path))})"
    ).fetchall()
    names: list[str] = []
    inexact: dict[str, None] = {}
    scales: dict[str, int] = {}
    inside = 0
    for name, children, precision, scale in schema[1:]:
        if not inside:
            names.append(str(name))
        if precision > _EXACT_DIGITS:
            inexact[names[-1]] = None
            if not inside:
                scales[names[-1]] = int(scale)
        inside = max(0, inside - 1) + (children or 0)
    return names, list(inexact), scales


def _metadata(session: duckdb.DuckDBPyConnection, path: Path) -> dict[str, bytes]:
    """What the writer says of the file as a whole, by name."""
    found = session.execute(f"SELECT key, value FROM parquet_kv_metadata({literal(str(path))})").fetchall()
    return {bytes(key).decode(errors="replace"): bytes(value or b"") for key, value in found}


def _is_large(value: str) -> str:
    return f"coalesce(strlen({value}) > {RECORD_LIMIT}, false)"


def _has_nul(value: str) -> str:
    return f"coalesce(contains({value}, chr(0)), false)"


def _damaged_rows(session: duckdb.DuckDBPyConnection, values: list[str]) -> Iterator[tuple[Any, ...]]:
    record = as_csv([f"left({value}, {RAW_LIMIT})" for value in values])
    found = session.execute(f"SELECT row, damage, {record} FROM judged WHERE damage IS NOT NULL ORDER BY row")
    while batch := found.fetchmany(_FETCH):
        yield from batch


def _write(rows: Iterator[tuple[Any, ...]], path: Path) -> int:
    """Behind what other parts have left there; how many."""
    count = 0
    with path.open("a", encoding="utf-8", newline="") as stream:
        write = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow
        for count, row in enumerate(rows, 1):  # noqa: B007 - the last one is the answer
            write(row)
    return count


def _read(*paths: Path, numbered: bool = False) -> str:
    files = literals(map(str, paths))
    return f"read_parquet([{files}], file_row_number = {str(numbered).lower()}, hive_partitioning = false)"
