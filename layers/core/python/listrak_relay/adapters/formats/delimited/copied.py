"""Text as databases copy a table: tabs between values, no quotes, and codes of a backslash and a letter."""

from __future__ import annotations

import re
from dataclasses import replace

from listrak_relay.adapters.formats.delimited.grammar import Dialect, Escapes
from listrak_relay.adapters.formats.delimited.sample import Start
from listrak_relay.domain.destinations.file_rules import NULL_MARK

COPIED = Dialect("\t", "", "\\", escapes=Escapes.CODES)
"""Of Postgres's COPY and ClickHouse's TSV."""

_LINES = 1_000
_CODE = re.compile(r"\\(.?)", re.DOTALL)
_LETTERS = frozenset("bfnrtv'")
"""ClickHouse, which writes the same codes, puts a backslash before apostrophes, too."""

_END = "\\."
"""The line by which Postgres ends the data."""

_FEWEST_CODES = 2
_BEYOND_DOUBT = re.compile(r"(?:^|\t)\\N(?=[\t\r\n]|\Z)|(?<!\\)(?:\\\\)*\\[bfnrtv'\n]|\\{4}", re.MULTILINE)
_QUOTED_SHARE = 3


def as_copied(start: Start) -> Dialect:
    """`COPIED`, for text that `is_copied`. All but doubled backslashes tell so beyond doubt: whoever wrote only such
    may mean two of them."""
    return replace(COPIED, unsure=_BEYOND_DOUBT.search(start.text) is None)


def is_copied(start: Start) -> bool | None:
    """Whether every backslash is part of such a code, and enough of them are there to think that they are no letters
    of paths: values that are `NULL_MARK` beside another code, or backslashes that are doubled, beside another or more
    than once. None if they may be such letters."""
    lines = start.text.split("\n")[:_LINES]
    if not start.whole and len(lines) < _LINES:
        del lines[-1:]
    lines = [line for line in lines if line.rstrip("\r") != _END]
    if not any("\\" in line for line in lines) or not all("\t" in line for line in lines if line.strip()):
        return False
    fields = [field for line in lines for field in line.rstrip("\r").split("\t")]
    if _QUOTED_SHARE * sum(field.startswith('"') for field in fields) > len(lines):
        return False
    nulls = sum(field == NULL_MARK for field in fields)
    codes = [code for field in fields if field != NULL_MARK for code in _CODE.findall(field)]
    pairs = codes.count("\\")
    # MySQL's own writer puts a backslash before tabs and line ends, too, so that none follows.
    known = _LETTERS | {"\\"} | ({""} if pairs >= _FEWEST_CODES else set())
    if not all(code in known for code in codes):
        return False
    if (pairs and len(codes) >= _FEWEST_CODES) or (nulls and codes):
        return True
    return None if codes else False
