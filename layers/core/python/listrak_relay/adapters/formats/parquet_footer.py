"""The footer of a Parquet file (Thrift, compact protocol) with some columns left without the type that Parquet
gives their bytes or numbers, so that these can be read as they are.

https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

_MAGIC = b"PAR1"
_TAIL = len(_MAGIC) + 4
_SCHEMA = 2  # of FileMetaData; of SchemaElement come name, and what it means
_NAME = 4
_TYPE = frozenset({6, 7, 8, 10})

_TRUE, _FALSE, _LIST, _STRUCT = 1, 2, 9, 12
_LONG = 15
"""The largest number that four bits hold: of a step to the next field, or for the count of a longer list."""


class FooterError(ValueError):
    """It is not what the protocol wants."""


def without_types(path: Path, columns: Collection[str], target: Path) -> None:
    """Copy a file, columns of the first level with these names as the bytes or numbers that they are stored as.

    Raises:
        FooterError: the footer cannot be read.
    """
    with path.open("rb") as stream:
        stream.seek(-_TAIL, 2)
        end = stream.tell()
        size = int.from_bytes(stream.read(4), "little")
        if stream.read() != _MAGIC or size > end:
            raise FooterError
        stream.seek(end - size)
        footer = stream.read(size)
    try:
        changed = _changed(footer, {name.encode() for name in columns})
    except (IndexError, RecursionError):
        raise FooterError from None
    shutil.copyfile(path, target)
    with target.open("rb+") as stream:
        stream.truncate(end - size)
        stream.seek(0, 2)
        stream.write(changed + len(changed).to_bytes(4, "little") + _MAGIC)


@dataclass(frozen=True, slots=True)
class _Field:
    """``first`` up to ``end``: its value."""

    number: int
    kind: int
    first: int
    end: int


def _changed(footer: bytes, columns: Collection[bytes]) -> bytes:
    schema = next((field for field in _fields(footer, 0) if field.number == _SCHEMA), None)
    if schema is None or schema.kind != _LIST:
        raise FooterError
    _, _, place = _list_head(footer, schema.first)
    written = [footer[:place]]
    while place < schema.end:
        fields = list(_fields(footer, place))
        end = _skip(footer, place, _STRUCT)
        name = next((_text(footer, field.first) for field in fields if field.number == _NAME), b"")
        written.append(_without(footer, fields) if name in columns else footer[place:end])
        place = end
    return b"".join([*written, footer[schema.end :]])


def _without(footer: bytes, fields: list[_Field]) -> bytes:
    """A schema element again, without what says more of its type than how it is stored."""
    written, before = bytearray(), 0
    for field in fields:
        if field.number not in _TYPE:
            step = field.number - before
            if not 0 < step <= _LONG:
                raise FooterError
            written.append(step << 4 | field.kind)
            written += footer[field.first : field.end]
            before = field.number
    return bytes(written) + b"\0"


def _fields(footer: bytes, place: int) -> Iterator[_Field]:
    """Of the structure that begins there."""
    number = 0
    while head := footer[place]:
        place += 1
        if head >> 4:
            number += head >> 4
        else:
            zigzag, place = _varint(footer, place)
            number = (zigzag >> 1) ^ -(zigzag & 1)
        end = _skip(footer, place, head & 15)
        yield _Field(number, head & 15, place, end)
        place = end


def _skip(footer: bytes, place: int, kind: int) -> int:
    """Behind a value of this kind."""
    match kind:
        case 1 | 2:
            return place
        case 3:
            return place + 1
        case 7:
            return place + 8
        case 8:
            size, place = _varint(footer, place)
            return place + size
        case 9 | 10:
            return _skip_list(footer, place)
        case 11:
            return _skip_map(footer, place)
        case 12:
            return max((field.end for field in _fields(footer, place)), default=place) + 1
        case _:
            return _varint(footer, place)[1]


def _skip_list(footer: bytes, place: int) -> int:
    inner, count, place = _list_head(footer, place)
    for _ in range(count):
        place = place + 1 if inner in (_TRUE, _FALSE) else _skip(footer, place, inner)
    return place


def _skip_map(footer: bytes, place: int) -> int:
    count, place = _varint(footer, place)
    _check_count(footer, count)
    if count:
        kinds, place = footer[place], place + 1
        for _ in range(count):
            place = _skip(footer, _skip(footer, place, kinds >> 4), kinds & 15)
    return place


def _list_head(footer: bytes, place: int) -> tuple[int, int, int]:
    """Kind and number of the elements, and where the first one is."""
    head = footer[place]
    count, place = head >> 4, place + 1
    if count == _LONG:
        count, place = _varint(footer, place)
    _check_count(footer, count)
    return head & 15, count, place


def _check_count(footer: bytes, count: int) -> None:
    """Each element takes a byte at least."""
    if count > len(footer):
        raise FooterError


def _text(footer: bytes, place: int) -> bytes:
    size, place = _varint(footer, place)
    return footer[place : place + size]


def _varint(footer: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = footer[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 - the bit that says that more follows
            return value, place
        shift += 7
