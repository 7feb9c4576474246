"""An audience reader that was told what is in the file."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from listrak_relay.domain.destinations.destinations import AudienceDestination, FeedDestination
from listrak_relay.domain.run.manifest import CLEARED, Action, Part, ProfileColumn
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.errors import FileRejectedError
from listrak_relay.file_slices import whole_file
from listrak_relay.ports.reading import IngestedAudience, LocalChunk, LocalFile
from tests.support.fakes.script import Script


@dataclass(slots=True)
class _FakeReader:
    """Writes real chunk files of ``rows``: (action, source row number, cells as there).

    ``assumed``: rows that subscribe say nothing of consent themselves. ``refuse``: what the file is refused with.
    ``rejects``, ``duplicates`` and ``warnings``: text of those files, empty for none; ``key_files``: texts by name.
    ``parts``: name and offset. ``files_read``: what each call was given.
    """

    rows: Sequence[tuple[Action, int, Sequence[str]]] = ()
    columns: tuple[ProfileColumn, ...] = ()
    rows_per_chunk: int = 1_000
    assumed: bool = False
    rejected: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    rejects: str = ""
    duplicates_dropped: int = 0
    duplicates: str = ""
    notes: dict[str, Any] = field(default_factory=dict)
    warnings: str = ""
    key_files: dict[str, str] = field(default_factory=dict)
    problem: tuple[str, str] | None = None
    refuse: FileRejectedError | None = None
    parts: Sequence[tuple[str, int]] = ()
    files_read: list[list[LocalFile]] = field(default_factory=list)
    script: Script = field(default_factory=Script)

    def _read(self, files: Sequence[LocalFile], out: Path) -> IngestedAudience:
        with self.script.step("read"):
            self.files_read.append(list(files))
            if self.refuse:
                raise self.refuse
            return IngestedAudience(
                rows_read=len(self.rows) + self.rejected + self.duplicates_dropped,
                rejected=self.rejected,
                duplicates_dropped=self.duplicates_dropped,
                reasons=dict(self.reasons),
                columns=self.columns,
                chunks=tuple(self._write_chunks(out)),
                rejects=_text_file(out / "rejects.csv", self.rejects),
                duplicates=_text_file(out / "duplicates.csv", self.duplicates),
                notes=dict(self.notes),
                parts=tuple(Part(*part) for part in self.parts),
                warnings=_text_file(out / "warnings.csv", self.warnings),
                key_files={name: _written(out / f"keys-{name}.csv", text) for name, text in self.key_files.items()},
                problem=self.problem,
            )

    def _write_chunks(self, out: Path) -> list[LocalChunk]:
        chunks: list[LocalChunk] = []
        for action in Action:
            rows = [(number, values) for kind, number, values in self.rows if kind is action]
            for start in range(0, len(rows), self.rows_per_chunk):
                chunk_id = f"{action}-{start // self.rows_per_chunk + 1:04d}"
                written = rows[start : start + self.rows_per_chunk]
                chunk = _write_chunk(out, chunk_id, action, written)
                clears = any(CLEARED in cells for _, cells in written)
                chunks.append(replace(chunk, assumed=self.assumed and action is Action.SUBSCRIBE, clears=clears))
        return chunks


class FakeAudienceReader(_FakeReader):
    """`ports.reading.AudienceReader`."""

    def read(
        self,
        files: Sequence[LocalFile],
        source: DroppedFile,
        destination: AudienceDestination,
        audience: str,
        out: Path,
    ) -> IngestedAudience:
        return self._read(files, out)


class FakeFeedReader(_FakeReader):
    """`ports.reading.FeedReader`."""

    def read(
        self, files: Sequence[LocalFile], source: DroppedFile, destination: FeedDestination, out: Path
    ) -> IngestedAudience:
        return self._read(files, out)


def _write_chunk(out: Path, chunk_id: str, action: Action, rows: Sequence[tuple[int, Sequence[str]]]) -> LocalChunk:
    path, rows_path = out / f"{chunk_id}.csv", out / f"{chunk_id}.rows"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(
            values[:1] if action is Action.UNSUBSCRIBE else values for _, values in rows
        )
    rows_path.write_text("".join(f"{number}\n" for number, _ in rows), encoding="utf-8")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return LocalChunk(chunk_id, action, whole_file(path), whole_file(rows_path), len(rows), digest)


def _text_file(path: Path, text: str) -> Path | None:
    if not text:
        return None
    return _written(path, text)


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
