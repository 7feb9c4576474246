"""What reading a file found out about it, for the report. No personal data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import reduce
from typing import Any

from listrak_relay.domain.consent.reading import ConsentNotes


class Way(StrEnum):
    """How rows were parsed. FAST: by DuckDB, proved to be as in the file. EXACT: record by record."""

    FAST = "fast"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class FileNotes:
    """``way``: of its rows.
    ``mended``: values in which line breaks became spaces.
    ``controls``: values in which control characters became spaces.
    ``others``: what is said of the first file, its columns and their meaning, as it stands in the report.
    ``consent``: what it was taken from; None for a feed, which tells none.
    ``nulls``: values that were a word for no value.
    """

    way: Way
    mended: int
    controls: int
    others: dict[str, Any] = field(default_factory=dict)
    consent: ConsentNotes | None = None
    nulls: int = 0

    def as_dict(self) -> dict[str, Any]:
        """As the report has it."""
        values = {
            "mended_line_breaks": self.mended,
            "replaced_control_characters": self.controls,
            "null_words_read_as_empty": self.nulls,
        }
        consent = {"consent": self.consent.as_dict()} if self.consent else {}
        return self.others | values | consent | {"way": self.way.value}


def joined_notes(notes: Sequence[FileNotes]) -> FileNotes:
    """Of parts of one file, in their order."""
    way = Way.FAST if all(found.way is Way.FAST for found in notes) else Way.EXACT
    mended, controls = sum(found.mended for found in notes), sum(found.controls for found in notes)
    told = [found.consent for found in notes if found.consent]
    consent = reduce(ConsentNotes.joined, told) if told else None
    nulls = sum(found.nulls for found in notes)
    return FileNotes(way, mended, controls, notes[0].others, consent, nulls)
