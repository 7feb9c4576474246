"""Records of a JSON file, an array of objects or one object on each line, in constant memory.

Columns are all keys that any object has, in the order in which they first come. A number keeps the digits it was
written with; a list or an object inside a value stays JSON text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from listrak_relay.adapters.csv_records import (
    ENCODING,
    NOT_JSON,
    NOT_OBJECT,
    NUL,
    RECORD_LIMIT,
    TOO_LARGE,
    Record,
)
from listrak_relay.domain.columns import MAX_COLUMNS
from listrak_relay.domain.file_rules import FileFormat
from listrak_relay.errors import FileRejectedError

_READ = 1 << 18
_ARRAY = re.compile(r"\s*\[\s*(?:[{\]]|\Z)")
_OBJECT = re.compile(r"\s*\{\s*(?:[\"}]|\Z)")
_NEXT = re.compile(r"(?:,|\r?\n)\s*(?=\{\s*\")")
_SPACE = re.compile(r"[\s\ufeff]*")
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


def json_format(start: str) -> FileFormat | None:
    """Which kind of JSON a text begins as, if it does."""
    if _ARRAY.match(start):
        return FileFormat.JSON
    return FileFormat.NDJSON if _OBJECT.match(start) else None


@dataclass(frozen=True, slots=True)
class JsonRecords:
    """``path`` is UTF-8; ``file`` is the drop key, for messages. Row 1 is the first object, or the first line."""

    path: Path
    file: str
    format: FileFormat

    def names(self) -> list[str]:
        """Every key in use.

        Raises:
            FileRejectedError: there is no object (code ``file_empty``), there are too many keys
                (``too_many_columns``), or the array is not closed (``file_truncated``).
        """
        names: dict[str, None] = {}
        for _, found, _, _ in self._rows():
            if found is not None:
                names.update(dict.fromkeys(found))
            if len(names) > MAX_COLUMNS:
                raise FileRejectedError(
                    "too_many_columns", f"{self.file}: the objects have more than {MAX_COLUMNS} keys together"
                )
        if not names:
            raise FileRejectedError("file_empty", f"{self.file}: the file holds no JSON object with a key")
        return list(names)

    def records(self, names: list[str]) -> Iterator[Record]:
        for row, found, raw, damage in self._rows():
            fields = [] if found is None else [_text(found.get(name)) for name in names]
            yield Record(row, fields, [raw], damage)

    def _rows(self) -> Iterator[tuple[int, dict[str, Any] | None, str, str | None]]:
        """Row number, the object, the text (of a damaged row), damage."""
        with self.path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
            pieces = _lines(stream) if self.format is FileFormat.NDJSON else _elements(stream, self.file)
            for row, value, raw, broken in pieces:
                damage = broken or _unfit(value)
                yield row, None if damage else value, raw, damage


Piece = tuple[int, Any, str, "str | None"]


def _lines(stream: TextIO) -> Iterator[Piece]:
    row = 0
    while line := stream.readline(RECORD_LIMIT + 1):
        row += 1
        if len(line) > RECORD_LIMIT:
            rest = line
            while rest and not rest.endswith(("\r", "\n")):
                rest = stream.readline(RECORD_LIMIT)
            yield row, None, line, TOO_LARGE
        elif line.strip():
            try:
                yield row, _DECODER.decode(line.strip()), line, None
            except (ValueError, RecursionError):
                yield row, None, line, _text_damage(line) or NOT_JSON


def _elements(stream: TextIO, file: str) -> Iterator[Piece]:
    """The elements of one array. After a damaged one reading goes on with the next that begins as an object does."""
    tape = _Tape(stream)
    tape.skip_space()
    tape.take(1)
    row, first = 0, True
    while True:
        tape.skip_space()
        if tape.at("]"):
            tape.take(1)
            break
        if not first and tape.at(","):
            tape.take(1)
            tape.skip_space()
        elif not first and not tape.ended:
            row += 1
            yield row, None, tape.skip_damage(), NOT_JSON
            continue
        if tape.ended:
            raise FileRejectedError(
                "file_truncated",
                f"{file}: the JSON array is not closed by ], so rows are missing; drop the file again, whole",
            )
        first = False
        row += 1
        yield tape.element(row)
    tape.skip_space()
    if not tape.ended:
        yield row + 1, None, tape.skip_damage(), NOT_JSON


class _Tape:
    """A window on the text, moved on as it is read."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._text = ""
        self._place = 0
        self._drained = False

    @property
    def ended(self) -> bool:
        return self._place >= len(self._text) and not self._more()

    def at(self, sign: str) -> bool:
        return not self.ended and self._text[self._place] == sign

    def take(self, size: int) -> str:
        taken = self._text[self._place : self._place + size]
        self._place += size
        return taken

    def skip_space(self) -> None:
        while not self.ended:
            found = _SPACE.match(self._text, self._place)
            self._place = found.end() if found else self._place
            if self._place < len(self._text):
                return

    def element(self, row: int) -> Piece:
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._place)
            except (ValueError, RecursionError):
                found = None
            else:
                found = value, end
            # A value that reaches the end of the window may go on behind it, as numbers do.
            if found and (found[1] < len(self._text) or not self._more()):
                return row, found[0], self.take(found[1] - self._place), None
            if len(self._text) - self._place > RECORD_LIMIT:
                return row, None, self.skip_damage(), NOT_JSON if not found else TOO_LARGE
            if not found and (self._breaks_off() or not self._more()):
                return row, None, self.skip_damage(), NOT_JSON

    def skip_damage(self) -> str:
        """Move on to what looks like the next object; the text passed over, cut when long."""
        raw = ""
        while True:
            found = _NEXT.search(self._text, self._place)
            end = found.end() if found else max(self._place, len(self._text) - _READ)
            raw += self.take(end - self._place)[: max(0, RECORD_LIMIT - len(raw))]
            if found:
                # The comma, if there is one, belongs to the array.
                cut = raw.rstrip()
                if cut.endswith(","):
                    self._text = "," + self._text[self._place :]
                    self._place = 0
                    raw = cut[:-1]
                return raw
            if not self._more():
                return raw + self.take(len(self._text) - self._place)

    def _breaks_off(self) -> bool:
        """Whether the element is damaged within the window, so that more of the text would not mend it: another object
        begins on a line of its own behind it."""
        return len(self._text) - self._place > _READ and _NEXT.search(self._text, self._place) is not None

    def _more(self) -> bool:
        if self._drained:
            return False
        # Twice as much each time, so that a long element is not looked at again and again.
        block = self._stream.read(max(_READ, len(self._text) - self._place))
        self._drained = not block
        self._text = self._text[self._place :] + block
        self._place = 0
        return bool(block)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _unfit(value: Any) -> str | None:
    if not isinstance(value, dict):
        return NOT_OBJECT
    return next((damage for part in _texts(value) if (damage := _text_damage(part))), None)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _text_damage(text: str) -> str | None:
    if "\0" in text:
        return NUL
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return ENCODING
    return None
