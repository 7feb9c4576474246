"""What reading a file found out about it, for the report. No personal data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


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
    """

    way: Way
    mended: int
    controls: int
    others: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """As the report has it."""
        values = {"mended_line_breaks": self.mended, "replaced_control_characters": self.controls}
        return self.others | values | {"way": self.way.value}


def joined_notes(notes: Sequence[FileNotes]) -> FileNotes:
    """Of parts of one file, in their order."""
    way = Way.FAST if all(found.way is Way.FAST for found in notes) else Way.EXACT
    mended, controls = sum(found.mended for found in notes), sum(found.controls for found in notes)
    return FileNotes(way, mended, controls, notes[0].others)
