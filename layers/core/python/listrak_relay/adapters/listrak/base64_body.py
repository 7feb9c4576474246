"""A JSON request body with a file inside as Base64, streamed in constant memory."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

_BLOCK = 3 * (1 << 16)
"""Bytes. A multiple of 3, so that the blocks' Base64 joins without padding."""


class SizeMismatchError(Exception):
    """The file is not as long as was said; the text has no part of it."""


class Base64JsonBody(io.RawIOBase):
    """``{<values>, "<name>": "<Base64 of the file>"}``, its length known before the file is read.

    Raises on reading:
        SizeMismatchError: the file has not ``size`` bytes. The body then lacks its end, so no receiver can use it.
    """

    def __init__(self, values: Mapping[str, Any], name: str, file: BinaryIO, size: int) -> None:
        frame = json.dumps({**values, name: ""}).encode()
        self._head, self._tail = frame[:-2], frame[-2:]
        self._size = size
        self._blocks = self._all(file)
        self._rest = memoryview(b"")
        self._given = 0

    def __len__(self) -> int:
        return len(self._head) + 4 * ((self._size + 2) // 3) + len(self._tail)

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        """Bytes given so far. Requests subtracts it from the length."""
        return self._given

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            self._rest = memoryview(next(self._blocks, b""))
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        self._given += count
        return count

    def _all(self, file: BinaryIO) -> Iterator[bytes]:
        yield self._head
        left = self._size
        while left:
            block = _read_exactly(file, min(_BLOCK, left))
            left -= len(block)
            yield base64.b64encode(block)
        if file.read(1):
            raise SizeMismatchError(f"the file is longer than the {self._size} bytes announced")
        yield self._tail


def _read_exactly(file: BinaryIO, count: int) -> bytes:
    parts = []
    while count:
        part = file.read(count)
        if not part:
            raise SizeMismatchError("the file is shorter than announced")
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
