"""Whole numbers of more digits than a float holds, as a program has written them: Excel writes none, but the programs
that make workbooks write the ids of databases so, and what reads the values knows floats only."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from listrak_relay.adapters.formats.workbook_formats import part_of, place_of

_BLOCK = 1 << 20
_LONGEST = 1 << 12
"""Bytes that such a cell has at most."""

_LONG = re.compile(rb'<c r="([A-Z]{1,3}([0-9]{1,7}))"(?: [a-z]{1,2}="\w*")*><v>(-?[1-9][0-9]{15,})</v>')


@dataclass(frozen=True, slots=True)
class StoredDigits:
    """``path``: the workbook. ``sheet``: its name."""

    path: Path
    sheet: str

    def cells(self) -> Iterator[tuple[int, int, str]]:
        """Number of the row, place in it from 0 on, and digits; in the order of the file."""
        part = part_of(self.path, self.sheet)
        if part is None:
            return
        with zipfile.ZipFile(self.path) as archive, archive.open(part) as stream:
            text = b""
            while block := stream.read(_BLOCK):
                text += block
                end = 0
                for found in _LONG.finditer(text):
                    yield int(found[2]), place_of(found[1].decode()), found[3].decode()
                    end = found.end()
                text = text[max(end, len(text) - _LONGEST) :]
