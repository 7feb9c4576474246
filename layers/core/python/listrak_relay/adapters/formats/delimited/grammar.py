"""How a delimited file is written, and which records are sound in it."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a delimited file is written. ``quote`` empty: nothing is quoted. ``escape`` takes the meaning from the
    character after it; a quote may be doubled all the same. ``spaced``: spaces may stand before a quoted value."""

    delimiter: str = ","
    quote: str = '"'
    escape: str | None = None
    spaced: bool = False

    @property
    def usual(self) -> bool:
        """Quoted by ``"`` or not at all, without escapes, parted by one byte: what the fast way can read."""
        return not self.spaced and self.escape is None and self.quote in ('"', "") and self.delimiter.isascii()

    def reader(self, lines: Any) -> Any:
        """A strict `csv.reader`."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote or None,
            escapechar=self.escape,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            skipinitialspace=self.spaced,
            strict=True,
        )

    def grammar(self) -> re.Pattern[str]:
        """Matches a record whose quotes all stand where the rules (RFC 4180) want them: `csv` lets others pass."""
        quote, escape = re.escape(self.quote), re.escape(self.escape or "")
        escaped = rf"|{escape}[\s\S]" if self.escape else ""
        quoted = rf"{' *' if self.spaced else ''}{quote}(?:[^{quote}{escape}]++|{quote}{quote}{escaped})*+{quote}"
        plain = rf"(?:[^{quote}{escape}{re.escape(self.delimiter)}\r\n]++{escaped})*+"
        field = rf"(?:{quoted}|{plain})"
        return re.compile(rf"{field}(?:{re.escape(self.delimiter)}{field})*+[\r\n]*")
