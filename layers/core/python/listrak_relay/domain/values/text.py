"""What counts as white space, a line break and a control character in a value.

Patterns here are read by Python's `re` and by RE2, the engine of the SQL that does the same work in bulk.
"""

from __future__ import annotations

import re

WHITE_SPACE = " \t\n\v\f\r\u0085\u00a0\u200b\u2028\u2029\u3000\ufeff"
"""Trimmed from both ends of every value."""

LINE_BREAKS = r"[\n\r\x{85}\x{2028}\x{2029}]+"
"""RE2: one or more line breaks, which become one space. Includes those that only Unicode knows."""

FEED_LINE_BREAKS = r"[\n\r]+"
"""The ones that Listrak forbids in a feed: https://help.listrak.com/en/articles/1669274-file-import-guide."""

CONTROL_CHARACTERS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
"""RE2: neither printable nor tab nor line break. Each becomes a space: dropping it could join two words, and turning
the row away would lose a person over a character that nobody can see."""

_LINE_BREAKS = re.compile("[\n\r\x85\u2028\u2029]+")
_CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def clean(value: str) -> str:
    """Trimmed, on one line, without control characters; the inner text is otherwise unchanged."""
    return _CONTROL_CHARACTERS.sub(" ", _LINE_BREAKS.sub(" ", value.strip(WHITE_SPACE)))
