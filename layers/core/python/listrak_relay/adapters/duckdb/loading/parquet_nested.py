"""SQL that gives a list, a structure or a map of a Parquet file as JSON text that keeps every digit.

DuckDB's ``to_json`` makes floats of 64 bits of all numbers: ``0.1`` of 32 bits becomes ``0.10000000149011612``, a
decimal loses the zeros at its end and what a float does not hold, and NaN and infinity are no JSON. A value that can
hold none of these is left to it, which takes less time.
"""

from __future__ import annotations

from duckdb.sqltypes import DuckDBPyType

from listrak_relay.adapters.duckdb.sql.expressions import literal

_INEXACT = ("decimal", "float", "double", "hugeint", "uhugeint")
_LISTS = ("list", "array")


def as_json(value: str, kind: str) -> str:
    """``kind``: of the value ``value``, as DuckDB names it. NULL of a NULL."""
    return _json(value, DuckDBPyType(kind), 0)


def _json(value: str, kind: DuckDBPyType, depth: int) -> str:
    if not _is_inexact(kind):
        return f"CAST(to_json({value}) AS VARCHAR)"
    inside = _parts(kind)
    item = f"item{depth}"
    if kind.id in _LISTS:
        return _joined("[", f"list_transform({value}, lambda {item}: {_or_null(item, inside['child'], depth)})", "]")
    if kind.id == "map":
        key = f"to_json(CAST({item}.key AS VARCHAR))"
        pair = f"{key} || ':' || {_or_null(f'{item}.value', inside['value'], depth)}"
        return _joined("{", f"list_transform(map_entries({value}), lambda {item}: {pair})", "}")
    if kind.id == "struct":
        pairs = (
            f"to_json({literal(name)}) || ':' || {_or_null(f'struct_extract({value}, {literal(name)})', part, depth)}"
            for name, part in inside.items()
        )
        whole = _joined("{", f"[{', '.join(pairs)}]", "}")
        return f"CASE WHEN {value} IS NULL THEN NULL ELSE {whole} END"
    return _number(value, kind.id)


def _number(value: str, kind: str) -> str:
    if kind not in ("float", "double"):
        return f"CAST({value} AS VARCHAR)"
    # Infinity has no form in JSON, so it is a text there; NaN is no value.
    return (
        f"CASE WHEN isnan({value}) THEN NULL WHEN isinf({value}) THEN '\"' || CAST({value} AS VARCHAR) || '\"' "
        f"ELSE CAST({value} AS VARCHAR) END"
    )


def _or_null(value: str, kind: DuckDBPyType, depth: int) -> str:
    return f"coalesce({_json(value, kind, depth + 1)}, 'null')"


def _joined(opening: str, texts: str, closing: str) -> str:
    return f"'{opening}' || array_to_string({texts}, ',') || '{closing}'"


def _is_inexact(kind: DuckDBPyType) -> bool:
    return kind.id in _INEXACT or any(_is_inexact(part) for part in _parts(kind).values())


def _parts(kind: DuckDBPyType) -> dict[str, DuckDBPyType]:
    """Types inside a list (``child``), a map (``key``, ``value``) or a structure."""
    if kind.id not in (*_LISTS, "map", "struct"):
        return {}
    return {name: part for name, part in kind.children if isinstance(part, DuckDBPyType)}
