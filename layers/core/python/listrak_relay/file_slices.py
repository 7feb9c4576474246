"""Parts of local files: what is handed on piece by piece need not be copied apart first."""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class FileSlice:
    """Bytes ``first`` up to ``end`` of a file."""

    path: Path
    first: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.first

    def open(self) -> io.BufferedReader:
        """A stream over these bytes that can be wound back."""
        return io.BufferedReader(_SliceStream(self))

    def sha256(self) -> str:
        """In hexadecimal digits."""
        with self.open() as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()


def whole_file(path: Path) -> FileSlice:
    return FileSlice(path, 0, path.stat().st_size)


class _SliceStream(io.RawIOBase):
    def __init__(self, part: FileSlice) -> None:
        super().__init__()
        self._part = part
        self._position = 0
        self._file = part.path.open("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._part.size}[whence]
        if origin + offset < 0:
            raise ValueError("there is nothing before a file")
        self._position = origin + offset
        return self._position

    def readinto(self, buffer: Any, /) -> int:
        wanted = memoryview(buffer)[: max(0, self._part.size - self._position)]
        self._file.seek(self._part.first + self._position)
        read = self._file.readinto(wanted)
        self._position += read
        return read

    def close(self) -> None:
        self._file.close()
        super().close()
