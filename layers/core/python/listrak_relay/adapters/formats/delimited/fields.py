"""Parts lines into fields where `csv` cannot: it takes every character behind an escape for itself, inside quotes and
outside, and does not tell whether a value stood in quotes."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from listrak_relay.adapters.formats.delimited.grammar import Dialect, Escapes
from listrak_relay.domain.destinations.file_rules import NULL_MARK

_END_OF_DATA = "\\."
"""The last line of what Postgres's COPY writes as text in its older forms."""

_POSTGRES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": " "}
"""https://www.postgresql.org/docs/current/sql-copy.html, beside numbers of characters."""

_MYSQL = {"0": " ", "b": "\b", "n": "\n", "r": "\r", "t": "\t", "Z": "\x1a"}
"""https://dev.mysql.com/doc/refman/8.4/en/load-data.html. A NUL, which no value can have, becomes a space."""

LINE_ENDS = ("\n", "\r")
ESCAPED_SIGNS = (*LINE_ENDS, "'")
"""Before which some put an escape inside quotes, besides quotes and itself."""

_CODES = {Escapes.CODES: _POSTGRES, Escapes.MYSQL_CODES: _MYSQL}
_NUL = "\0"
_NUMBERED = re.compile(r"\\(x[0-9A-Fa-f]{1,2}|[0-7]{1,3}|[\s\S])")
_SINGLE = re.compile(r"\\([\s\S])")


class FieldReader:
    """Iterates over records as a strict `csv.reader` does, over ``lines`` that end as in the file.

    ``null_words``: a field that is written so is empty, and so is outside quotes one of `Dialect.null_marks`. ``nulls``
    counts them. Inside quotes ``doubled`` counts quotes that are doubled, ``pairs`` escapes that are, ``alone`` such
    that stand before neither a quote nor an escape, ``signs`` those of `ESCAPED_SIGNS` and delimiters (where there is
    an escape), each by itself, and ``escaped_signs`` those with such an escape before them. ``plain_pairs`` and
    ``plain_alone`` count escapes that are doubled, or not, outside quotes.
    """

    def __init__(self, lines: Iterator[str], dialect: Dialect, null_words: tuple[str, ...] = ()) -> None:
        self._lines = lines
        self._dialect = dialect
        self._patterns = _patterns(dialect)
        self._quoted_text, self._plain_text = _decoders(dialect)
        self._null_words = frozenset(null_words)
        self._quoted_nulls = self._null_words | ({NULL_MARK} if _escapes_inside(dialect) else set())
        self._plain_nulls = self._null_words.union(dialect.null_marks)
        self.nulls = self.doubled = self.pairs = self.alone = self.plain_pairs = self.plain_alone = 0
        self.signs = dict.fromkeys((*ESCAPED_SIGNS, dialect.delimiter), 0)
        self.escaped_signs = dict.fromkeys(self.signs, 0)

    def __iter__(self) -> FieldReader:
        return self

    def __next__(self) -> list[str]:
        """Raises csv.Error: a quote is not closed, or followed by text."""
        text = next(self._lines)
        if self._dialect.escapes.are_codes and text.rstrip("\r\n") == _END_OF_DATA:
            return []
        fields: list[str] = []
        if not text.strip("\r\n"):
            return fields
        place = 0
        patterns = self._patterns
        while True:
            if opening := patterns.opening(text, place):
                place = opening.end()
                text, body, place = self._quoted(text, place)
                self._note(body)
                fields.append(self._value(body, self._quoted_nulls, self._quoted_text))
            else:
                text, body, place = self._plain(text, patterns.spaces(text, place).end())
                self._note_plain(body)
                fields.append(self._value(body, self._plain_nulls, self._plain_text))
            if not text.startswith(self._dialect.delimiter, place):
                break
            place += len(self._dialect.delimiter)
        if text[place:].strip("\r\n"):
            raise csv.Error("a quoted value is followed by text")
        return fields

    def _value(self, body: str, nulls: frozenset[str], decode: Callable[[str], str]) -> str:
        if body in nulls:
            self.nulls += 1
            return ""
        return decode(body)

    def _note(self, body: str) -> None:
        quote, escape = self._dialect.quote, self._dialect.escape
        if escape and escape in body:
            for sign in (found[1] for found in self._patterns.behind_escape(body)):
                self.pairs += sign == escape
                self.alone += sign not in (quote, escape)
                if sign in self.escaped_signs:
                    self.escaped_signs[sign] += 1
        if escape:
            for sign in self.signs:
                self.signs[sign] += body.count(sign)
        if quote and quote in body:
            self.doubled += self._patterns.without_escaped("", body).count(quote * 2)

    def _note_plain(self, body: str) -> None:
        escape = self._dialect.escape
        if escape and escape in body and body not in self._plain_nulls:
            for sign in (found[1] for found in self._patterns.behind_escape(body)):
                self.plain_pairs += sign == escape
                self.plain_alone += sign != escape

    def _quoted(self, text: str, place: int) -> tuple[str, str, int]:
        """The text, with as many lines more as the value has, what stands between the quotes, and the place behind."""
        parts: list[str] = []
        quote = self._dialect.quote
        while True:
            found = self._patterns.quoted(text, place)
            end = found.end() if found else place
            parts.append(text[place:end])
            if text.startswith(quote, end):
                return text, "".join(parts), end + len(quote)
            # Only the last line is kept: a long value is not to be looked through again and again.
            text, place = text[end:] + self._more(), 0

    def _plain(self, text: str, place: int) -> tuple[str, str, int]:
        parts: list[str] = []
        while True:
            found = self._patterns.plain(text, place)
            end = found.end() if found else place
            parts.append(text[place:end])
            if end < len(text) or not text or text[-1] not in "\r\n" or not self._dialect.escapes.everywhere:
                return text, "".join(parts), end
            # The escape took the meaning from the line end.
            more = next(self._lines, "")
            if not more:
                return text, "".join(parts), end
            text, place = more, 0

    def _more(self) -> str:
        try:
            return next(self._lines)
        except StopIteration:
            raise csv.Error("a quote is not closed") from None


