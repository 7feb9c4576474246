"""Cuts a CSV file without line breaks inside values into chunks that keep to a number of bytes and of rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from listrak_relay.domain.audience import Action
from listrak_relay.errors import ConfigurationError
from listrak_relay.ports import LocalChunk

_BLOCK = 1 << 20
_COPIERS = 2
_FEW = 100


@dataclass(frozen=True, slots=True)
class ChunkLimits:
    """``size``: bytes of a chunk. ``rows``: of a chunk, None for any number."""

    size: int
    rows: int | None = None


def cut_chunks(whole: Path, rows: Path, action: Action, limits: ChunkLimits, out: Path) -> Iterator[LocalChunk]:
    """Cut ``whole`` and its sidecar ``rows`` (a line for each line of it) into files in ``out``; both are removed.

    Chunks are made about equal, so that none is left with a handful of rows.

    Raises:
        ConfigurationError: a single row is larger than a chunk may be (code ``chunk_size_too_small``).
    """
    if limits.rows is None and whole.stat().st_size <= limits.size:
        yield _take_whole(whole, rows, action, out)
        return
    with whole.open("rb") as stream:
        ends = list(_ends(stream, whole.stat().st_size, limits))
    ids = [_chunk_id(action, number) for number in range(1, len(ends) + 1)]
    # Hashing and copying leave the interpreter free, so two threads keep two cores busy.
    with ThreadPoolExecutor(_COPIERS) as pool, rows.open("rb") as row_numbers:
        copies = pool.map(partial(_copy, whole), [0, *ends], ends, [out / f"{chunk_id}.csv" for chunk_id in ids])
        for chunk_id, (path, size, count, digest) in zip(ids, copies, strict=True):
            rows_path = out / f"{chunk_id}.rows"
            with rows_path.open("wb") as sidecar:
                _copy_lines(row_numbers, count, sidecar)
            yield LocalChunk(chunk_id, action, path, rows_path, count, size, digest)
    whole.unlink()
    rows.unlink()


def _take_whole(whole: Path, rows: Path, action: Action, out: Path) -> LocalChunk:
    chunk_id = _chunk_id(action, 1)
    path, rows_path = whole.rename(out / f"{chunk_id}.csv"), rows.rename(out / f"{chunk_id}.rows")
    with path.open("rb") as stream, rows_path.open("rb") as row_numbers:
        count = sum(block.count(b"\n") for block in iter(lambda: row_numbers.read(_BLOCK), b""))
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return LocalChunk(chunk_id, action, path, rows_path, count, path.stat().st_size, digest)


def _chunk_id(action: Action, number: int) -> str:
    return f"{action.value}-{number:04d}"


def _ends(stream: BinaryIO, size: int, limits: ChunkLimits) -> Iterator[int]:
    """Where each chunk ends, in bytes from the start of the file."""
    start = 0
    while start < size:
        chunks = -(-(size - start) // limits.size)
        end = _line_end(stream, start, start + -(-(size - start) // chunks), start + limits.size, size)
        if limits.rows is not None:
            end = _end_by_rows(stream, start, end, limits.rows)
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


def _copy_lines(stream: BinaryIO, lines: int, copy: BinaryIO) -> None:
    """The next ``lines`` row numbers, nearly all by the block, since there are millions of them."""
    # A line has two bytes at least, so a block of as many bytes as there are lines left does not reach past them.
    while lines > _FEW and (block := stream.read(min(_BLOCK, lines))):
        copy.write(block)
        lines -= block.count(b"\n")
    copy.writelines(islice(stream, lines))


def _copy(whole: Path, start: int, end: int, path: Path) -> tuple[Path, int, int, str]:
    """Copy bytes ``start`` to ``end`` to ``path``; gives that, and bytes, lines and SHA-256 of what was copied."""
    digest = hashlib.sha256()
    lines = 0
    with whole.open("rb") as stream, path.open("wb") as copy:
        stream.seek(start)
        left = end - start
        while block := stream.read(min(_BLOCK, left)):
            copy.write(block)
            digest.update(block)
            lines += block.count(b"\n")
            left -= len(block)
    return path, end - start, lines, digest.hexdigest()
