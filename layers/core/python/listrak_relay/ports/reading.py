"""Reading a dropped file whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from listrak_relay.domain.destinations.destinations import AudienceDestination, FeedDestination
from listrak_relay.domain.run.manifest import Action, Part, ProfileColumn
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.file_slices import FileSlice


class AudienceReader(Protocol):
    """Turns a dropped file into chunk files (DuckDB in earnest)."""

    def read(
        self,
        files: Sequence[LocalFile],
        source: DroppedFile,
        destination: AudienceDestination,
        audience: str,
        out: Path,
    ) -> IngestedAudience:
        """Unpack, parse, normalise, validate, de-duplicate, split and write into the folder ``out``. Deterministic.

        Raises:
            FileRejectedError: the file as a whole cannot be used.
        """
        ...


class FeedReader(Protocol):
    """Checks a dropped feed file and writes what of it goes to Listrak, as one chunk (DuckDB in earnest)."""

    def read(
        self, files: Sequence[LocalFile], source: DroppedFile, destination: FeedDestination, out: Path
    ) -> IngestedAudience:
        """As `AudienceReader.read`."""
        ...


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A dropped object on the disk of the function. ``name``: its key."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class LocalChunk:
    """A chunk still on the disk of the function; see `domain.run.manifest.Chunk`. ``row_numbers``: of its ``rows``."""

    chunk_id: str
    action: Action
    content: FileSlice
    row_numbers: FileSlice
    rows: int
    sha256: str
    assumed: bool = False
    clears: bool = False


@dataclass(frozen=True, slots=True)
class IngestedAudience:
    """What reading a file gave. ``rejects``, ``duplicates`` and ``warnings`` (rows that are sent although something is
    wrong with them) are files ready for the WorkBucket, None when empty. ``key_files``: name → sorted keys of a feed's
    rows. ``problem``: code and sentence, if the file as a whole has one although its rows are counted.

    ``rows_read`` = rows in chunks + ``rejected`` + ``duplicates_dropped``. ``reasons``: rejected rows by reason code.
    ``notes``: facts for the report (encoding, delimiter, mended line breaks, opt status column, …), no personal data.
    ``parts``: the files that the rows are from; row numbers count through all of them.
    """

    rows_read: int
    rejected: int
    duplicates_dropped: int
    reasons: dict[str, int]
    columns: tuple[ProfileColumn, ...]
    chunks: tuple[LocalChunk, ...]
    rejects: Path | None
    duplicates: Path | None
    notes: dict[str, Any]
    parts: tuple[Part, ...] = ()
    warnings: Path | None = None
    key_files: Mapping[str, Path] = field(default_factory=dict)
    problem: tuple[str, str] | None = None
