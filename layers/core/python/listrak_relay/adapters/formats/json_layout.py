"""Tells where the objects of a JSON text are, from its beginning."""

from __future__ import annotations

import re
from enum import Enum
from typing import Any

from listrak_relay.adapters.formats.json_array import DESCRIPTION
from listrak_relay.adapters.formats.json_tape import DECODER
from listrak_relay.domain.destinations.file_rules import FileFormat

_NUMBER = r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
_ARRAY = re.compile(rf'\s*\[\s*(?:[{{\[\]",]|null|\Z|(?:true|false|{_NUMBER})\s*[,\]])')
_OBJECT = re.compile(r"\s*\{\s*(?:[\"}]|\Z)")
_KEY = re.compile(r'[\s,]*"([^"\\]*)"\s*:\s*')
_ROWS = re.compile(r"\[\s*\{")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_CODE = re.compile(r"[\[\]{},]\s*\\[nrt]")
COPIED_JSON = (
    "it is JSON as the text form of Postgres's COPY writes it, with codes for line ends and doubled backslashes; write "
    "it by psql -At, or copy the columns themselves as CSV"
)
_LINES_LOOKED_AT = 20
START = 1 << 16
"""Characters by which it is told where the objects are."""


def json_format(start: str) -> FileFormat | None:
    """Which kind of JSON a text begins as, if it does. Its first line, or first element, may be damaged."""
    if _ARRAY.match(start):
        return FileFormat.JSON
    if _OBJECT.match(start):
        return FileFormat.NDJSON
    lines = [line for line in start.split("\n")[1:_LINES_LOOKED_AT] if _OBJECT.match(line)]
    return FileFormat.NDJSON if any(map(_is_object, lines)) else None


def is_copied(start: str) -> bool:
    """Whether the line ends between values are codes of a backslash and a letter, as Postgres's COPY writes them."""
    line = start.lstrip().partition("\n")[0]
    return _CODE.search(_STRING.sub('""', line)) is not None


def _is_object(line: str) -> bool:
    try:
        return isinstance(DECODER.decode(line.strip()), dict)
    except (ValueError, RecursionError):
        return False


class JsonLayout(Enum):
    """Where the objects are. LINES: one on each line. IN_A_ROW: behind each other. ARRAY: in an array. WRAPPED: in an
    array inside an object."""

    LINES = "lines"
    IN_A_ROW = "in_a_row"
    ARRAY = "array"
    WRAPPED = "wrapped"


def object_layout(start: str, *, whole: bool) -> JsonLayout:
    """Of a text that begins with an object. ``whole``: there is no more of it."""
    line, _, rest = start.lstrip("\ufeff \t\r\n").partition("\n")
    alone = whole and not rest.strip()
    try:
        value, end = DECODER.raw_decode(line)
    except (ValueError, RecursionError):
        return _layout_of_lines(start.lstrip("\ufeff \t\r\n"), whole=whole)
    behind = line[end:].strip()
    if not behind:
        return JsonLayout.WRAPPED if alone and _wraps(value) else JsonLayout.LINES
    return JsonLayout.IN_A_ROW if _OBJECT.match(behind) else JsonLayout.LINES


def _layout_of_lines(start: str, *, whole: bool) -> JsonLayout:
    """Where the first line is no object by itself."""
    try:
        value, end = DECODER.raw_decode(start)
    except (ValueError, RecursionError):
        cut = not whole and "\n{" not in start and _begins_to_wrap(start)
        return JsonLayout.WRAPPED if cut else JsonLayout.LINES
    if whole and not start[end:].strip() and _wraps(value):
        return JsonLayout.WRAPPED
    return JsonLayout.IN_A_ROW if not start[end:].strip() or _OBJECT.match(start[end:]) else JsonLayout.LINES


def _wraps(value: Any) -> bool:
    """Whether an object holds the rows of a file, rather than being one."""
    if not isinstance(value, dict):
        return False
    lists = [
        inner
        for key, inner in value.items()
        if key != DESCRIPTION and isinstance(inner, list) and inner and isinstance(inner[0], dict)
    ]
    return (
        len(lists) == 1
        and all(isinstance(row, dict) for row in lists[0])
        and not any(isinstance(inner, str) and "@" in inner for inner in value.values())
    )


def _begins_to_wrap(start: str) -> bool:
    """The same of an object that does not end here: whether what comes before its first list of objects is nothing of
    a person's."""
    place = 1
    while pair := _KEY.match(start, place):
        if pair[1] != DESCRIPTION and _ROWS.match(start, pair.end()):
            return True
        try:
            value, place = DECODER.raw_decode(start, pair.end())
        except (ValueError, RecursionError):
            return False
        if isinstance(value, str) and "@" in value:
            return False
    return False


def written_by(value: dict[str, Any]) -> str | None:
    """How an object has the rows of a whole table, if it does: by the names of columns, or by row numbers."""
    inner = list(value.values())
    if inner and all(isinstance(cells, dict) for cells in inner):
        keys = [set(cells) for cells in inner]
        if any(all(key.isdecimal() for key in found) for found in keys if found):
            return "columns"
        if all(key.isdecimal() for key in value):
            return "row numbers"
    for names in ("columns", DESCRIPTION):
        if isinstance(value.get(names), list) and isinstance(value.get("data"), list):
            return f"{names} and data"
    return None
