"""A chunk's file as ingest wrote it, or a named error: whoever sends it learns of a change before its end is out."""

from __future__ import annotations

import hashlib
import io
from typing import Any, BinaryIO

from listrak_relay.domain.run.manifest import Chunk
from listrak_relay.errors import ConfigurationError
from listrak_relay.ports.storage import ObjectStore

_BLOCK = 1 << 20


def open_chunk(store: ObjectStore, chunk: Chunk, first: int = 0) -> BinaryIO:
    """A stream over the chunk's bytes from ``first`` on, those before read as well, for its checksum.

    Reading the last of them raises ConfigurationError if the whole is not what ingest wrote (code ``chunk_changed``),
    so whatever was sent until then has no end.

    Raises:
        ConfigurationError: it is not there (code ``chunk_missing``).
    """
    body = io.BufferedReader(_Checked(open_of_chunk(store, chunk, chunk.key), chunk), _BLOCK)
    left = first
    while left and (block := body.read(min(_BLOCK, left))):
        left -= len(block)
    return body


def check_chunk(store: ObjectStore, chunk: Chunk) -> None:
    """Read the chunk once: for those who send row by row, and so cannot wait for its end. Raises as `open_chunk`."""
    with open_chunk(store, chunk) as body:
        while body.read(_BLOCK):
            pass


def open_of_chunk(store: ObjectStore, chunk: Chunk, key: str) -> BinaryIO:
    """One of a chunk's objects, unchecked. Raises ConfigurationError: it is not there (code ``chunk_missing``)."""
    try:
        return store.open(key)
    except FileNotFoundError:
        raise ConfigurationError(
            "chunk_missing",
            f"batch {chunk.chunk_id} is no longer in the WorkBucket: it was deleted, or is older than "
            "WorkRetentionDays; drop the file again",
        ) from None


def changed(chunk: Chunk) -> ConfigurationError:
    return ConfigurationError(
        "chunk_changed",
        f"batch {chunk.chunk_id} in the WorkBucket is not what was written there when the file was read: it was "
        "replaced or damaged since, so it was not sent; drop the file again",
    )


class _Checked(io.RawIOBase):
    """Gives the last bytes only when all of them, and there are no more, have the size and checksum of the chunk."""

    def __init__(self, body: BinaryIO, chunk: Chunk) -> None:
        super().__init__()
        self._body, self._chunk = body, chunk
        self._digest, self._read = hashlib.sha256(), 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        left = self._chunk.size - self._read
        if not left:
            return 0
        block = self._body.read(min(len(buffer), left))
        self._digest.update(block)
        self._read += len(block)
        if not block or (self._read == self._chunk.size and not self._is_whole()):
            raise changed(self._chunk)
        buffer[: len(block)] = block
        return len(block)

    def _is_whole(self) -> bool:
        return self._digest.hexdigest() == self._chunk.sha256 and not self._body.read(1)

    def close(self) -> None:
        self._body.close()
        super().close()
