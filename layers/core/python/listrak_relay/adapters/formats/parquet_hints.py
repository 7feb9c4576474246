"""What the writer of a Parquet file says of its columns beside the schema: Arrow (pandas, Polars, R) in a schema of its
own, Spark in JSON. Parquet has no type for lengths of time, so they are whole numbers there, and the older type of
moments does not tell whether they are of UTC.

https://arrow.apache.org/docs/format/Columnar.html#encapsulated-message-format and its `Schema.fbs`;
https://flatbuffers.dev/internals/
"""

from __future__ import annotations

import base64
import binascii
import json
import struct
from collections.abc import Iterator, Mapping
from typing import Any

_ARROW = "ARROW:schema"
_SPARK = "org.apache.spark.sql.parquet.row.metadata"

_PANDAS = "pandas"
_PANDAS_DURATION = "timedelta64"

_HEADER, _FIELDS, _NAME, _TYPE_KIND, _TYPE, _UNIT = 2, 1, 0, 2, 3, 0
"""Places of what is read in its table."""

_DURATION = 18
_PER_SECOND = (1, 1_000, 1_000_000, 1_000_000_000)
_MILLISECONDS = 1
"""The unit where none is said."""

_SPARK_INSTANT = "timestamp"
_SPARK_TYPES = ("interval day", "interval hour", "interval minute", "interval second")
_SPARK_PER_SECOND = 1_000_000

_CONTINUED = b"\xff\xff\xff\xff"


def duration_columns(metadata: Mapping[str, bytes]) -> dict[str, int]:
    """By name of a column of the first level that holds lengths of time: how many of its units make a second.
    ``metadata``: of the file. What cannot be read of it tells nothing."""
    found: dict[str, int] = {}
    if schema := metadata.get(_ARROW):
        try:
            found.update(_of_arrow(base64.b64decode(schema)))
        except (binascii.Error, IndexError, UnicodeDecodeError, struct.error):
            found.clear()
    if schema := metadata.get(_SPARK):
        found.update(_of_spark(schema))
    return found


def spans_as_times(metadata: Mapping[str, bytes]) -> set[str]:
    """Columns with lengths of time that pandas knows as such, and that fastparquet writes as times of a day, in
    microseconds, although they may be longer than one. ``metadata``: as above."""
    try:
        columns: Any = json.loads(metadata.get(_PANDAS, b""))["columns"]
        return {str(found["name"]) for found in columns if str(found["numpy_type"]).startswith(_PANDAS_DURATION)}
    except (KeyError, TypeError, ValueError, RecursionError):
        return set()


def instant_columns(metadata: Mapping[str, bytes]) -> set[str]:
    """Columns of the first level with moments of UTC, whatever the schema says: of Spark's types the one without
    ``_ntz``. ``metadata``: as above."""
    schema = metadata.get(_SPARK)
    return {name for name, kind in _spark_fields(schema) if kind == _SPARK_INSTANT} if schema else set()


def _of_arrow(message: bytes) -> Iterator[tuple[str, int]]:
    """Raises IndexError, UnicodeDecodeError, struct.error: it is no such message."""
    start = 8 if message.startswith(_CONTINUED) else 4
    schema = _Table.at(message, start).table(_HEADER)
    for field in schema.tables(_FIELDS) if schema else ():
        if field.number(_TYPE_KIND, "<B", 0) == _DURATION and (kind := field.table(_TYPE)):
            yield field.text(_NAME), _PER_SECOND[kind.number(_UNIT, "<h", _MILLISECONDS)]


def _of_spark(schema: bytes) -> Iterator[tuple[str, int]]:
    return ((name, _SPARK_PER_SECOND) for name, kind in _spark_fields(schema) if kind.startswith(_SPARK_TYPES))


def _spark_fields(schema: bytes) -> Iterator[tuple[str, str]]:
    """Names and types, without lists and structures."""
    try:
        fields: Any = json.loads(schema)["fields"]
        for field in fields:
            if isinstance(field["type"], str):
                yield str(field["name"]), field["type"]
    except (KeyError, TypeError, ValueError, RecursionError):
        return


class _Table:
    """A table of a FlatBuffer. ``place``: where it begins."""

    def __init__(self, buffer: bytes, place: int) -> None:
        self._buffer = buffer
        self._place = place
        self._vtable = place - self._read("<i", place)

    @classmethod
    def at(cls, buffer: bytes, reference: int) -> _Table:
        """The table that is referred to from there."""
        return cls(buffer, reference + int(struct.unpack_from("<I", buffer, reference)[0]))

    def number(self, place: int, form: str, default: int) -> int:
        found = self._field(place)
        return self._read(form, found) if found else default

    def table(self, place: int) -> _Table | None:
        found = self._field(place)
        return _Table.at(self._buffer, found) if found else None

    def tables(self, place: int) -> Iterator[_Table]:
        found = self._field(place)
        if not found:
            return
        first = found + self._read("<I", found)
        for number in range(self._read("<I", first)):
            yield _Table.at(self._buffer, first + 4 + 4 * number)

    def text(self, place: int) -> str:
        found = self._field(place)
        if not found:
            return ""
        first = found + self._read("<I", found)
        return self._buffer[first + 4 : first + 4 + self._read("<I", first)].decode()

    def _field(self, place: int) -> int:
        """Where the field is; 0: it is not there."""
        entry = 4 + 2 * place
        if entry >= self._read("<H", self._vtable):
            return 0
        offset = self._read("<H", self._vtable + entry)
        return self._place + offset if offset else 0

    def _read(self, form: str, place: int) -> int:
        if place < 0:
            raise IndexError
        return int(struct.unpack_from(form, self._buffer, place)[0])
