"""Finds with which quote and escape a delimited file is written.

The usual way (``"``, doubled inside values) stands until others explain more rows than it does; a single odd row is
damage, and does not change how all others are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from listrak_relay.adapters.formats.delimited.escaping import (
    CODES,
    may_escape,
    told_by_pairs,
    which_escapes,
    with_codes,
)
from listrak_relay.adapters.formats.delimited.grammar import Dialect, Escapes
from listrak_relay.adapters.formats.delimited.sample import Start
from listrak_relay.adapters.formats.header import names_contacts_among_others
from listrak_relay.adapters.formats.records import Record
from listrak_relay.domain.destinations.file_rules import FileRules

_FEWEST = 2
_SHARE = 6
"""What another way must explain more: two rows, or one of a file that short."""

_FEWEST_BARE_QUOTES = 3

_FEWEST_ESCAPED = 2
"""Quotes behind a backslash in one row: no single fault makes two of them."""

_RUN = re.compile(r"\\+[nrt]|[\n\r\t]|\\+")
"""Of escapes, with the letter of a code, or what that stands for."""

_FOUND = (Escapes.QUOTED, Escapes.QUOTES, Escapes.ANY)
"""Kinds of escapes that need not be told. Of two that explain as much the first one stays."""


def find_quoting(start: Start, base: Dialect, rules: FileRules) -> Dialect:
    """``base``, with another quote or escape, or with spaces before quotes, where ``rules`` leave that open and the
    first thousand rows say so."""
    text = "\n".join((start.text, "".join(start.telling)))
    if not may_escape(text, base.delimiter) and not any(True for ways in _WAYS for _ in ways(text, base, rules)):
        return base  # without a look at the rows, which takes longer than all else that is done before they are read
    best, usual = base, start.sound(base)
    # What an escape explains is no reason to think of another quote.
    known = (other for other in _escaped(text, base, rules) if other.quote)
    escaped = max((len(start.sound(other)) for other in known), default=0)
    for ways in _WAYS:
        before, rows, most = best, usual, 0
        for other in ways(text, before, rules):
            found = start.sound(other)
            if other.quote != base.quote and len(found) <= escaped:
                continue
            gain = _gain(found, usual, before, other)
            if gain > most:
                best, rows, most = other, found, gain
        usual = rows
    if rules.escape is not None:
        return best
    if best.escape:
        return with_codes(which_escapes(start, best, usual) if best.quote else best, usual)
    if not may_escape(text, best.delimiter):
        return best
    told = told_by_pairs(best, usual)
    if told.escape and len(start.sound(told)) < len(usual):
        # Who escapes leaves no backslash that takes the meaning from the end of a value.
        told = replace(best, unsure=True)
    return with_codes(told, usual)


def common_dialect(starts: Sequence[Start], dialects: Iterable[Dialect]) -> Dialect:
    """Of dialects that parts of one drop seem to be written in, the one that explains most rows of all; of several such
    the one that is not the usual way, since what shows it need not be in every part."""

    def score(dialect: Dialect) -> tuple[int, bool, bool]:
        rows = sum(len(start.sound(dialect)) for start in starts)
        return rows, dialect.escape is not None, not dialect.usual

    return max(dialects, key=score)


def _other_quotes(text: str, base: Dialect, rules: FileRules) -> Iterator[Dialect]:
    if rules.quote is not None:
        return
    if base.delimiter != "'" and _begins(text, "'", base.delimiter):
        yield replace(base, quote="'")
        if rules.escape is None and "\\'" in text:
            yield from (replace(base, quote="'", escape="\\", escapes=escapes) for escapes in _FOUND)
    # Quotes that begin no value, or stand inside one alone, are part of the values, as inches are.
    if '"' in text and (not _begins(text, '"', base.delimiter) or _stands_inside(text, base.delimiter)):
        yield replace(base, quote="")


def _spaced(text: str, base: Dialect, _: FileRules) -> Iterator[Dialect]:
    if base.quote and f"{base.delimiter} {base.quote}" in text:
        yield replace(base, spaced=True)


def _escaped(text: str, base: Dialect, rules: FileRules) -> Iterator[Dialect]:
    if rules.escape is not None:
        return
    if base.quote and f"\\{base.quote}" in text:
        if _doubles(text, base):
            yield replace(base, escape="\\", escapes=Escapes.KEPT)
        yield from (replace(base, escape="\\", escapes=escapes) for escapes in _FOUND)
    if any(f"\\{sign}" in text for sign in (base.delimiter, "\n", "\r")):
        codes = [Escapes.MYSQL_CODES] if any(f"\\{letter}" in text for letter in CODES) else []
        # Codes are of those that quote nothing.
        bare = [""] if base.quote and rules.quote is None else []
        plain = [base.quote] if not base.quote or base.quote not in text else []
        yield replace(base, escape="\\", escapes=Escapes.ANY)
        yield from (replace(base, quote=quote, escape="\\", escapes=Escapes.ANY) for quote in bare)
        yield from (replace(base, quote=quote, escape="\\", escapes=kind) for kind in codes for quote in plain or bare)


_WAYS = (_other_quotes, _spaced, _escaped)


def _gain(found: dict[str, Record], usual: dict[str, Record], base: Dialect, other: Dialect) -> int:
    """Rows that ``other`` explains and ``base`` does not; 0 where they may be mere damage."""
    if _names_more(usual, found):
        return 0
    gain = len(found) - len(usual)
    if not other.quote:
        meant = bool(base.quote) and _has_quotes(found, usual, base.quote, gain)
        return gain if gain >= _FEWEST_BARE_QUOTES and not meant else 0
    if other.escapes is Escapes.KEPT:
        gain -= sum(one != two for _, one, two in _in_both(usual, found))
    elif other.escape != base.escape:
        if gain > 0 and _names_more(found, usual):
            return gain  # only so the header has as many names as the rows have values
        gain -= _against_escape(found, usual, other.quote)
    if other.quote != base.quote:
        # Only who quotes so doubles such quotes.
        gain += sum(any(other.quote in field for field in row.fields) for row in found.values())
        if _wraps_most(found, usual, other) or _names_more(found, usual):
            return max(gain, 1)
    if gain == 1 and other.escape and not base.escape and other.escapes is not Escapes.KEPT:
        # In one row a single escaped quote may be damage, but for one behind an escaped backslash.
        sign, mark = other.escape, f"{other.escape}{other.quote}"
        gained = [text for text in found if text not in usual]
        return int(any(text.count(mark) >= _FEWEST_ESCAPED or f"{sign * 2}{mark}" in text for text in gained))
    return gain if gain >= _FEWEST or gain * _SHARE >= len(found) else 0


def _has_quotes(found: dict[str, Record], usual: dict[str, Record], quote: str, gain: int) -> bool:
    """Whether quotes mean something although ``gain`` rows more are sound where they mean nothing."""
    changed = [
        text for text, one, two in _in_both(usual, found) if _apart_from_escapes(one) != _apart_from_escapes(two)
    ]
    if 2 * len(changed) > gain or any(quote * 2 in text for text in changed):
        return True
    quoted = [field.strip() for row in found.values() for field in row.fields if quote in field]
    return 2 * sum(field.startswith(quote) and field.endswith(quote) for field in quoted) > len(quoted)


def _against_escape(found: dict[str, Record], usual: dict[str, Record], quote: str) -> int:
    """Rows that show that their writer knew no escape: quotes are doubled, or the values are other ones."""
    return sum(
        any(quote in field for field in one) or _apart_from_escapes(one) != _apart_from_escapes(other)
        for _, one, other in _in_both(usual, found)
    )


def _in_both(rows: dict[str, Record], others: dict[str, Record]) -> Iterator[tuple[str, list[str], list[str]]]:
    """The text of each row that two readings have, and its fields under each."""
    return ((text, row.fields, others[text].fields) for text, row in rows.items() if text in others)


def _apart_from_escapes(fields: list[str]) -> list[str]:
    return [_RUN.sub("/", field) for field in fields]


def _names_more(rows: dict[str, Record], others: dict[str, Record]) -> bool:
    """Whether only the first of two readings shows a column of contacts."""
    return names_contacts_among_others(rows.values()) and not names_contacts_among_others(others.values())


def _wraps_most(found: dict[str, Record], usual: dict[str, Record], dialect: Dialect) -> bool:
    """Whether the quote begins values of most rows."""
    return 2 * sum(_begins(text, dialect.quote, dialect.delimiter) for text in found) > max(len(found), len(usual))


def _stands_inside(text: str, delimiter: str) -> bool:
    """Whether there is a quote where no sound value in quotes can have one: neither at an end of it nor doubled."""
    ends = rf'{re.escape(delimiter)}\r\n"'
    return re.search(rf'"(?<=[^{ends}\\]")[^{ends}]', text) is not None


def _doubles(text: str, base: Dialect) -> bool:
    """Whether a quote inside a value is doubled, and not behind a backslash."""
    quote, ends = re.escape(base.quote), re.escape(base.delimiter) + r"\r\n"
    return re.search(rf"{quote}{quote}(?<=[^{ends}{quote}\\]{quote}{quote})[^{ends}{quote}]", text) is not None


def _begins(text: str, quote: str, delimiter: str) -> bool:
    """Whether the quote begins a value anywhere."""
    return text.startswith(quote) or any(before + quote in text for before in (delimiter, f"{delimiter} ", "\n", "\r"))
