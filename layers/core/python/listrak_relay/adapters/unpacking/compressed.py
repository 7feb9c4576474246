"""Reads gzip, bzip2 and zstd as a stream, several members one after the other, in constant memory."""

from __future__ import annotations

import bz2
import io
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO, Protocol

import zstandard

_BLOCK = 1 << 17
ZSTD_WINDOW = 1 << 27
"""Bytes; the most that zstd itself unpacks without being told."""

_ZSTD_PIECE = 1 << 10
"""A block of 128 kB can be packed in four bytes, so this much gives 32 MB at most."""

_ZSTD_SKIPPABLE = b"\x50\x2a\x4d\x18"

READ_ERRORS = (zlib.error, zstandard.ZstdError, EOFError)
"""Besides OSError without a number, which bz2 raises: the data is damaged."""


class _Decompressor(Protocol):
    eof: bool
    unused_data: bytes
    needs_input: bool

    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gzip:
    """`zlib`'s decompressor with the manners of the other two."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        # Zeros after the last member are padding, as from tapes.
        return self._inner.unused_data.lstrip(b"\0")

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


class _Zstd:
    """`zstandard`'s decompressor, which knows no limit for what it gives, with the manners of the others."""

    def __init__(self) -> None:
        self._inner = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).decompressobj()
        self._packed = b""
        self._ready = b""

    @property
    def eof(self) -> bool:
        return self._inner.eof and not self._ready

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data + self._packed

    @property
    def needs_input(self) -> bool:
        return not self._ready and not self._packed

    def decompress(self, data: bytes, max_length: int) -> bytes:
        self._packed += data
        if not self._ready and not self._inner.eof:
            piece, self._packed = self._packed[:_ZSTD_PIECE], self._packed[_ZSTD_PIECE:]
            self._ready = self._inner.decompress(piece)
        given, self._ready = self._ready[:max_length], self._ready[max_length:]
        return given


COMPRESSIONS: dict[str, tuple[bytes, Callable[[], Any]]] = {
    "gzip": (b"\x1f\x8b\x08", _Gzip),
    "bzip2": (b"BZh", bz2.BZ2Decompressor),
    "zstd": (b"\x28\xb5\x2f\xfd", _Zstd),
}
"""Name → first bytes, maker of a decompressor."""


def compression_of(start: bytes) -> str | None:
    for name, (magic, _) in COMPRESSIONS.items():
        if start.startswith(magic):
            return name
    # A zstd frame to be skipped may come first; the low half of its first byte is free.
    skippable = start[1:4] == _ZSTD_SKIPPABLE[1:] and start[0] & 0xF0 == _ZSTD_SKIPPABLE[0]
    return "zstd" if skippable else None


def is_window_too_large(error: Exception) -> bool:
    """Whether zstd wants more memory than it is given here."""
    return isinstance(error, zstandard.ZstdError) and "too much memory" in str(error)


class Decompressed(io.RawIOBase):
    """The content of ``source``, compressed by ``compression``.

    Raises on reading:
        EOFError: the data breaks off.
        READ_ERRORS, OSError without a number: the data is damaged.
    """

    def __init__(self, source: BinaryIO, compression: str) -> None:
        super().__init__()
        self._source = source
        self._new = COMPRESSIONS[compression][1]
        self._member: _Decompressor = self._new()
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        view = memoryview(buffer)
        data = b""
        while not data and not self._ended:
            data = self._read(len(view))
        view[: len(data)] = data
        return len(data)

    def _read(self, size: int) -> bytes:
        if self._member.eof:
            rest = self._member.unused_data
            while not rest:
                block = self._source.read(_BLOCK)
                if not block:
                    self._ended = True
                    return b""
                rest = block.lstrip(b"\0")
            self._member = self._new()
            return self._member.decompress(rest, size)
        if not self._member.needs_input:
            return self._member.decompress(b"", size)
        block = self._source.read(_BLOCK)
        if not block:
            raise EOFError("the compressed data breaks off")
        return self._member.decompress(block, size)
