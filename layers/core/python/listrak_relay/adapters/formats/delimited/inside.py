"""Whether quotes are part of the values, told by a writer that marks what it does outside quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from listrak_relay.adapters.formats.delimited.fields import values_as_written
from listrak_relay.adapters.formats.delimited.grammar import Dialect
from listrak_relay.adapters.formats.delimited.sample import Start
from listrak_relay.adapters.formats.number_columns import NO_TEXT
from listrak_relay.domain.destinations.file_rules import NULL_MARK

_FEWEST = 3
_NEEDED_BY_PHP, _NEEDED_BY_EXCEL = frozenset(" \t\\"), frozenset(" \t\\,")
_PLAIN = re.compile(r"\w", re.ASCII)


def has_bare_quotes(start: Start, dialect: Dialect) -> bool | None:
    """Whether the writer quotes nothing, as Snowflake does by default: values of few rows begin with a quote, in
    columns that have other texts without, and none of them needs it. A backslash before a delimiter or a line end
    outside quotes tells it, or `NULL_MARK` there beside three such rows, or beside fewer whose values have no sign that
    is not outside quotes, too. None where only such values speak for it, so that nothing can be told."""
    quote = dialect.quote
    if not quote or quote not in start.text:
        return False
    if "\\" not in start.text and not _may_be_needless(start.text, dialect):
        return False
    rows = list(start.sound(dialect))
    seen = _Quotes(dialect)
    if not all(map(seen.takes, rows[1:])) or not seen.rows or 2 * seen.rows > len(rows):
        return False
    if not set(seen.inside) <= set(seen.bare):
        return False
    bare = _signs(text for texts in seen.bare.values() for text in texts)
    odd = _signs(value for values in seen.inside.values() for value in values) - bare
    if seen.escapes or (seen.marked and (not odd or seen.rows >= _FEWEST)):
        return True
    # Excel quotes commas between tabs, too; PHP what has a space or a backslash.
    of_excel = dialect.delimiter == "\t" and rows[0].endswith("\r\n")
    return False if odd & (_NEEDED_BY_EXCEL if of_excel else _NEEDED_BY_PHP) else None


def _may_be_needless(text: str, dialect: Dialect) -> bool:
    """Before the rows are looked at, which takes longer: whether there is a word in quotes, and one without."""
    mark, quote = re.escape(dialect.delimiter), re.escape(dialect.quote)
    return all(
        re.search(rf"[{mark}\n]{around}[^\W\d]{inside}{around}(?=[{mark}\r\n])", text)
        for around, inside in ((quote, rf"[^{quote}{mark}\r\n]*"), ("", rf"[^{quote}{mark}\r\n]*"))
    )


def _signs(texts: Iterable[str]) -> set[str]:
    """Signs for the sake of which some writers put a value in quotes."""
    return set(_PLAIN.sub("", "".join(texts)))


@dataclass(slots=True)
class _Quotes:
    """What rows show: ``inside``: values in quotes, and ``bare``: texts without, each by the place of the column.
    ``rows``: those with quotes. ``marked``: `NULL_MARK` is there outside quotes. ``escapes``: a backslash before a
    delimiter or a line end is."""

    dialect: Dialect
    inside: dict[int, list[str]] = field(default_factory=dict)
    bare: dict[int, list[str]] = field(default_factory=dict)
    rows: int = 0
    marked: bool = False
    escapes: bool = False

    def takes(self, row: str) -> bool:
        """False: a value in quotes needs them."""
        mark, quote = re.escape(self.dialect.delimiter), re.escape(self.dialect.quote)
        quoted = False
        for place, (value, is_quoted) in enumerate(values_as_written(row, self.dialect)):
            if is_quoted:
                # Some writers quote what begins with a sign, or is empty, or ends with a space.
                if re.search(rf"(?<!\\)[{mark}\r\n]|{quote}|^\W|\s$|^$", value):
                    return False
                quoted = True
                self.inside.setdefault(place, []).append(value)
                continue
            self.marked = self.marked or value == NULL_MARK
            self.escapes = self.escapes or re.search(rf"\\[{mark}\r\n]", value) is not None
            if value not in ("", NULL_MARK) and not NO_TEXT.fullmatch(value):
                self.bare.setdefault(place, []).append(value)
        self.rows += quoted
        return True
