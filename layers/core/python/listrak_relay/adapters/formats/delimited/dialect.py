"""Finds how a delimited file is written, from its first rows: delimiter, quote and escape."""

from __future__ import annotations

from dataclasses import replace

from listrak_relay.adapters.formats.delimited.copied import COPIED, as_copied, is_copied
from listrak_relay.adapters.formats.delimited.escaping import with_codes
from listrak_relay.adapters.formats.delimited.grammar import Dialect, Escapes
from listrak_relay.adapters.formats.delimited.inside import has_bare_quotes
from listrak_relay.adapters.formats.delimited.quoting import find_quoting
from listrak_relay.adapters.formats.delimited.sample import Start, usual_width
from listrak_relay.adapters.formats.header import EXCEL_HINT, names_contacts_among_others
from listrak_relay.adapters.formats.records import Record
from listrak_relay.domain.destinations.file_rules import FileDialect, FileRules

DELIMITERS = (",", ";", "\t", "|")
"""Looked for first, in order of preference."""

_HIVE = "\x01"

RARE_DELIMITERS = (_HIVE, "\x1f", "^", "~", "¦", ":")
"""Looked for where none of the others shows a header; the first is Hive's."""

_DELIMITER_ROWS = 100
_ROWS = 1_000


def find_dialect(start: Start, rules: FileRules) -> Dialect:
    """What ``rules`` leave open is found from the first thousand rows."""
    if rules.dialect:
        return _named(start, rules.dialect, rules)
    told = rules.delimiter or _excel_delimiter(start.text)
    quote = '"' if rules.quote is None else rules.quote
    base = Dialect(told or ",", quote)
    if rules.escape != quote and rules.escape:
        base = replace(base, escape=rules.escape, escapes=Escapes.ANY)
    may_be_copied = told in (None, "\t") and rules.quote is None and rules.escape is None
    copied = may_be_copied and is_copied(start)
    if copied:
        return as_copied(start)
    found = _found(start, base, rules, told)
    return replace(found, unsure=found.unsure or (copied is None and found.escape is None))


def _found(start: Start, base: Dialect, rules: FileRules, told: str | None) -> Dialect:
    """``base`` with a delimiter, unless it is ``told``, and with another quote or escape where the first rows say
    so."""
    quote = base.quote
    usual = base if told else _with_delimiter(start, base)
    if not told and quote and rules.escape is None and f"\\{quote}" in start.text and not _parts(start, usual):
        # No row is sound as long as nobody knows of the escape.
        usual = replace(base, delimiter=_with_delimiter(start, replace(base, escape="\\")).delimiter)
    if rules.quote is None and usual.delimiter == _HIVE and _quotes_nothing(start, usual):
        return find_quoting(start, replace(usual, quote=""), rules)
    found = find_quoting(start, usual, rules)
    if rules.quote is None and rules.escape is None:
        bare_quotes = has_bare_quotes(start, found)
        if bare_quotes:
            bare = replace(found, quote="")
            return with_codes(bare, start.sound(bare)) if bare.escape else find_quoting(start, bare, rules)
        found = replace(found, odd_quotes=bare_quotes is None)
    if found == usual or told:
        return found
    # Delimiters inside values count as such until the quotes around them are known.
    better = _with_delimiter(start, found)
    if better.delimiter == found.delimiter:
        return found
    return find_quoting(start, replace(base, delimiter=better.delimiter), rules)


def _quotes_nothing(start: Start, dialect: Dialect) -> bool:
    """Whether there are quotes that no value needs, and that do not begin values of most rows: Hive and Athena write
    those that are part of a value as they are."""
    quote = dialect.quote
    if quote not in start.text:
        return False
    rows = start.rows(dialect, _ROWS)
    sound = [row for row in rows if row.damage is None]
    signs = (quote, dialect.delimiter, "\n")
    if any(sign in field for row in sound for field in row.fields for sign in signs):
        return False
    return not _most_begin(rows, dialect)


def _most_begin(rows: list[Record], dialect: Dialect) -> bool:
    """Whether a quote begins values of most rows."""
    behind = f"{dialect.delimiter}{dialect.quote}"
    return 2 * sum(row.lines[0].startswith(dialect.quote) or behind in row.lines[0] for row in rows) > len(rows)


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
        return _enclosed(start, replace(base, delimiter=told), name, rules)
    found = _with_delimiter(start, base)
    # Where the text shows no column of contacts under another delimiter, the manual's default stands.
    shown = names_contacts_among_others(start.rows(found, _DELIMITER_ROWS))
    return _enclosed(start, found if shown else base, name, rules)


def _enclosed(start: Start, base: Dialect, name: FileDialect, rules: FileRules) -> Dialect:
    """MySQL encloses nothing unless it is told to (``ENCLOSED BY``); then the texts of most rows are in quotes, and all
    rows are sound so."""
    if name is not FileDialect.MYSQL_OUTFILE or rules.quote is not None:
        return base
    enclosed = replace(base, quote='"')
    rows = start.rows(enclosed, _DELIMITER_ROWS)
    width = usual_width(rows)
    whole = all(row.damage is None and len(row.fields) == width for row in rows)
    return enclosed if whole and _most_begin(rows, enclosed) else base


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
