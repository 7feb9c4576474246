"""SQL that reads and writes CSV as all our files have it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from listrak_relay.adapters.duckdb.sql.expressions import literal


def as_csv(columns: list[str]) -> str:
    """The row as one CSV record."""

    quoted = """'"' || replace(value, '"', '""') || '"'"""
    special = """regexp_matches(value, '[",\\n\\r]')"""
    field = f"CASE WHEN value IS NULL THEN '' WHEN {special} THEN {quoted} ELSE value END"
    # Said once however many columns there are.
    return f"array_to_string(list_transform([{', '.join(columns)}], lambda value: {field}), ',')"


def line_limit(characters: int) -> int:
    """Bytes of a line that we wrote with a value of so many characters: four for each, doubled if it is a quote, and
    room for what stands beside the value."""
    return 8 * characters + 1_000


def csv_options(*, delimiter: str = ",", quote: str = '"', newline: str = "\n", line_limit: int) -> str:
    """Options that leave `read_csv` nothing to guess and nothing to forgive. ``quote``: a double quote, or nothing."""
    end = "\\r\\n" if newline == "\r\n" else "\\n"
    return (
        f"auto_detect = false, header = false, delim = {literal(delimiter)}, quote = {literal(quote)}, "
        f"escape = {literal(quote)}, "
        f"new_line = '{end}', strict_mode = true, null_padding = false, ignore_errors = false, "
        f"max_line_size = {line_limit}"
    )


def copy_csv(query: str, path: Path, *, header: bool = False) -> str:
    """Write rows as UTF-8, comma, ``"`` quoting where needed, ``\\n`` endings, nothing for an empty value."""
    return (
        f"COPY ({query}) TO {literal(str(path))} "
        f"(FORMAT csv, HEADER {str(header).lower()}, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULL '')"
    )


def copy_plain(values: Sequence[str], rows: str, path: Path) -> str:
    """Write what `copy_csv` writes of values none of which needs quotes, in less time: no value is looked through for
    signs that do. ``rows``: what stands behind the values, from FROM on."""
    # What is NULL adds nothing to what `concat` gives.
    line = ", ',', ".join(values)
    return (
        f"COPY (SELECT concat({line}) {rows}) TO {literal(str(path))} "
        "(FORMAT csv, HEADER false, DELIMITER '\x01', QUOTE '', ESCAPE '', NULL '')"
    )
