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

from listrak_relay.adapters.formats.json_array import array_elements, objects_in_a_row, wrapped_elements
from listrak_relay.adapters.formats.json_layout import COPIED_JSON, START, JsonLayout, object_layout, written_by
from listrak_relay.adapters.formats.json_tape import DECODER, KeyTwice, Number, Piece
from listrak_relay.adapters.formats.records import (
    DETAILS,
    ENCODING,
    KEY_TWICE,
    NOT_JSON,
    NOT_OBJECT,
    NUL,
    RECORD_LIMIT,
    TOO_LARGE,
    Record,
)
from listrak_relay.domain.columns.header import MAX_COLUMNS
from listrak_relay.domain.destinations.file_rules import FileFormat
from listrak_relay.errors import FileRejectedError

_UNSOUND = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
"""Stands for NUL, or for half of a character, which may lack the other half."""

_DOUBLED = '\\\\"'
"""A backslash that was before a quote and has become two."""

_ONE_EACH = "Write one object on each line, or one array of objects"

_DEEPEST = 100
"""Lists and objects inside each other. Python gives up at a depth that differs by its version."""


@dataclass(frozen=True, slots=True)
class JsonRecords:
    """``path`` is UTF-8; ``file`` is the drop key, for messages. Row 1 is the first object, or the first line.
    ``layout``: None to find it."""

    path: Path
    file: str
    format: FileFormat
    layout: JsonLayout | None = None

    def names(self) -> list[str]:
        """Every key in use.

        Raises:
            FileRejectedError: there is no object (codes ``file_empty``, ``json_unreadable``), there are too many keys
                (``too_many_columns``), or what `array_elements` raises.
        """
        names: dict[str, None] = {}
        first_damage = ""
        only: dict[str, Any] | None = None
        objects = 0
        some_value = copied = False
        for row, found, raw, damage in self._rows():
            if found is not None:
                objects += 1
                only = found if objects == 1 else None
                some_value = some_value or not all(isinstance(value, dict | list) for value in found.values())
                names.update(dict.fromkeys(found))
            elif not first_damage:
                first_damage = f"Row {row}: {DETAILS[damage or NOT_JSON].rstrip('.')}"
                copied = _DOUBLED in raw
            if len(names) > MAX_COLUMNS:
                raise FileRejectedError(
                    "too_many_columns", f"{self.file}: the objects have more than {MAX_COLUMNS} keys together"
                )
        if only is not None and (by := written_by(only)):
            raise FileRejectedError(
                "json_unreadable",
                f"{self.file}: the file holds one object that has all rows, by {by}, as a whole table is; write "
                "one object on each line, or one array of objects (pandas: orient='records')",
            )
        if names and not some_value:
            raise FileRejectedError(
                "json_unreadable",
                f"{self.file}: its objects have no values of their own, only objects and lists, so the rows are "
                "further inside; write the rows themselves, one object on each line, or one array of objects",
            )
        if not names and first_damage:
            raise FileRejectedError(
                "json_unreadable",
                f"{self.file}: none of its rows is a JSON object. {first_damage}. "
                f"{COPIED_JSON[:1].upper() + COPIED_JSON[1:] if copied else _ONE_EACH}",
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
            for row, value, raw, broken in self._pieces(stream):
                damage = broken or _unfit(value, raw)
                yield row, None if damage else value, raw, damage

    def _pieces(self, stream: TextIO) -> Iterator[Piece]:
        if self.format is not FileFormat.NDJSON:
            return array_elements(stream, self.file)
        layout = self.layout
        if layout is None:
            start = stream.read(START)
            layout = object_layout(start, whole=len(start) < START)
            stream.seek(0)
        if layout is JsonLayout.WRAPPED:
            return wrapped_elements(stream, self.file)
        return objects_in_a_row(stream) if layout is JsonLayout.IN_A_ROW else _lines(stream)


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
            # A comma behind it makes it an element of an array without its brackets.
            text = line.strip()
            try:
                yield row, DECODER.decode(text[:-1] if text.endswith("},") else text), line, None
            except (ValueError, RecursionError):
                yield row, None, line, _text_damage(line) or NOT_JSON


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return _json(value)


def _json(value: Any) -> str:
    """Compact, every number as it was written."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{_json(key)}:{_json(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _unfit(value: Any, raw: str) -> str | None:
    """``raw``: the text of the value."""
    if not isinstance(value, dict):
        return NOT_OBJECT
    if isinstance(value, KeyTwice):
        return KEY_TWICE
    # Looking at each value takes longer than reading them, so the text as a whole is looked at before.
    flat = raw.count("{") + raw.count("[") == 1
    return None if flat and _is_sound(raw) else _damage_in(value, _DEEPEST)


def _is_sound(raw: str) -> bool:
    """Whether none of the texts that it gives can be damaged."""
    return not ("\\u" in raw and _UNSOUND.search(raw)) and _text_damage(raw) is None


def _damage_in(value: Any, deepest: int) -> str | None:
    if isinstance(value, str):
        return _text_damage(value)
    if not isinstance(value, dict | list):
        return None
    if not deepest:
        return NOT_JSON
    if isinstance(value, KeyTwice):
        return KEY_TWICE
    parts = (*value, *value.values()) if isinstance(value, dict) else value
    return next((damage for part in parts if (damage := _damage_in(part, deepest - 1))), None)


def _text_damage(text: str) -> str | None:
    if "\0" in text:
        return NUL
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return ENCODING
    return None
