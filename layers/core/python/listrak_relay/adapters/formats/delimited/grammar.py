"""How a delimited file is written, and which records are sound in it."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from listrak_relay.domain.destinations.file_rules import NULL_MARK


class Escapes(Enum):
    """What an escape does. ANY: it takes the meaning from any character after it. QUOTED: inside quotes it does from a
    quote or itself, and else is a character like any other; so write Spark, DuckDB and Postgres. QUOTES: inside quotes,
    from a quote alone; so writes R. KEPT: inside quotes a quote behind it is part of the value as it is itself, and all
    others are doubled; so writes PHP. OUTSIDE: outside quotes only, from any character; so writes Snowflake.

    CODES: as ANY, but letters after it stand for line ends, tabs and the like, as in the text of Postgres's COPY.
    MYSQL_CODES: the letters of MySQL's INTO OUTFILE."""

    ANY = "any"
    QUOTED = "quoted"
    QUOTES = "quotes"
    KEPT = "kept"
    OUTSIDE = "outside"
    CODES = "codes"
    MYSQL_CODES = "mysql_codes"

    @property
    def everywhere(self) -> bool:
        """Outside quotes too."""
        return self not in (Escapes.QUOTED, Escapes.QUOTES, Escapes.KEPT)

    @property
    def are_codes(self) -> bool:
        return self in (Escapes.CODES, Escapes.MYSQL_CODES)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a delimited file is written. ``quote`` empty: nothing is quoted. A quote may be doubled although there is an
    ``escape``. ``spaced``: spaces may stand before a quoted value. ``unsure``: whether backslashes stand for another
    cannot be told for certain. ``odd_quotes``: few values are in quotes, without a need, which may be part of them.
    ``null_marks``: what outside quotes stands for no value, ``null_texts``: what does in quotes too."""

    delimiter: str = ","
    quote: str = '"'
    escape: str | None = None
    spaced: bool = False
    escapes: Escapes = Escapes.QUOTED
    unsure: bool = field(default=False, compare=False)
    odd_quotes: bool = field(default=False, compare=False)
    null_marks: tuple[str, ...] = field(default=(NULL_MARK,), compare=False)
    null_texts: tuple[str, ...] = field(default=(), compare=False)

    @property
    def usual(self) -> bool:
        """Quoted by ``"`` or not at all, without escapes, parted by one byte: what the fast way can read."""
        return not self.spaced and self.escape is None and self.quote in ('"', "") and self.delimiter.isascii()

    @property
    def newline(self) -> str:
        """How Python is to part a text into lines: at any line end, or, where each has a code or an escape, at LF."""
        return "\n" if self.escapes.are_codes and self.escape else ""

    def reader(self, lines: Any) -> Any:
        """A strict `csv.reader`, which knows no escape."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote or None,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            skipinitialspace=self.spaced,
            strict=True,
        )

    def within_quotes(self) -> str:
        """Matches what an escape of these kinds begins inside quotes: two signs, or one that is like any other."""
        quote, escape, delimiter = re.escape(self.quote), re.escape(self.escape or ""), re.escape(self.delimiter)
        kept = rf"(?!{delimiter}|[\r\n]|\Z)" if self.escapes is Escapes.KEPT else ""
        return f"{escape}{quote}{kept}|{escape}(?!{quote}{kept})"

    def grammar(self) -> re.Pattern[str]:
        """Matches a record whose quotes all stand where the rules (RFC 4180) want them: `csv` lets others pass."""
        quote, escape = re.escape(self.quote), re.escape(self.escape or "")
        escaped = rf"|{escape}[\s\S]" if self.escape else ""
        # Where only a quote can be escaped, a pair of escapes is two characters, of which the second may be one's own.
        within = f"|{self.within_quotes()}" if self.escapes in (Escapes.QUOTES, Escapes.KEPT) else escaped
        inside = "" if self.escapes is Escapes.OUTSIDE else escape
        outside = escape if self.escapes.everywhere else ""
        spaces = " *" if self.spaced else ""
        quoted = rf"{spaces}{quote}(?:[^{quote}{inside}]++|{quote}{quote}{within if inside else ''})*+{quote}"
        plain = rf"(?:[^{quote}{outside}{re.escape(self.delimiter)}\r\n]++{escaped if outside else ''})*+"
        field = rf"(?:{quoted}|{plain})"
        return re.compile(rf"{field}(?:{re.escape(self.delimiter)}{field})*+[\r\n]*")