def values_outside_quotes(text: str, dialect: Dialect) -> Iterator[str]:
    """Of a sound row, as they are written."""
    return (value for value, quoted in values_as_written(text, dialect) if not quoted)


def values_as_written(text: str, dialect: Dialect) -> Iterator[tuple[str, bool]]:
    """Each value of a sound row, without the quotes around it, and whether it had some."""
    patterns, place = _patterns(dialect), 0
    while True:
        if opening := patterns.opening(text, place):
            inside = patterns.quoted(text, opening.end())
            end = (inside or opening).end()
            yield text[opening.end() : end], True
            place = end + len(dialect.quote)
        else:
            found = patterns.plain(text, place)
            end = found.end() if found else place
            yield text[place:end], False
            place = end
        if not text.startswith(dialect.delimiter, place):
            return
        place += len(dialect.delimiter)


class _Patterns:
    """How a quoted value begins and what is inside it, and what is in one without quotes."""

    def __init__(self, dialect: Dialect) -> None:
        quote, escape, delimiter = (
            re.escape(sign) for sign in (dialect.quote, dialect.escape or "", dialect.delimiter)
        )
        never = r"(?!)"
        spaces = " *" if dialect.spaced else ""
        self.spaces: Callable[[str, int], re.Match[str]] = re.compile(spaces).match  # type: ignore[assignment]
        self.opening = re.compile(f"{spaces}{quote}" if quote else never).match
        self.behind_escape = re.compile(rf"{escape}([\s\S]?)" if escape else never).finditer
        self.without_escaped = re.compile(rf"{escape}[\s\S]" if escape else never).sub
        everything = rf"{escape}(?:\r\n|[\s\S])" if escape else never
        taken = everything
        if escape and dialect.escapes is Escapes.QUOTED:
            taken = rf"{escape}[{quote}{escape}]|{escape}(?![{quote}{escape}])"
        elif escape and dialect.escapes in (Escapes.QUOTES, Escapes.KEPT):
            taken = dialect.within_quotes()
        elif dialect.escapes is Escapes.OUTSIDE:
            taken = escape or never
        self.quoted = re.compile(rf"(?:[^{quote}{escape}]++|{quote}{quote}|{taken})*+" if quote else never).match
        if dialect.escapes.everywhere and escape:
            bare = r"|\r(?!\n?\Z)" if dialect.escapes.are_codes else ""
            self.plain = re.compile(rf"(?:[^{escape}{delimiter}\r\n]++|{everything}|{escape}\Z{bare})*+").match
        else:
            self.plain = re.compile(rf"[^{delimiter}\r\n]*+").match


@cache
def _patterns(dialect: Dialect) -> _Patterns:
    return _Patterns(dialect)


def _as_it_is(body: str) -> str:
    return body


def _decoders(dialect: Dialect) -> tuple[Callable[[str], str], Callable[[str], str]]:
    """What makes the value of what stands inside quotes, and outside."""
    quote, escape = dialect.quote, dialect.escape
    if not escape:
        return (lambda body: body.replace(quote * 2, quote)) if quote else _as_it_is, _as_it_is
    sign, mark = re.escape(escape), re.escape(quote)
    anything = rf"{sign}(\r\n|[\s\S])"
    taken = {
        Escapes.QUOTED: rf"{sign}([{mark}{sign}])",
        Escapes.QUOTES: rf"{sign}({mark})",
        Escapes.KEPT: f"({sign}{mark})",
        Escapes.OUTSIDE: "(?!)()",
    }.get(dialect.escapes, anything)
    inside = re.compile(rf"{taken}|{mark}({mark})" if quote else rf"{taken}|(?!)()")
    outside = re.compile(anything)
    codes = _CODES.get(dialect.escapes)

    def quoted(body: str) -> str:
        if escape not in body and (not quote or quote not in body):
            return body
        return _from_codes(body, codes) if codes else inside.sub(lambda found: found[1] or found[2], body)

    def plain(body: str) -> str:
        if escape not in body:
            return body
        return _from_codes(body, codes) if codes else outside.sub(lambda found: found[1], body)

    return quoted, plain if dialect.escapes.everywhere else _as_it_is


def _escapes_inside(dialect: Dialect) -> bool:
    """Whether the escape takes the meaning from any character inside quotes."""
    return dialect.escapes.everywhere and dialect.escapes is not Escapes.OUTSIDE


def _from_codes(body: str, codes: Mapping[str, str]) -> str:
    def meant(found: re.Match[str]) -> str:
        code = found[1]
        if code in codes:
            return codes[code]
        if codes is _POSTGRES and len(code) > 1:
            return chr(int(code[1:], 16) if code[0] == "x" else int(code, 8) & 0xFF).replace(_NUL, " ")
        return code

    return (_NUMBERED if codes is _POSTGRES else _SINGLE).sub(meant, body)
