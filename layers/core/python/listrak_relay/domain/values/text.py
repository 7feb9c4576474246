"""What counts as white space, a line break and a control character in a value.

Patterns here are read by Python's `re` and by RE2, the engine of the SQL that does the same work in bulk.
"""

from __future__ import annotations

import re

WHITE_SPACE = " \t\n\v\f\r\u0085\u00a0\u200b\u2028\u2029\u3000\ufeff"
"""Trimmed from both ends of every value."""

_IGNORABLE = (
    *(0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, *range(0x180B, 0x1810)),
    *(*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10), 0xFEFF),
    *range(0xFFF0, 0xFFF9),
)
IGNORABLE = "".join(map(chr, _IGNORABLE))
"""What Unicode calls default ignorable, signs of direction among it: it has no width."""

UNSEEN = (
    WHITE_SPACE + "\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f" + IGNORABLE
)
"""Trimmed from both ends of an address or number: white space of any kind, and `IGNORABLE`. Copied text often has such
around it, and nobody can see them."""

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
