"""Records of a CSV file, one by one, exactly: the right row number for each, damaged ones set apart, none lost.

A record is damaged if its quoting is broken, if it has too few or too many fields, or holds bytes that are not text.
A quote that is opened and not closed would swallow the rows after it, so of a damaged record that spans several lines
only the first line is given up, and reading goes on with the second, whenever the rest is not plainly part of it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

from listrak_relay.adapters.formats.delimited.fields import FieldReader
from listrak_relay.adapters.formats.delimited.grammar import Dialect
from listrak_relay.adapters.formats.delimited.swallowed import joins_rows
from listrak_relay.adapters.formats.delimited.tape import RecordTooLargeError, Tape
from listrak_relay.adapters.formats.records import (
    ENCODING,
    FIRST_IS_EMAIL,
    NUL,
    RECORD_LIMIT,
    TOO_LARGE,
    TOO_LONG,
    TOO_SHORT,
    UNREADABLE,
    KeyField,
    Record,
)
from listrak_relay.errors import FileRejectedError

_STARTS = 20
"""Lines at which a swallowed row of several lines is looked for."""

AGAIN_LIMIT = 64_000_000
"""Characters that may be read a second time before a file counts as broken, beside some for each of its own."""

_WRAPPED = '="'
_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
"""Text as spreadsheets are made to keep it, with its leading zeros."""

_BARE_FORMULA = re.compile(r'(?<![^,;\t|\n\r])="[^"=\r\n]*"')

_AHEAD = 10_000
"""Characters that are looked through for the end of such a row."""


class RecordReader:
    """Iterates over the records of ``stream``, opened with `Dialect.newline` and ``errors="surrogateescape"``.

    ``width``: fields that a record must have, None for any number. ``nameless``: further fields that follow in every
    record and are always empty, which are left out. ``key``: the field that tells a sound record, None
    if there is no such field. ``file``: its drop key, for messages.
    ``again_limit``: characters that may be read a second time before the file counts as broken. ``null_words``: see
    `FieldReader`; where there is no escape only `Dialect.null_marks` are looked for here.

    At its end ``records`` counts all records, blank lines among them, and ``broken_end`` tells whether the end of the
    stream was met in the middle of a damaged one, or when it was looked for what follows one.
    """

    def __init__(
        self,
        stream: TextIO,
        dialect: Dialect,
        *,
        file: str,
        width: int | None = None,
        nameless: int = 0,
        key: KeyField | None = FIRST_IS_EMAIL,
        again_limit: int = AGAIN_LIMIT,
        null_words: tuple[str, ...] = (),
    ) -> None:
        csv.field_size_limit(RECORD_LIMIT)
        self._tape = Tape(stream, RECORD_LIMIT)
        self._file = file
        self._dialect = dialect
        self._grammar = dialect.grammar() if dialect.quote else None
        self._null_words = null_words
        self._null_marks = frozenset(dialect.null_marks)
        self._reader = self._fields_of(self._tape)
        self._width = width if width is None else width + nameless
        self._nameless = nameless
        self._key = key
        self._again_left = again_limit
        self._nulls = 0
        self.records = 0
        self.broken_end = False

    def __iter__(self) -> Iterator[Record]:
        """All records but blank lines and those of delimiters alone.

        Raises:
            FileRejectedError: so many quotes are broken that rows cannot be told apart (code ``quotes_unreadable``).
        """
        tape, reader = self._tape, self._reader
        row = 0
        while True:
            tape.begin()
            row += 1
            damage, joined = None, False
            fields: list[str] = []
            try:
                fields = next(reader)
                if not self._null_marks.isdisjoint(fields) and not self._dialect.escape:
                    fields = self._without_nulls(fields, tape.lines)
            except StopIteration:
                self.records = row - 1
                self.broken_end = self.broken_end or tape.ended_ahead
                return
            except csv.Error:
                damage = UNREADABLE
            except RecordTooLargeError:
                damage = TOO_LARGE if len(tape.lines) == 1 else UNREADABLE
            else:
                if not fields or (not any(fields) and self._is_blank(tape.lines)):
                    continue
                joined = (
                    len(tape.lines) > 1 and len(fields) == self._width and joins_rows(fields, self._dialect, self._key)
                )
                damage = UNREADABLE if joined else self._fault(fields)
            lines = tape.lines
            self.broken_end = self.broken_end or (damage is not None and tape.ended)
            if damage and len(lines) > 1 and (joined or self._swallowed(lines[1:])):
                tape.take_back(lines[1:])
                lines, damage = lines[:1], UNREADABLE
            yield Record(row, fields, lines, _unfit_text(lines) or damage)

    def _is_blank(self, lines: list[str]) -> bool:
        """Whether there is nothing but delimiters, as spreadsheets write rows that were cleared."""
        text = lines[0].rstrip("\r\n")
        return len(lines) == 1 and self._dialect.delimiter in text and not text.strip(self._dialect.delimiter)

    @property
    def nulls(self) -> int:
        """Values that were a word for no value."""
        return self._nulls + (self._reader.nulls if isinstance(self._reader, FieldReader) else 0)

    def _fields_of(self, lines: Iterator[str]) -> Any:
        if self._dialect.escape:
            return FieldReader(lines, self._dialect, self._null_words)
        return self._dialect.reader(lines)

    def _without_nulls(self, fields: list[str], lines: list[str]) -> list[str]:
        quote = self._dialect.quote
        text = "".join(lines)
        if quote and any(f"{quote}{mark}{quote}" in text for mark in self._null_marks):
            apart = FieldReader(iter(lines), self._dialect, self._null_words)
            fields = next(apart)
            self._nulls += apart.nulls
            return fields
        self._nulls += sum(map(fields.count, self._null_marks))
        return ["" if field in self._null_marks else field for field in fields]

    def _fault(self, fields: list[str]) -> str | None:
        """What is wrong with fields that `csv` takes for sound. Leaves the nameless ones out."""
        if self._width is not None and len(fields) != self._width:
            return TOO_SHORT if len(fields) < self._width else TOO_LONG
        wrapped = [
            place for place, field in enumerate(fields) if field.startswith(_WRAPPED) and _FORMULA.fullmatch(field)
        ]
        if self._misplaces_quotes(fields, self._tape.lines, wrapped):
            return UNREADABLE
        for place in wrapped:
            fields[place] = fields[place][2:-1].replace('""', '"')
        if self._nameless:
            if any(fields[-self._nameless :]):
                return TOO_LONG
            del fields[-self._nameless :]
        return None

    def _misplaces_quotes(self, fields: list[str], lines: list[str], wrapped: Sequence[int] = ()) -> bool:
        quote = self._dialect.quote
        if self._grammar is None or not any(quote in field for field in fields):
            return False
        text = "".join(lines)
        if wrapped and quote == '"':
            # Outside quotes only such a formula may have quotes.
            text = _BARE_FORMULA.sub(lambda found: found[0].replace('"', ""), text)
        return self._grammar.fullmatch(text) is None

    def _swallowed(self, lines: list[str]) -> bool:
        """Whether the further lines of a damaged record are records of their own."""
        self._again_left -= sum(map(len, lines))
        if self._again_left < 0:
            raise FileRejectedError(
                "quotes_unreadable",
                f"{self._file}: quotes are opened and not closed in so many rows that rows cannot be told apart; "
                "write the file again with quotes inside values doubled",
            )
        if self._tape.ended or sum(map(len, lines)) > RECORD_LIMIT // 2:
            return True
        return self._width is not None and (any(self._is_whole([line]) for line in lines) or self._begins_row(lines))

    def _begins_row(self, lines: list[str]) -> bool:
        """Whether one of the first lines begins a record of several lines, which may end after them."""
        quote = self._dialect.quote
        starts = [n for n, line in enumerate(lines[:_STARTS]) if line.count(quote) % 2]
        if not starts:
            return False
        all_lines = lines + self._tape.coming(_AHEAD)
        self._again_left -= _AHEAD
        return any(self._is_whole(all_lines[n:]) for n in starts)

    def _is_whole(self, lines: list[str]) -> bool:
        """Whether a sound record begins with the first line."""
        used: list[str] = []
        try:
            fields: list[str] = next(self._fields_of(_noted(lines, used)), [])
        except csv.Error:
            return False
        return (
            len(fields) == self._width
            and (self._key is None or self._key.may_be(fields[self._key.index]))
            and not self._misplaces_quotes(fields, used)
        )


def _noted(lines: list[str], used: list[str]) -> Iterator[str]:
    for line in lines:
        used.append(line)
        yield line


def _unfit_text(lines: list[str]) -> str | None:
    for line in lines:
        if "\0" in line:
            return NUL
        if not line.isascii():
            try:
                line.encode()
            except UnicodeEncodeError:
                return ENCODING
    return None
