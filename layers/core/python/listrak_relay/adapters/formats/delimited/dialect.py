"""Finds how a delimited file is written, from its first rows: delimiter, quote and escape."""

from __future__ import annotations

from dataclasses import replace

from listrak_relay.adapters.formats.delimited.copied import COPIED, is_copied
from listrak_relay.adapters.formats.delimited.grammar import Dialect, Escapes
from listrak_relay.adapters.formats.delimited.quoting import find_quoting
from listrak_relay.adapters.formats.delimited.sample import Start, usual_width
from listrak_relay.adapters.formats.header import EXCEL_HINT, names_contacts_among_others
from listrak_relay.domain.destinations.file_rules import FileDialect, FileRules

DELIMITERS = (",", ";", "\t", "|")
"""Looked for first, in order of preference."""

RARE_DELIMITERS = ("\x01", "\x1f", "^", "~", "¦", ":")
"""Looked for where none of the others shows a header; the first is Hive's."""

_DELIMITER_ROWS = 100


def find_dialect(start: Start, rules: FileRules) -> Dialect:
    """What ``rules`` leave open is found from the first thousand rows."""
    if rules.dialect:
        return _named(start, rules.dialect, rules)
    told = rules.delimiter or _excel_delimiter(start.text)
    quote = '"' if rules.quote is None else rules.quote
    base = Dialect(told or ",", quote)
    if rules.escape != quote and rules.escape:
        base = replace(base, escape=rules.escape, escapes=Escapes.ANY)
    if told:
        return find_quoting(start, base, rules)
    copied = rules.quote is None and rules.escape is None and is_copied(start)
    if copied:
        return COPIED
    found = _found(start, base, rules)
    return replace(found, unsure=found.unsure or (copied is None and found.escape is None))


def _found(start: Start, base: Dialect, rules: FileRules) -> Dialect:
    """``base`` with a delimiter, and with another quote or escape where the first rows say so."""
    quote = base.quote
    usual = _with_delimiter(start, base)
    if quote and rules.escape is None and f"\\{quote}" in start.text and not _parts(start, usual):
        # No row is sound as long as nobody knows of the escape.
        usual = replace(base, delimiter=_with_delimiter(start, replace(base, escape="\\")).delimiter)
    found = find_quoting(start, usual, rules)
    if found == usual:
        return found
    # Delimiters inside values count as such until the quotes around them are known.
    better = _with_delimiter(start, found)
    if better.delimiter == found.delimiter:
        return found
    return find_quoting(start, replace(base, delimiter=better.delimiter), rules)


_NAMED = {
    FileDialect.POSTGRES_TEXT: COPIED,
    FileDialect.MYSQL_OUTFILE: Dialect("\t", "", "\\", escapes=Escapes.MYSQL_CODES),
    FileDialect.SPARK: Dialect(escape="\\", escapes=Escapes.QUOTED),
    FileDialect.SNOWFLAKE: Dialect(escape="\\", escapes=Escapes.OUTSIDE),
    FileDialect.REDSHIFT: Dialect("|", escape="\\", escapes=Escapes.ANY),
    FileDialect.EXCEL: Dialect(),
}


def _named(start: Start, name: FileDialect, rules: FileRules) -> Dialect:
    base = _NAMED[name]
    if rules.quote is not None:
        base = replace(base, quote=rules.quote)
    if rules.escape is not None:
        base = replace(base, escape=rules.escape or None)
    told = rules.delimiter or _excel_delimiter(start.text)
    if told:
        return replace(base, delimiter=told)
    found = _with_delimiter(start, base)
    # Where the text shows no column of contacts under another delimiter, the manual's default stands.
    return found if names_contacts_among_others(start.rows(found, _DELIMITER_ROWS)) else base


def _with_delimiter(start: Start, base: Dialect) -> Dialect:
    """A rare delimiter must show a column of contacts, or part what no other does."""
    best, (header, rows, _) = _best_of(DELIMITERS, start, base)
    if not header:
        rare, (rare_header, *_) = _best_of(RARE_DELIMITERS, start, base)
        if rare_header or not rows:
            return rare
    return best


def _parts(start: Start, dialect: Dialect) -> bool:
    """Whether a sound row has several fields."""
    return any(row.damage is None and len(row.fields) > 1 for row in start.rows(dialect, _DELIMITER_ROWS))


def _best_of(delimiters: tuple[str, ...], start: Start, base: Dialect) -> tuple[Dialect, tuple[bool, int, int]]:
    """The delimiter under which a row names a column of contacts, and which gives most rows of one length; of several
    such the one that gives the longest rows."""
    best, best_score = base, (False, 0, 1)
    for delimiter in delimiters:
        if delimiter in (base.quote, base.escape):
            continue
        dialect = replace(base, delimiter=delimiter)
        rows = start.rows(dialect, _DELIMITER_ROWS)
        width = usual_width(rows)
        count = sum(len(row.fields) == width and row.damage is None for row in rows)
        score = (names_contacts_among_others(rows), count, width)
        if width > 1 and score > best_score:
            best, best_score = dialect, score
    return best, best_score


def _excel_delimiter(text: str) -> str | None:
    """From the line ``sep=;`` by which Excel is told the delimiter."""
    line = text[: len(EXCEL_HINT) + 3].splitlines()[0] if text.strip() else ""
    if line.casefold().startswith(EXCEL_HINT) and len(line) == len(EXCEL_HINT) + 1:
        return line[-1]
    return None
