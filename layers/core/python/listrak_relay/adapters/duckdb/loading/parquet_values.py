"""SQL that gives a value of a Parquet file as the text that it would be in the other formats."""

from __future__ import annotations

from listrak_relay.adapters.duckdb.loading.parquet_nested import as_json

_HALF_DIGITS = 6
"""Five always tell a number of two bytes."""

LEFT_OUT = "left out"
"""Stands for the type of a column that is not read."""

_DURATION = "DURATION "
_INSTANT = "INSTANT"
_HALF = "HALF"
_ANYTHING = "VARIANT"
"""A list, a structure or a single value, by row."""


def meant_kind(kind: str, per_second: int | None, *, instant: bool, half: bool = False) -> str:
    """The type of a column of DuckDB's type ``kind``; one of this project's own where it holds whole numbers of which
    ``per_second`` make a second (None: it is no such column), or moments of UTC that are not marked as such.
    ``half``: its numbers have two bytes in the file."""
    if half and kind == "FLOAT":
        return _HALF
    if per_second and kind == "BIGINT":
        return f"{_DURATION}{per_second}"
    return _INSTANT if instant and kind == "TIMESTAMP" else kind


def as_text(name: str, kind: str, *, lenient: bool = False) -> str:
    """``name``: of the column, as an identifier. ``kind``: DuckDB's type. ``lenient``: spells out bytes that are no
    text, which is an error otherwise."""
    if kind == LEFT_OUT:
        return "NULL::VARCHAR"
    if kind == "BLOB":
        # Old writers give text without saying that it is text.
        return f"coalesce(try(decode({name})), CAST({name} AS VARCHAR))" if lenient else f"decode({name})"
    if kind == _HALF:
        return _half(name)
    if kind in ("DOUBLE", "FLOAT"):
        plain = f"regexp_replace(CAST({name} AS VARCHAR), '\\.0$', '')"
        # Where a file tells the largest number of a column, which NaN is not, DuckDB casts a NaN before it looks.
        whole = f"CAST(TRY_CAST({name} AS HUGEINT) AS VARCHAR)"
        return (
            f"CASE WHEN isnan({name}) THEN NULL WHEN {name} = 0 THEN '0' "
            f"WHEN abs({name}) BETWEEN 1e16 AND 1e37 THEN {whole} ELSE {plain} END"
        )
    if kind == _INSTANT:
        return f"CAST({name}::TIMESTAMPTZ AS VARCHAR)"
    if kind.startswith(_DURATION):
        return _duration(name, int(kind.removeprefix(_DURATION)))
    if is_nested(kind):
        return as_json(name, kind)
    if kind == _ANYTHING:
        json = f"CAST(to_json({name}) AS VARCHAR)"
        return f"CASE WHEN {json}[1] IN ('{{', '[') THEN {json} ELSE CAST({name} AS VARCHAR) END"
    return f"CAST({name} AS VARCHAR)"


def _half(name: str) -> str:
    """With as few digits as tell it from its neighbours, which is what was written: ``0.1`` and not ``0.099975586``.
    Whole numbers are exact."""
    exact = f"{name}::DOUBLE"
    # A power of two is nearer to the number below it than to the one above.
    power = f"log2(abs({exact}))"
    apart = f"greatest(pow(2, floor({power}) - 10), pow(2, -24)) / CASE WHEN {power} = floor({power}) THEN 2 ELSE 1 END"
    tried = " ".join(
        f"WHEN abs(format('{{:.{digits}g}}', {exact})::DOUBLE - {exact}) < ({apart}) / 2 "
        f"THEN CAST(format('{{:.{digits}g}}', {exact})::DOUBLE AS VARCHAR)"
        for digits in range(1, _HALF_DIGITS)
    )
    whole = f"{exact} = 0 OR isnan({exact}) OR isinf({exact}) OR {exact} = trunc({exact})"
    return f"CASE WHEN {whole} THEN {as_text(name, 'FLOAT')} {tried} ELSE CAST({exact} AS VARCHAR) END"


def _duration(name: str, per_second: int) -> str:
    """Hours, at least two digits of them, minutes and seconds, with a fraction where there is one: ``49:30:00.5``."""
    length = f"abs({name}::HUGEINT)"
    seconds = f"({length} // {per_second})"
    digits = len(str(per_second)) - 1
    fraction = f"rtrim(format('.{{:0{digits}d}}', ({length} % {per_second})::BIGINT), '.0')" if digits else "''"
    clock = f"format('{{:02d}}:{{:02d}}:{{:02d}}', ({seconds} // 3600)::BIGINT, ({seconds} // 60 % 60)::BIGINT, "
    return f"CASE WHEN {name} < 0 THEN '-' ELSE '' END || {clock}({seconds} % 60)::BIGINT) || {fraction}"


def is_nested(kind: str) -> bool:
    """Whether it is a list, a structure or a map."""
    return kind.endswith("]") or kind.startswith(("STRUCT(", "MAP("))


def size_of(name: str, kind: str) -> str:
    """In bytes."""
    return f"octet_length({name})" if kind == "BLOB" else f"strlen({as_text(name, kind)})"
