"""How far an escape of a delimited file reaches, and whether there is one, told by where its backslashes stand."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from listrak_relay.adapters.formats.delimited.fields import ESCAPED_SIGNS, LINE_ENDS, FieldReader, values_outside_quotes
from listrak_relay.adapters.formats.delimited.grammar import Dialect, Escapes
from listrak_relay.adapters.formats.delimited.sample import Start
from listrak_relay.adapters.formats.records import Record
from listrak_relay.domain.destinations.file_rules import NULL_MARK

_FEWEST_PAIRS = 3
"""Rows with pairs of backslashes, where none stands alone, that tell of an escape without a doubt."""

_LONG_RUN = "\\" * 4
"""Two backslashes, each doubled."""

_OF_DATABASES = "\t|\x01"
"""Delimiters of those that escape outside quotes."""


CODES = frozenset("nrt")
"""Letters that stand for line ends and tabs behind an escape, as Commons CSV writes them where it quotes nothing."""


def may_escape(text: str, delimiter: str) -> bool:
    """Whether there are backslashes that may stand for another, or take the meaning from a line end, an apostrophe or
    a delimiter, or that may begin a code."""
    return "\\" in text and any(f"\\{sign}" in text for sign in ("\\", delimiter, *ESCAPED_SIGNS, *CODES))


def which_escapes(start: Start, found: Dialect, rows: dict[str, Record]) -> Dialect:
    """Whoever leaves a backslash alone inside quotes does not double backslashes there, unless it is one before each
    line end, as MySQL writes. Whoever doubles them outside too escapes everywhere."""
    if found.escapes in (Escapes.ANY, Escapes.KEPT) or found.escapes.are_codes:
        return found
    quoted = replace(found, escapes=Escapes.QUOTED)
    readers = dict(_read_again(quoted, rows))
    if any(reader.alone for reader in readers.values()):
        if _escaped_signs(readers.values()):
            return replace(found, escapes=Escapes.ANY)
        bare = replace(found, escapes=Escapes.QUOTES)
        return bare if len(start.sound(bare)) >= len(rows) else quoted
    if not _doubled_outside(readers, quoted):
        return quoted
    # Spark, which escapes inside quotes alone, may have found pairs there.
    return replace(found, escapes=Escapes.ANY, unsure=not any(_LONG_RUN in text for text in readers))


def _doubled_outside(readers: Mapping[str, FieldReader], dialect: Dialect) -> bool:
    """Whether backslashes are doubled outside quotes, too, so that it is no chance."""
    return not any(reader.plain_alone for reader in readers.values()) and any(
        reader.plain_pairs and _can_hardly_be_meant(text, dialect) for text, reader in readers.items()
    )


def _escaped_signs(readers: Collection[FieldReader]) -> set[str]:
    """Which of line ends, apostrophes and delimiters are never without a backslash inside quotes, where none stands
    before anything else but quotes and itself. MySQL puts it before the first sign of the file's own line end, Redshift
    before all."""
    alone = sum(reader.alone for reader in readers)
    escaped = sum((Counter(reader.escaped_signs) for reader in readers), Counter[str]())
    present = sum((Counter(reader.signs) for reader in readers), Counter[str]())
    always = {sign for sign, count in escaped.items() if count == present[sign]}
    return always if alone == sum(escaped[sign] for sign in always) else set()


def told_by_pairs(base: Dialect, rows: dict[str, Record]) -> Dialect:
    """``base``, with the escape that backslashes tell of by nothing but being doubled, each of them; where few are, it
    is noted whatever is taken.

    Where quotes are doubled too, only backslashes that are so outside quotes as well tell of one, as Python and pandas
    write them. Else few pairs inside quotes do (Spark, DuckDB and others double those that they find there), and
    outside where tabs or pipes part values, or `NULL_MARK` is beside them, as databases write them; but not in files
    whose lines end in CRLF, which none of these writes.
    """
    quoted = replace(base, escape="\\", escapes=Escapes.QUOTED)
    anywhere = replace(quoted, escapes=Escapes.ANY)
    readers = dict(_read_again(quoted, rows))
    inside = [text for text, reader in readers.items() if reader.pairs]
    doubled = any(reader.doubled for reader in readers.values())
    if any(reader.alone for reader in readers.values()):
        signs = _escaped_signs(readers.values())
        if doubled or not signs:
            return base
        written = {*inside, *(text for text, reader in readers.items() if any(reader.escaped_signs[n] for n in signs))}
        unsure = len(written) < _FEWEST_PAIRS
        if signs & set(LINE_ENDS):
            return replace(anywhere if len(written) > 1 else base, unsure=unsure)
        # Texts that a program has escaped before have a backslash before apostrophes, too; with few it stays open.
        told = not unsure and bool(inside or "'" in signs) and not any(text.endswith("\r\n") for text in written)
        return replace(anywhere if told else base, unsure=True)
    outside = [text for text, reader in readers.items() if reader.plain_pairs]
    if any(reader.plain_alone for reader in readers.values()):
        if not inside and not doubled and (sure := _are_copied(rows, base)) is not False:
            return replace(base, escape="\\", escapes=Escapes.CODES, unsure=sure is None)
        outside = []
    if doubled:
        is_told = bool(inside) and len(outside) >= _FEWEST_PAIRS
        sure = is_told and any(_LONG_RUN in text for text in outside)
        return replace(anywhere if is_told else base, unsure=bool(inside or outside) and not sure)
    pairs = inside or outside
    if not pairs:
        return base
    telling = [text for text in pairs if _can_hardly_be_meant(text, base)]
    of_database = base.delimiter in _OF_DATABASES or any(f"{base.delimiter}{NULL_MARK}" in text for text in rows)
    usual = not any(text.endswith("\r\n") for text in pairs) and (bool(inside) or of_database)
    sure = any(_LONG_RUN in text for text in pairs)
    if sure or len(pairs) >= _FEWEST_PAIRS or (telling and usual):
        found = anywhere if not inside or _doubled_outside(readers, base) else quoted
        return found if sure else replace(found, unsure=True)
    return replace(base, unsure=True)


def _are_copied(rows: dict[str, Record], dialect: Dialect) -> bool | None:
    """Whether all backslashes outside quotes are doubled or begin a code, as in the text of COPY with a delimiter of
    its own. Beside codes, which may be letters of paths, three rows must show a pair inside a value; text of JSON,
    which has pairs of its own, does not count. None where a single one does, or `NULL_MARK`, beside a code that is in
    no path: then it is so in all likelihood."""
    values = list(_beside_backslashes(rows, dialect))
    if not _letters_behind(values) <= _COPY_CODES or any(text.endswith("\r\n") for text in rows):
        return False
    telling = {value for value in values if _PAIR_INSIDE.search(value) and not value.startswith(("{", "["))}
    if len(telling) >= _FEWEST_PAIRS or sum(value in telling for value in values) >= _FEWEST_PAIRS:
        return True
    coded = any(_CODE.search(value) and not _PATH.search(value) for value in values if value != NULL_MARK)
    return None if coded and (telling or NULL_MARK in values) else False


def with_codes(found: Dialect, rows: dict[str, Record]) -> Dialect:
    """``found``, with codes of letters for line ends and tabs outside quotes, where nothing is quoted and backslashes
    are escapes: whoever doubles them writes none before a letter otherwise. Where they may be escapes it is noted."""
    letters = _letters_behind(_beside_backslashes(rows, found))
    if found.escape is None:
        return replace(found, unsure=True) if letters & CODES and letters <= CODES | {"\\"} else found
    letters = {letter for letter in letters if letter.isalnum()}
    if not letters or found.escapes is not Escapes.ANY:
        return found
    quoted = found.quote and any(found.quote in text for text in rows)
    return replace(found, unsure=True) if quoted or letters - CODES else replace(found, escapes=Escapes.MYSQL_CODES)


_PAIR = re.compile(r"\\([\s\S]?)")
_PAIR_INSIDE = re.compile(r"[^\\]\\\\")
_CODE = re.compile(r"(?<!\\)(?:\\\\)*\\[nrtbfv]")
_PATH = re.compile(r"(?:^|\W)[A-Za-z]:\\|^\\\\\w")
_COPY_CODES = CODES | {"b", "f", "v", "\\"}


def _beside_backslashes(rows: dict[str, Record], dialect: Dialect) -> Iterator[str]:
    """Values outside quotes, of the rows that have a backslash."""
    return (value for row in rows.values() if "\\" in "".join(row.lines) for value in _outside_quotes(row, dialect))


def _letters_behind(values: Iterable[str]) -> set[str]:
    """Signs behind their backslashes, but that of `NULL_MARK`."""
    return {code[1] for value in values if value != NULL_MARK for code in _PAIR.finditer(value)}


def _outside_quotes(row: Record, dialect: Dialect) -> Iterator[str]:
    return values_outside_quotes("".join(row.lines), dialect)


def _can_hardly_be_meant(row: str, dialect: Dialect) -> bool:
    """Whether doubled backslashes are more than the two that the name of a server begins with, as in ``\\\\nas``. None
    is called N, but no value is written as one that is escaped."""
    signs = re.escape(dialect.delimiter + dialect.quote)
    return row.count("\\") != 2 or re.search(rf"(?:^|[{signs}])\\\\(?!N[{signs}\r\n])", row) is None  # noqa: PLR2004


def _read_again(dialect: Dialect, rows: dict[str, Record]) -> Iterator[tuple[str, FieldReader]]:
    for row in rows.values():
        text = "".join(row.lines)
        if len(row.lines) > 1 or any(
            sign in text for sign in ("\\", "'", *([dialect.quote * 2] if dialect.quote else []))
        ):
            reader = FieldReader(iter(row.lines), dialect)
            try:
                next(reader)
            except csv.Error:
                continue
            yield text, reader
