"""The rejects of a run: a part for each step that turned rows away, which become files for people when the run closes.

A part is a CSV file with a header, its rows in the order of their numbers, which count through all files of the run.
Steps are repeated, and each time write their part anew. Nothing here is larger in memory for ten million rows.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from operator import attrgetter
from pathlib import Path
from typing import Any

from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import Action, Chunk, Part, place_of
from listrak_relay.domain.run.rejects import REJECT_COLUMNS, Reject, RejectOutcome
from listrak_relay.domain.values.csv_lines import csv_rows, csv_writer
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.runs.content_types import CSV

INGEST = "ingest"
"""The part of the rows that reading the file turned away."""

_OF_VALUES = ".values"

_cells = attrgetter(*REJECT_COLUMNS)

Row = Sequence[Any]


def values_section(chunk_id: str) -> str:
    """The part of a chunk's rows whose values do not fit their profile fields; what Listrak says of the others later
    is another."""
    return chunk_id + _OF_VALUES


@dataclass(frozen=True, slots=True)
class RejectsFile:
    store: ObjectStore

    # --- parts -------------------------------------------------------------------------------------------------------

    def write(self, run_id: str, part: str, rejects: Iterable[Reject]) -> int:
        """Replace the part; returns the number of lines. No part is left when there are none."""
        key = keys.rejects_section_key(run_id, part)
        lines = self._write(key, map(_cells, rejects))
        if not lines:
            self.store.delete(key)
        return lines

    def put_read(self, run_id: str, path: Path) -> None:
        """The part of the rows that reading the file turned away, as the reader has written it."""
        self.store.put_file(keys.rejects_section_key(run_id, INGEST), path, CSV)

    def put_warnings(self, run_id: str, path: Path) -> None:
        """Rows that are sent although something is wrong with them; a file for people as it is."""
        self.store.put_file(keys.warnings_key(run_id), path, CSV)

    def join_ranges(self, run_id: str, ranges: Iterable[tuple[str, int]]) -> None:
        """The part of the rows that reading the file turned away, from the rejects files of its ranges: of each the
        key, and what its row numbers have less than those of the run."""
        rows = ((int(row[0]) + offset, *row[1:]) for key, offset in ranges for row in self._rows([key]))
        self._write(keys.rejects_section_key(run_id, INGEST), rows)

    # --- files for people --------------------------------------------------------------------------------------------

    def merge(self, run_id: str, chunks: Sequence[Chunk], files: Sequence[Part]) -> None:
        """Make `rejects.csv` and `skipped.csv` of the parts: each row with its file and its number there.

        ``chunks``: of the manifest, none if there is no manifest. ``files``: where the rows come from.
        """
        rows = heapq.merge(*map(self._rows, self._series(run_id, chunks)), key=_number)
        with (
            self._lines(keys.rejects_key(run_id), "file") as rejected,
            self._lines(keys.skipped_key(run_id), "file") as skipped,
        ):
            for row in rows:
                file, number = place_of(_number(row), files)
                lines = skipped if row[1] == RejectOutcome.SKIPPED else rejected
                lines.writerow((number, *row[1:], file))

    def _series(self, run_id: str, chunks: Sequence[Chunk]) -> list[list[str]]:
        """Keys of the parts in a few series, the rows of each of which rise from part to part, so that only one part of
        each has to be open: the chunks of one action follow each other in the file."""
        left = dict.fromkeys(self.store.keys(keys.rejects_prefix(run_id)))
        series: dict[tuple[Action, str], list[str]] = {}
        for chunk in chunks:
            for kind in ("", _OF_VALUES):
                key = keys.rejects_section_key(run_id, chunk.chunk_id + kind)
                if key in left:
                    del left[key]
                    series.setdefault((chunk.action, kind), []).append(key)
        return [*series.values(), *([key] for key in left)]

    # --- the form ----------------------------------------------------------------------------------------------------

    def _rows(self, part_keys: Iterable[str]) -> Iterator[list[str]]:
        for key in part_keys:
            with self.store.open(key) as body, TextIOWrapper(body, encoding="utf-8", newline="") as text:
                rows = csv_rows(text)
                next(rows, None)
                yield from rows

    def _write(self, key: str, rows: Iterator[Row]) -> int:
        """How many there are; nothing is written if there are none."""
        first = next(rows, None)
        if first is None:
            return 0
        count = 1
        with self._lines(key) as lines:
            lines.writerow(first)
            for row in rows:
                lines.writerow(row)
                count += 1
        return count

    @contextmanager
    def _lines(self, key: str, *more: str) -> Iterator[Any]:
        """A CSV writer of the object, its header written; ``more``: columns besides."""
        with self.store.writing(key, CSV) as body:
            text = TextIOWrapper(body, encoding="utf-8", newline="")
            lines = csv_writer(text)
            lines.writerow((*REJECT_COLUMNS, *more))
            yield lines
            text.flush()


def _number(row: Row) -> int:
    return int(row[0])
