"""Lines of a delimited file that can be read a second time."""

from __future__ import annotations

from collections import deque
from typing import TextIO


class RecordTooLargeError(Exception):
    """The record being read has passed the limit."""


class Tape:
    """Lines for `csv.reader`; remembers those of the current record and takes lines back. ``limit``: longest record in
    characters."""

    def __init__(self, stream: TextIO, limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self._returned: deque[str] = deque()
        self._size = 0
        self.lines: list[str] = []
        self.ended = False
        self.ended_ahead = False

    def __iter__(self) -> Tape:
        return self

    def __next__(self) -> str:
        if self._returned:
            line = self._returned.popleft()
        else:
            line = self._read()
            if not line:
                self.ended = True
                raise StopIteration
        self.lines.append(line)
        self._size += len(line)
        if self._size > self._limit:
            if len(self.lines) == 1:
                self._skip_line(line)
            raise RecordTooLargeError
        return line

    def begin(self) -> None:
        self.lines = []
        self._size = 0
        self.ended = False

    def coming(self, size: int) -> list[str]:
        """The next lines, at least ``size`` characters if there are so many; they stay to be read. ``ended_ahead``
        tells that there were not."""
        found: list[str] = []
        while size > 0 and (line := self._returned.popleft() if self._returned else self._read()):
            found.append(line)
            size -= len(line)
        self.ended_ahead = self.ended_ahead or size > 0
        self.take_back(found)
        return found

    def take_back(self, lines: list[str]) -> None:
        self._returned.extendleft(reversed(lines))

    def _read(self) -> str:
        """A whole line, or as much of it as shows that it is too long."""
        return self._stream.readline(self._limit + 1)

    def _skip_line(self, line: str) -> None:
        while line and not line.endswith(("\r", "\n")):
            line = self._stream.readline(self._limit)
