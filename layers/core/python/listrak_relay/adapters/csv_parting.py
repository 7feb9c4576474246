"""Parts a CSV file into sound rows, written anew in plain form with their row numbers, and damaged ones."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from listrak_relay.adapters.csv_head import CsvHead
from listrak_relay.adapters.csv_records import RECORD_LIMIT, KeyField, RecordReader

CLEAN_LINE_LIMIT = 8 * RECORD_LIMIT + 1_000
"""Bytes of a line of sound rows: four for a character, doubled if each is a quote."""

_BUFFER = 1 << 20
_AGAIN_AT_LEAST = 64_000_000
_AGAIN_TIMES_SIZE = 4


@dataclass(frozen=True, slots=True)
class Parted:
    """Number of ``sound`` and ``damaged`` rows. ``breaks``: a sound row has line breaks inside."""

    sound: int
    damaged: int
    breaks: bool


def part_rows(path: Path, head: CsvHead, key: KeyField | None, sound_path: Path, damaged_path: Path) -> Parted:
    """Write ``row`` and the fields of sound rows, and ``row, reason, record`` of damaged ones; all values in quotes.

    ``key``: the column of contact keys, if the file has one.

    Raises:
        FileRejectedError: rows cannot be told apart (code ``quotes_unreadable``).
    """
    sound = damaged = 0
    breaks = False
    with (
        path.open(encoding="utf-8-sig", errors="surrogateescape", newline="", buffering=_BUFFER) as stream,
        sound_path.open("w", encoding="utf-8", newline="", buffering=_BUFFER) as sound_stream,
        damaged_path.open("w", encoding="utf-8", newline="") as damaged_stream,
    ):
        # All quoted: before Python 3.13 the module leaves a carriage return bare if the line end has none.
        write_sound = csv.writer(sound_stream, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow
        write_damaged = csv.writer(damaged_stream, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow
        reader = RecordReader(
            stream,
            head.delimiter,
            file=head.file,
            width=len(head.header.fields),
            key=key,
            again_limit=_AGAIN_AT_LEAST + _AGAIN_TIMES_SIZE * head.size,
        )
        for record in reader:
            if record.row <= head.header.row:
                continue
            if record.damage:
                damaged += 1
                write_damaged((record.row, record.damage, record.raw))
            else:
                sound += 1
                breaks = breaks or len(record.lines) > 1
                write_sound((record.row, *record.fields))
    return Parted(sound, damaged, breaks)
