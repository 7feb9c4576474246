"""Finds the chunks of a CSV file without line breaks inside values: slices that keep to some bytes and rows."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import BinaryIO

from listrak_relay.domain.destinations.destinations import AudienceDestination, SmsDestination
from listrak_relay.domain.run.manifest import Action
from listrak_relay.errors import ConfigurationError
from listrak_relay.file_slices import FileSlice
from listrak_relay.ports.reading import LocalChunk

_BLOCK = 1 << 20
_READERS = 2
_FEW = 100


@dataclass(frozen=True, slots=True)
class ChunkLimits:
    """``size``: bytes of a chunk. ``rows``: of a chunk, None for any number. ``opt_out_rows``: the same for people who
    opt out. ``clearing_rows``: the same for one that clears."""

    size: int
    rows: int | None = None
    opt_out_rows: int | None = None
    clearing_rows: int | None = None

    def rows_for(self, action: Action, *, clears: bool) -> int | None:
        if clears:
            return self.clearing_rows
        return self.opt_out_rows if action is Action.UNSUBSCRIBE else self.rows


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkSizes:
    """``max_bytes``: of a chunk file.
    ``one_by_one_rows``: in a chunk when contacts must go one by one.
    ``sms_rows``: in a chunk of an SMS run.
    """

    max_bytes: int
    one_by_one_rows: int
    sms_rows: int

    def limits_for(self, destination: AudienceDestination) -> ChunkLimits:
        if isinstance(destination, SmsDestination):
            return ChunkLimits(self.max_bytes, self.sms_rows, self.sms_rows, self.sms_rows)
        rows = self.one_by_one_rows
        return ChunkLimits(
            self.max_bytes,
            rows if destination.one_by_one else None,
            rows if destination.opt_outs_one_by_one else None,
            clearing_rows=rows,
        )


@dataclass(frozen=True, slots=True)
class ActionFile:
    """Rows of one action: a CSV without header, and a sidecar with their row numbers, one in a line.

    ``rows``: how many.
    ``assumed``: they say nothing of consent themselves.
    ``clears``: each has a value that is to be taken away.
    """

    action: Action
    path: Path
    rows_path: Path
    rows: int
    assumed: bool = False
    clears: bool = False


class ChunkCutter:
    """Numbers the chunks of each action through all of its files."""

    def __init__(self, limits: ChunkLimits) -> None:
        self._limits = limits
        self._cut: Counter[Action] = Counter()

    def cut(self, file: ActionFile) -> list[LocalChunk]:
        """The slices of a file and its sidecar that are its chunks.

        Chunks are made about equal, so that none is left with a handful of rows.

        Raises:
            ConfigurationError: a single row is larger than a chunk may be (code ``chunk_size_too_small``).
        """
        with file.path.open("rb") as stream:
            rows = self._limits.rows_for(file.action, clears=file.clears)
            ends = list(_ends(stream, file.path.stat().st_size, self._limits.size, rows))
        *slices, last = [FileSlice(file.path, first, end) for first, end in pairwise([0, *ends])]
        chunks: list[LocalChunk] = []
        left = file.rows
        # Reading and hashing leave the interpreter free, so two threads keep two cores busy.
        with ThreadPoolExecutor(_READERS) as pool, file.rows_path.open("rb") as row_numbers:
            counted, last_digest = pool.map(_count_and_hash, slices), pool.submit(last.sha256)
            for content, (rows, digest) in zip(slices, counted, strict=True):
                chunks.append(self._chunk(file, content, _next_lines(file.rows_path, row_numbers, rows), rows, digest))
                left -= rows
            # The rows of the last one are what is left; most files have no other, and counting takes half as long as
            # hashing does.
            numbers = FileSlice(file.rows_path, row_numbers.tell(), file.rows_path.stat().st_size)
            return [*chunks, self._chunk(file, last, numbers, left, last_digest.result())]

    def _chunk(
        self, file: ActionFile, content: FileSlice, row_numbers: FileSlice, rows: int, sha256: str
    ) -> LocalChunk:
        self._cut[file.action] += 1
        chunk_id = f"{file.action.value}-{self._cut[file.action]:04d}"
        return LocalChunk(chunk_id, file.action, content, row_numbers, rows, sha256, file.assumed, file.clears)


def _ends(stream: BinaryIO, size: int, most_bytes: int, most_rows: int | None) -> Iterator[int]:
    """Where each chunk ends, in bytes from the start of the file of ``size`` bytes."""
    start = 0
    while start < size:
        chunks = -(-(size - start) // most_bytes)
        end = _line_end(stream, start, start + -(-(size - start) // chunks), start + most_bytes, size)
        if most_rows is not None:
            end = _end_by_rows(stream, start, end, most_rows)
        yield end
        start = end


def _line_end(stream: BinaryIO, start: int, wanted: int, limit: int, size: int) -> int:
    """The last line end at or before ``wanted``; if there is none after ``start``, the first one up to ``limit``."""
    if wanted >= size:
        return size
    low = wanted
    while low > start:
        low = max(start, low - _BLOCK)
        stream.seek(low)
        found = stream.read(min(_BLOCK, wanted - low)).rfind(b"\n")
        if found >= 0:
            return low + found + 1
    stream.seek(start)
    line = stream.readline(limit - start)
    if not line.endswith(b"\n"):
        raise ConfigurationError(
            "chunk_size_too_small", f"one row needs more than {limit - start} bytes; raise the setting MAX_CHUNK_BYTES"
        )
    return start + len(line)


def _end_by_rows(stream: BinaryIO, start: int, end: int, rows: int) -> int:
    """Where ``rows`` lines from ``start`` end, at most ``end``."""
    stream.seek(start)
    return min(end, start + sum(map(len, islice(stream, rows))))


def _next_lines(path: Path, stream: BinaryIO, lines: int) -> FileSlice:
    """The next ``lines`` row numbers of ``stream``, nearly all read by the block, since there are millions of them."""
    first = stream.tell()
    # A line has two bytes at least, so a block of as many bytes as there are lines left does not reach past them.
    while lines > _FEW and (block := stream.read(min(_BLOCK, lines))):
        lines -= block.count(b"\n")
    for _ in range(lines):
        stream.readline()
    return FileSlice(path, first, stream.tell())


def _count_and_hash(content: FileSlice) -> tuple[int, str]:
    digest = hashlib.sha256()
    lines = 0
    with content.open() as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            lines += block.count(b"\n")
    return lines, digest.hexdigest()
