"""Words for no value, told by being the only texts of a file that stand outside quotes."""

from __future__ import annotations

import re

from listrak_relay.adapters.formats.delimited.fields import values_outside_quotes
from listrak_relay.adapters.formats.delimited.grammar import Dialect
from listrak_relay.adapters.formats.delimited.sample import Start

_ROWS = 1_000
_WORDS = ("NULL", "null", "NA", "<NA>", "nan", "NaN", "None")
"""Of R, pandas and databases, as each writes it."""

_NO_TEXT = re.compile(r"[-+]?[\d.][\w.:+/ -]*|true|false|[tf]|-?inf", re.IGNORECASE)
"""What writers that quote every text leave without quotes: numbers, dates and truth values."""


def words_for_no_value(start: Start, dialect: Dialect) -> tuple[str, ...]:
    """Those that stand outside quotes in a file that has all other texts inside: whose writer quotes texts would have
    quoted a person's name, too."""
    if not dialect.quote or dialect.quote not in start.text:
        return ()
    mark, text = re.escape(dialect.delimiter), start.text
    found = [
        word
        for word in _WORDS
        # The plain search comes first since it takes less time and most files have none.
        if word in text and re.search(rf"(?:^|{mark}){word}(?={mark}|[\r\n]|\Z)", text, re.MULTILINE)
    ]
    return tuple(found) if found and _quotes_texts(start, dialect) else ()


def _quotes_texts(start: Start, dialect: Dialect) -> bool:
    """Whether all but such words, numbers, dates and truth values are in quotes. The header need not be."""
    rows = [row for row in start.rows(dialect, _ROWS)[1:] if row.damage is None]
    quoted = 0
    for row in rows:
        bare = list(values_outside_quotes("".join(row.lines), dialect))
        if not all(value in ("", *_WORDS) or _NO_TEXT.fullmatch(value) for value in bare):
            return False
        quoted += len(bare) < len(row.fields)
    return quoted > 0 and 2 * quoted >= len(rows)
