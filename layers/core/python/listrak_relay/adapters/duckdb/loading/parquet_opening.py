"""What a Parquet file says of its columns, and how each is to be read."""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from listrak_relay.adapters.duckdb.loading.parquet import ParquetTable, unreadable
from listrak_relay.adapters.duckdb.loading.parquet_decimals import with_texts
from listrak_relay.adapters.duckdb.loading.parquet_values import LEFT_OUT, as_text, is_nested, meant_kind, size_of
from listrak_relay.adapters.duckdb.sql.expressions import identifier, literal
from listrak_relay.adapters.duckdb.sql.parquet_files import read_parquet
from listrak_relay.adapters.duckdb.sql.session import is_out_of_room
from listrak_relay.adapters.formats.parquet_footer import FooterError, without_types
from listrak_relay.adapters.formats.parquet_hints import duration_columns, instant_columns, spans_as_times
from listrak_relay.domain.columns.header import check_count
from listrak_relay.domain.destinations.data_template import ColumnRole, DataTemplate
from listrak_relay.domain.values.names import listed, same_name_key
from listrak_relay.errors import FileRejectedError

_TIME = "TIME"
_MICROSECONDS = 1_000_000
_EXACT_DIGITS = 38
"""Of a decimal in DuckDB."""


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
        described = session.execute(f"DESCRIBE SELECT * FROM {read_parquet(path)}").fetchall()
        names, inexact, scales, halves = _names(session, path)
        metadata = _metadata(session, path)
    except duckdb.Error as error:
        if is_out_of_room(error):
            raise
        raise unreadable(file) from None
    check_count(len(described), file)
    lasting, instants = duration_columns(metadata), instant_columns(metadata)
    times = {names[place] for place, (_, kind, *_) in enumerate(described) if kind == _TIME}
    if spans := spans_as_times(metadata) & times:
        plain = work / f"{path.name}-plain"
        with _refused_footers(file):
            without_types(path, spans, plain)
        path = plain
        lasting |= dict.fromkeys(spans, _MICROSECONDS)
        described = session.execute(f"DESCRIBE SELECT * FROM {read_parquet(path)}").fetchall()
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
        with _refused_footers(file):
            path = with_texts(session, path, {name: scales[name] for name in large}, work)
        described = session.execute(f"DESCRIBE SELECT * FROM {read_parquet(path)}").fetchall()
    # DuckDB renames the second of two columns of one name.
    columns = [
        (
            identifier(str(name)),
            LEFT_OUT
            if same_name_key(names[place]) in left_out
            else meant_kind(
                str(kind), lasting.get(names[place]), instant=names[place] in instants, half=names[place] in halves
            ),
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


@contextmanager
def _refused_footers(file: str) -> Iterator[None]:
    try:
        yield
    except FooterError:
        raise unreadable(file) from None


def _names(session: duckdb.DuckDBPyConnection, path: Path) -> tuple[list[str], list[str], dict[str, int], set[str]]:
    """Of the columns, without those inside them; of those whose decimals DuckDB would round; of the latter, where they
    are no lists or structures, with the digits behind the point; and of those with numbers of two bytes."""
    schema = session.execute(
        f"SELECT name, num_children, coalesce(precision, 0), coalesce(scale, 0), "
        f"coalesce(logical_type, '') = 'Float16Type()' "
        f"FROM parquet_schema({literal(str(path))})"
    ).fetchall()
    names: list[str] = []
    inexact: dict[str, None] = {}
    scales: dict[str, int] = {}
    halves: set[str] = set()
    inside = 0
    for name, children, precision, scale, is_half in schema[1:]:
        if not inside:
            names.append(str(name))
            if is_half:
                halves.add(str(name))
        if precision > _EXACT_DIGITS:
            inexact[names[-1]] = None
            if not inside:
                scales[names[-1]] = int(scale)
        inside = max(0, inside - 1) + (children or 0)
    return names, list(inexact), scales, halves


def _metadata(session: duckdb.DuckDBPyConnection, path: Path) -> dict[str, bytes]:
    """What the writer says of the file as a whole, by name."""
    found = session.execute(f"SELECT key, value FROM parquet_kv_metadata({literal(str(path))})").fetchall()
    return {bytes(key).decode(errors="replace"): bytes(value or b"") for key, value in found}
