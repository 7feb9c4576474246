"""Decimals of more digits than DuckDB has, which it would round: each is made a text from its bytes."""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import duckdb

from listrak_relay.adapters.duckdb.sql.csv_files import csv_options
from listrak_relay.adapters.duckdb.sql.expressions import column, identifier, literal, text_columns
from listrak_relay.adapters.duckdb.sql.parquet_files import copy_parquet
from listrak_relay.adapters.duckdb.sql.session import FETCH_ROWS
from listrak_relay.adapters.formats.parquet_footer import without_types

_LONGEST = 1_000


def with_texts(session: duckdb.DuckDBPyConnection, path: Path, scales: Mapping[str, int], work: Path) -> Path:
    """The file written anew, these columns as texts. ``scales``: by name of a column of the first level.

    Raises:
        FooterError: the file's footer cannot be read.
    """
    plain, texts, target = (work / f"{path.name}-{kind}" for kind in ("bytes", "texts", "exact"))
    without_types(path, scales, plain)
    names = [identifier(name) for name in scales]
    rows = f"read_parquet({literal(str(plain))})"
    found = session.execute(f"SELECT {', '.join(names)} FROM {rows}")
    with texts.open("w", encoding="utf-8", newline="") as stream:
        write = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow
        while batch := found.fetchmany(FETCH_ROWS):
            for row in batch:
                write([_text(value, scale) for value, scale in zip(row, scales.values(), strict=True)])
    read = (
        f"read_csv({literal(str(texts))}, columns = {{{text_columns(len(names))}}}, parallel = false, "
        f"{csv_options(line_limit=_LONGEST * len(names))})"
    )
    exact = ", ".join(f"nullif(texts.{column(place)}, '') AS {name}" for place, name in enumerate(names))
    session.execute(
        copy_parquet(f"SELECT rows.* REPLACE ({exact}) FROM {rows} AS rows POSITIONAL JOIN {read} AS texts", target)
    )
    plain.unlink()
    texts.unlink()
    return target


def _text(value: bytes | None, scale: int) -> str:
    if value is None:
        return ""
    number = int.from_bytes(value, "big", signed=True)
    digits = str(abs(number)).rjust(scale + 1, "0")
    whole, fraction = (digits[:-scale], f".{digits[-scale:]}") if scale else (digits, "")
    return f"{'-' if number < 0 else ''}{whole}{fraction}"
