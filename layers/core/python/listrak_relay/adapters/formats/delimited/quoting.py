"""Finds with which quote and escape a delimited file is written.

The usual way (``"``, doubled inside values) stands until others explain more rows than it does; a single odd row is
damage, and does not change how all others are read.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from listrak_relay.adapters.formats.delimited.fields import LINE_END_SIGNS, FieldReader
from listrak_relay.adapters.formats.delimited.grammar import Dialect, Escapes
from listrak_relay.adapters.formats.delimited.sample import Start, usual_width
from listrak_relay.adapters.formats.header import names_contacts_among_others
from listrak_relay.adapters.formats.records import Record
from listrak_relay.domain.destinations.file_rules import FileRules

_ROWS = 1_000
_FEWEST = 2
_SHARE = 6
"""What another way must explain more: two rows, or one of a file that short."""

_FEWEST_BARE_QUOTES = 3

_FEWEST_PAIRS = 3
"""Rows with pairs of backslashes inside quotes, where no backslash stands alone."""

_RUN = re.compile(r"\\+")

_FOUND = (Escapes.QUOTED, Escapes.QUOTES, Escapes.ANY)
"""Kinds of escapes that need not be told. Of two that explain as much the first one stays."""


def find_quoting(start: Start, base: Dialect, rules: FileRules) -> Dialect:
    """``base``, with another quote or escape, or with spaces before quotes, where ``rules`` leave that open and the
    first thousand rows say so."""
    text = start.text + "".join(start.telling)
    if not _may_escape(text) and not any(True for ways in _WAYS for _ in ways(text, base, rules)):
        return base  # without a look at the rows, which takes longer than all else that is done before they are read
    best, usual = base, _sound(start, base)
    # What an escape explains is no reason to think of another quote.
    escaped = max((len(_sound(start, other)) for other in _escaped(text, base, rules)), default=0)
    for ways in _WAYS:
        before, rows, most = best, usual, 0
        for other in ways(text, before, rules):
            found = _sound(start, other)
            if other.quote != base.quote and len(found) <= escaped:
                continue
            gain = _gain(found, usual, before, other)
            if gain > most:
                best, rows, most = other, found, gain
        usual = rows
    if rules.escape is not None or not best.quote:
        return best
    if best.escape:
        return _which_escapes(start, best, usual)
    if _may_escape(text):
        return _of_pairs(replace(best, escape="\\", escapes=Escapes.QUOTED), usual) or best
    return best


def _may_escape(text: str) -> bool:
    """Whether there are backslashes that may stand for another, or take the meaning from a line end."""
    return any(sign in text for sign in ("\\\\", "\\\n", "\\\r"))


def _which_escapes(start: Start, found: Dialect, rows: dict[str, Record]) -> Dialect:
    """Whoever leaves a backslash alone inside quotes does not double backslashes there, unless it is one before each
    line end, as MySQL writes. Whoever doubles them outside too escapes everywhere."""
    if found.escapes is Escapes.ANY:
        return found
    quoted = replace(found, escapes=Escapes.QUOTED)
    readers = list(_read_again(quoted, rows))
    if any(reader.alone for reader in readers):
        if _escaped_ends(readers):
            return replace(found, escapes=Escapes.ANY)
        bare = replace(found, escapes=Escapes.QUOTES)
        return bare if len(_sound(start, bare)) >= len(rows) else quoted
    doubled = sum(reader.plain_pairs > 0 for reader in readers) >= _FEWEST_PAIRS
    return replace(found, escapes=Escapes.ANY) if doubled and not any(r.plain_alone for r in readers) else quoted


def _escaped_ends(readers: Sequence[FieldReader]) -> int:
    """In how many rows a backslash stands before line ends inside quotes, where none stands before anything else but
    quotes and itself, and no such line end is without it. MySQL puts it before the first sign of the file's own end."""
    alone = sum(reader.alone for reader in readers)
    for sign in LINE_END_SIGNS:
        escaped = sum(reader.escaped_ends[sign] for reader in readers)
        if escaped and alone == escaped == sum(reader.ends[sign] for reader in readers):
            return sum(reader.escaped_ends[sign] > 0 for reader in readers)
    return 0


def _of_pairs(dialect: Dialect, rows: dict[str, Record]) -> Dialect | None:
    """How the writer of ``rows`` escapes, by nothing but the backslashes that are doubled. Where quotes are doubled
    too, only backslashes that are so outside quotes as well tell of one, as Python and pandas write them."""
    readers = list(_read_again(dialect, rows))
    if any(reader.alone for reader in readers):
        written = _escaped_ends(readers) + sum(reader.pairs > 0 for reader in readers)
        by_mysql = written >= _FEWEST_PAIRS and _escaped_ends(readers) and not any(reader.doubled for reader in readers)
        return replace(dialect, escapes=Escapes.ANY) if by_mysql else None
    inside = sum(reader.pairs > 0 for reader in readers)
    outside = sum(reader.plain_pairs > 0 for reader in readers)
    if not any(reader.doubled for reader in readers):
        return dialect if inside >= _FEWEST_PAIRS else None
    everywhere = inside and outside >= _FEWEST_PAIRS and not any(reader.plain_alone for reader in readers)
    return replace(dialect, escapes=Escapes.ANY) if everywhere else None


