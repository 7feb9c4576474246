"""The first step of a run that is read in ranges: where each begins and ends.

A plain file is not read for it: near each multiple of the wanted size a window is looked at for where a row begins. A
compressed one is unpacked once, and its pieces are put into the WorkBucket.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from listrak_relay.domain.reading.bombs import check_ratio
from listrak_relay.domain.reading.ranges import (
    HEAD_BYTES,
    MAX_RANGES,
    FileShape,
    Range,
    RangeKind,
    RangeLayout,
    Span,
    in_one_dialect,
)
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.job import AudienceJob
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.errors import FileRejectedError
from listrak_relay.ports.ranges import RangeReader
from listrak_relay.ports.storage import DropStore, ObjectStore
from listrak_relay.ports.time import TimeLeft
from listrak_relay.scratch import scratch_folder
from listrak_relay.use_cases.runs.content_types import OCTETS
from listrak_relay.use_cases.runs.stopping import must_stop

_WINDOWS = (1 << 18, 1 << 22, 1 << 26)
_BLOCK = 1 << 20
_PARTITION = 2_000_000_000
"""Bytes of files for one partition of contact keys: about twenty million rows, and half a gigabyte of keys."""

_PACKED_RATIO = 8
"""What most files of people do not reach when they are compressed."""


@dataclass(frozen=True, slots=True)
class CutRanges:
    """``range_bytes``: wanted size of a range, an even number. ``whole_limit``: bytes of an object that cannot be cut,
    and of a range at most: what one function has disk for. ``head_bytes``: of the start of a file, by which it is told
    how it is written."""

    drops: DropStore
    store: ObjectStore
    reader: RangeReader
    range_bytes: int
    whole_limit: int
    head_bytes: int = HEAD_BYTES

    def cut(self, job: AudienceJob, time_left: TimeLeft) -> RangeLayout:
        """Raises FileRejectedError: a file cannot be used, or not in ranges."""
        ranges: list[Range] = []
        size = 0
        with scratch_folder() as folder:
            shapes = in_one_dialect([self._look(file, job, folder) for file in job.parts])
            for place, (file, shape) in enumerate(zip(job.parts, shapes, strict=True)):
                for count, span in enumerate(self._spans(file, shape, job, len(ranges), folder, time_left)):
                    ranges.append(Range(len(ranges) + 1, place, count == 0, (span,)))
                    size += span.end - span.first
                    if len(ranges) > MAX_RANGES:
                        raise _too_large(file.key, f"it has more than {MAX_RANGES:,} ranges")
        return RangeLayout(job.parts, shapes, tuple(ranges), partitions=1 + size // _PARTITION)

    def _look(self, file: DroppedFile, job: AudienceJob, folder: Path) -> FileShape:
        head = folder / "head"
        self.drops.download(file, head, 0, min(file.size, self.head_bytes))
        shape = self.reader.look(head, file.key, job, whole=file.size <= self.head_bytes)
        head.unlink()
        small = self.range_bytes // (_PACKED_RATIO if shape.compression else 1)
        return replace(shape, kind=RangeKind.WHOLE, encoding_open=False) if file.size <= small else shape

    def _spans(
        self, file: DroppedFile, shape: FileShape, job: AudienceJob, before: int, folder: Path, time_left: TimeLeft
    ) -> Iterator[Span]:
        if shape.kind is RangeKind.WHOLE:
            if file.size > self.whole_limit:
                raise _too_large(
                    file.key,
                    "only delimited text and newline-delimited JSON, plain or compressed by gzip, bzip2 or zstd, can "
                    "be read in ranges, in an encoding of which each line can be read by itself, as in UTF-8; drop it "
                    "as one of these, or as smaller parts",
                )
            yield Span(0, file.size)
        elif shape.compression:
            yield from self._pieces(file, shape, job.source.run_id, before, folder, time_left)
        else:
            ends = [*self._ends(file, shape), file.size]
            yield from map(Span, [0, *ends[:-1]], ends)

    def _ends(self, file: DroppedFile, shape: FileShape) -> Iterator[int]:
        """Where ranges of a plain file end, but for the last."""
        first = 0
        while file.size - first > self.range_bytes * 5 // 4:
            end = self._row_start(file, first, shape)
            if end is None:
                return
            yield end
            first = end

    def _row_start(self, file: DroppedFile, first: int, shape: FileShape) -> int | None:
        """Where a row begins, about the wanted size behind ``first``; None: nowhere in what is left."""
        place = first + self.range_bytes
        while place < file.size:
            for size in _WINDOWS:
                with self.drops.open(file, place, min(place + size, file.size)) as stream:
                    window = stream.read()
                found = self.reader.boundary(window, shape)
                if found is not None:
                    return place + found
                if place + size >= file.size:
                    return None
            place += _WINDOWS[-1]
            if place - first > self.whole_limit:
                raise _endless(file.key, self.whole_limit)
        return None

    def _pieces(
        self, file: DroppedFile, shape: FileShape, run_id: str, before: int, folder: Path, time_left: TimeLeft
    ) -> Iterator[Span]:
        total, carried, number = 0, b"", before
        path = folder / "piece"
        with self.drops.open(file) as packed, self.reader.unpacked(packed, shape) as content:
            while True:
                with path.open("wb") as piece:
                    piece.write(carried)
                    carried = self._fill(piece, content, shape)
                    size = piece.tell()
                if not size:
                    return
                total, number = total + size, number + 1
                self._check_packed(file, total, time_left)
                key = keys.range_piece_key(run_id, number)
                self.store.put_file(key, path, OCTETS)
                yield Span(0, size, key)

    def _fill(self, piece: BinaryIO, content: BinaryIO, shape: FileShape) -> bytes:
        """Write a range of rows; what has been read of the next one is given back."""
        while (left := self.range_bytes - piece.tell()) > 0:
            block = content.read(min(_BLOCK, left))
            if not block:
                return b""
            piece.write(block)
        while True:
            window = b""
            for size in _WINDOWS:
                wanted = size - len(window)
                window += (read := content.read(wanted))
                found = self.reader.boundary(window, shape)
                if found is not None:
                    piece.write(window[:found])
                    return window[found:]
                if len(read) < wanted:
                    piece.write(window)
                    return b""
            piece.write(window)
            if piece.tell() > self.whole_limit:
                raise _endless(shape.file, self.whole_limit)

    def _check_packed(self, file: DroppedFile, total: int, time_left: TimeLeft) -> None:
        check_ratio(file.key, file.size, total)
        if must_stop(time_left):
            raise _too_large(file.key, "it cannot be unpacked in the time of one function; drop it as smaller parts")


def _too_large(file: str, why: str) -> FileRejectedError:
    return FileRejectedError("file_too_large", f"{file}: the file is too large: {why}")


def _endless(file: str, limit: int) -> FileRejectedError:
    return FileRejectedError(
        "line_too_long",
        f"{file}: in {limit:,} bytes there is no end of a row, so this is no file of rows; write it anew, each row on "
        "a line of its own",
    )
