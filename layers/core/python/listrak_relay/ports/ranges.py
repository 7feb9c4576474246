"""What reading a run in ranges needs from the outside."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from listrak_relay.domain.reading.range_types import Agreed
from listrak_relay.domain.reading.ranges import FileShape, Range, RangeFacts, RangeLayout, WrittenRange
from listrak_relay.domain.run.job import AudienceJob
from listrak_relay.ports.reading import LocalChunk


@dataclass(frozen=True, slots=True)
class RangeTask:
    """A range to be read.

    ``path``: its bytes on the disk of the function.
    ``offset``: added to its row numbers.
    ``consent``: headers of doubtful columns that are read as the opt status.
    """

    job: AudienceJob
    plan: RangeLayout
    range: Range
    path: Path
    offset: int = 0
    consent: tuple[str, ...] = ()

    @property
    def shape(self) -> FileShape:
        """How the object is written that the range is from."""
        return self.plan.shapes[self.range.file]


@dataclass(frozen=True, slots=True)
class ReadRange:
    """``keys``: a file for each partition, with contact key and row number of each row that has a valid one.
    ``damaged``: a rejects file of the damaged rows, None if there are none."""

    facts: RangeFacts
    keys: tuple[Path, ...]
    damaged: Path | None


@dataclass(frozen=True, slots=True)
class LocalWrittenRange:
    """``written`` without its chunks, which are still on the disk of the function. ``rejects``: None when empty."""

    written: WrittenRange
    chunks: tuple[LocalChunk, ...]
    rejects: Path | None


class DuplicateFinder(Protocol):
    """Finds rows of one contact key over all ranges, one partition after the other, in bounded memory."""

    def add(self, keys: Mapping[int, Path], offsets: Mapping[int, int]) -> None:
        """One partition. ``keys``: range number → file; ``offsets``: what the rows of each range have less."""
        ...

    def write(self, out: Path) -> tuple[Path | None, Mapping[int, Path], int]:
        """The duplicates file of the run (None: there are none), for each range that has some the rows to drop, and how
        many there are."""
        ...


class RangeReader(Protocol):
    """Reads ranges of a file as `ports.reading.AudienceReader` would read the whole (DuckDB in earnest)."""

    def look(self, head: Path, file: str, job: AudienceJob, *, whole: bool) -> FileShape:
        """How an object is written, from its first bytes in ``head``; ``whole``: there are no more.

        Raises:
            FileRejectedError: it is of no format that can be read, or has no header that can be.
        """
        ...

    def unpacked(self, stream: BinaryIO, shape: FileShape) -> BinaryIO:
        """The content of a compressed object. Reading it raises FileRejectedError: damaged or broken off."""
        ...

    def boundary(self, window: bytes, shape: FileShape) -> int | None:
        """Where in ``window``, which begins anywhere in the file, a row most likely begins, in bytes; None: look in a
        larger one. That it is so shows when the range before it has been read (``RangeFacts.broken_end``)."""
        ...

    def read(self, task: RangeTask, out: Path) -> ReadRange:
        """Parse the range and decide its contact keys; files go into the folder ``out``. A file that cannot be used is
        told in the facts."""
        ...

    def duplicates(self, file: str, work: Path) -> AbstractContextManager[DuplicateFinder]:
        """``file``: the run's drop key, for messages. ``work``: a folder for what does not fit into memory.

        Raises:
            FileTooLargeError: looking for them takes more memory or disk than the function has.
        """
        ...

    def write(
        self, task: RangeTask, keyed: int, dropped: Path | None, agreed: Mapping[str, Agreed], out: Path
    ) -> LocalWrittenRange:
        """Read the range again and write its chunks and rejects into the folder ``out``.

        ``keyed``: rows with a valid contact key that there were the first time. ``dropped``: duplicates, None if there
        are none. ``agreed``: types by profile field, where those of the range's own values are not to be used.

        Raises:
            FileRejectedError: it is not read as it was the first time (code ``file_changed``), or the work takes more
                memory or disk than the function has (``file_too_large``).
            ConfigurationError: a single row is larger than a chunk may be.
        """
        ...


class RangeStarter(Protocol):
    """Starts the state machine that reads a large file in ranges."""

    def start(self, run_id: str) -> None:
        """Begin to read a run in ranges. A repeat changes nothing.

        Raises:
            RetryableError: it could not be asked for.
        """
        ...
