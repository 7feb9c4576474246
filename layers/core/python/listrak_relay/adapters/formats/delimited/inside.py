"""Whether quotes are part of the values, told by a writer that marks what it does outside quotes."""

from __future__ import annotations

import re

from listrak_relay.adapters.formats.delimited.fields import values_as_written
from listrak_relay.adapters.formats.delimited.grammar import Dialect
from listrak_relay.adapters.formats.delimited.sample import Start
from listrak_relay.adapters.formats.number_columns import NO_TEXT
from listrak_relay.domain.destinations.file_rules import NULL_MARK

_ROWS = 1_000
_FEWEST = 3


def has_bare_quotes(start: Start, dialect: Dialect) -> bool:
    """Whether the writer quotes nothing, as Snowflake does by default: outside quotes it writes `NULL_MARK`, or puts a
    backslash before a delimiter or a line end; values of few rows begin with a quote, in columns that have other texts
    without, and none of them needs it. Without such a backslash three rows must show it."""
    quote, mark = dialect.quote, re.escape(dialect.delimiter)
    if not quote or quote not in start.text or "\\" not in start.text:
        return False
    is_escaped = re.compile(rf"\\[{mark}\r\n]").search
    # Some writers quote what begins with a sign, or is empty, or ends with a space.
    needed = re.compile(rf"(?<!\\)[{mark}\r\n]|{re.escape(quote)}|^\W|\s$|^$").search
    rows = ["".join(row.lines) for row in start.rows(dialect, _ROWS) if row.damage is None]
    with_quotes: set[int] = set()
    with_texts: set[int] = set()
    quoted, marked, escapes = 0, False, False
    for row in rows[1:]:
        values = list(enumerate(values_as_written(row, dialect)))
        inside = {place for place, (_, is_quoted) in values if is_quoted}
        if any(needed(value) for _, (value, is_quoted) in values if is_quoted):
            return False
        bare = [(place, value) for place, (value, is_quoted) in values if not is_quoted]
        marked = marked or any(value == NULL_MARK for _, value in bare)
        escapes = escapes or any(is_escaped(value) for _, value in bare)
        with_quotes |= inside
        with_texts |= {place for place, value in bare if value not in ("", NULL_MARK) and not NO_TEXT.fullmatch(value)}
        quoted += bool(inside)
    fewest = 1 if escapes else _FEWEST
    return (marked or escapes) and fewest <= quoted and 2 * quoted <= len(rows) and with_quotes <= with_texts