def _read_again(dialect: Dialect, rows: dict[str, Record]) -> Iterator[FieldReader]:
    for row in rows.values():
        text = "".join(row.lines)
        if (dialect.escape or "") in text or dialect.quote * 2 in text:
            reader = FieldReader(iter(row.lines), dialect)
            try:
                next(reader)
            except csv.Error:
                continue
            yield reader


def common_dialect(starts: Sequence[Start], dialects: Iterable[Dialect]) -> Dialect:
    """Of dialects that parts of one drop seem to be written in, the one that explains most rows of all; of several such
    the one that is not the usual way, since what shows it need not be in every part."""

    def score(dialect: Dialect) -> tuple[int, bool, bool]:
        rows = sum(len(_sound(start, dialect)) for start in starts)
        return rows, dialect.escape is not None, not dialect.usual

    return max(dialects, key=score)


def _other_quotes(text: str, base: Dialect, rules: FileRules) -> Iterator[Dialect]:
    if rules.quote is not None:
        return
    if base.delimiter != "'" and _begins(text, "'", base.delimiter):
        yield replace(base, quote="'")
        if rules.escape is None and "\\'" in text:
            yield from (replace(base, quote="'", escape="\\", escapes=escapes) for escapes in _FOUND)
    # Quotes that never begin a value are part of the values, as inches are.
    if '"' in text and not _begins(text, '"', base.delimiter):
        yield replace(base, quote="")


def _spaced(text: str, base: Dialect, _: FileRules) -> Iterator[Dialect]:
    if base.quote and f"{base.delimiter} {base.quote}" in text:
        yield replace(base, spaced=True)


def _escaped(text: str, base: Dialect, rules: FileRules) -> Iterator[Dialect]:
    if base.quote and rules.escape is None and f"\\{base.quote}" in text:
        yield from (replace(base, escape="\\", escapes=escapes) for escapes in _FOUND)


_WAYS = (_other_quotes, _spaced, _escaped)


def _gain(found: dict[str, Record], usual: dict[str, Record], base: Dialect, other: Dialect) -> int:
    """Rows that ``other`` explains and ``base`` does not; 0 where they may be mere damage."""
    if _names_more(usual, found):
        return 0
    gain = len(found) - len(usual)
    if other.escape != base.escape:
        gain -= _against_escape(found, usual, other.quote)
    if not other.quote:
        return gain if gain >= _FEWEST_BARE_QUOTES else 0
    if other.quote != base.quote:
        # Only who quotes so doubles such quotes.
        gain += sum(any(other.quote in field for field in row.fields) for row in found.values())
        if _wraps_most(found, usual, other) or _names_more(found, usual):
            return max(gain, 1)
    return gain if gain >= _FEWEST or gain * _SHARE >= len(found) else 0


def _sound(start: Start, dialect: Dialect) -> dict[str, Record]:
    """Rows that are sound and as long as most are, by their text."""
    rows = start.rows(dialect, _ROWS)
    width = usual_width(rows)
    if any(row.damage for row in rows):
        # Knowing the width, the reader finds the rows that a quote left open has swallowed.
        rows = start.rows(dialect, _ROWS, width)
    rows += start.telling_rows(dialect, width)
    return {"".join(row.lines): row for row in rows if row.damage is None and len(row.fields) == width}


def _against_escape(found: dict[str, Record], usual: dict[str, Record], quote: str) -> int:
    """Rows that show that their writer knew no escape: quotes are doubled, or the values are other ones."""
    same = [(row.fields, found[text].fields) for text, row in usual.items() if text in found]
    return sum(
        any(quote in field for field in one)
        or [_RUN.sub("/", field) for field in one] != [_RUN.sub("/", field) for field in other]
        for one, other in same
    )


def _names_more(rows: dict[str, Record], others: dict[str, Record]) -> bool:
    """Whether only the first of two readings shows a column of contacts."""
    return names_contacts_among_others(rows.values()) and not names_contacts_among_others(others.values())


def _wraps_most(found: dict[str, Record], usual: dict[str, Record], dialect: Dialect) -> bool:
    """Whether the quote begins values of most rows."""
    return 2 * sum(_begins(text, dialect.quote, dialect.delimiter) for text in found) > max(len(found), len(usual))


def _begins(text: str, quote: str, delimiter: str) -> bool:
    """Whether the quote begins a value anywhere."""
    return text.startswith(quote) or any(before + quote in text for before in (delimiter, f"{delimiter} ", "\n", "\r"))
