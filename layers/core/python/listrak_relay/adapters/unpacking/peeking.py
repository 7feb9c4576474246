"""First bytes of a file or stream, by which its layers are told."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, BinaryIO

_START = 1_024
_BUFFER = 1 << 18


def start_of(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(_START)


def peeked(stream: Any) -> tuple[BinaryIO, bytes]:
    """The stream, and its first bytes, which it still gives."""
    start = b""
    while len(start) < _START and (block := stream.read(_START - len(start))):
        start += block
    return io.BufferedReader(_Rejoined(start, stream), _BUFFER), start


class _Rejoined(io.RawIOBase):
    """``start`` and then what ``rest`` still gives."""

    def __init__(self, start: bytes, rest: Any) -> None:
        super().__init__()
        self._start = start
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        view = memoryview(buffer)
        data = self._start[: len(view)] or self._rest.read(len(view))
        self._start = self._start[len(view) :]
        view[: len(data)] = data
        return len(data)
