"""Words for no value, told by being the only texts of a file that stand outside quotes, or by standing where all other
values are numbers or dates."""

from __future__ import annotations

import re
from collections.abc import Sequence

from listrak_relay.adapters.formats.delimited.fields import values_outside_quotes
from listrak_relay.adapters.formats.delimited.grammar import Dialect
from listrak_relay.adapters.formats.delimited.sample import Start, usual_width
from listrak_relay.adapters.formats.records import Record
from listrak_relay.domain.destinations.file_rules import NULL_MARK

_ROWS = 1_000
_WORDS = ("NULL", "null", "NA", "<NA>", "nan", "NaN", "None")
"""Of R, pandas and databases, as each writes it."""

NO_TEXT = re.compile(r"[-+]?[\d.][\w.:+/ -]*|true|false|[tf]|-?inf", re.IGNORECASE)
"""What writers that quote every text leave without quotes: numbers, dates and truth values."""

_OF_NUMBERS = ("NULL", "null", "(null)", "<null>", "[NULL]", "<NA>", "nan", "NaN")
"""Of databases and pandas, which no name of a person or a country is written as."""

_FEWEST_NUMBERS = 3


def words_for_no_value(start: Start, dialect: Dialect) -> tuple[str, ...]:
    """Those that stand outside quotes in a file that has all other texts inside: whose writer quotes texts would have
    quoted a person's name, too. And those that stand in a column of numbers or dates: their writer (``mysql --batch``,
    ``sqlcmd``, Hive's shell, pandas) has but one word, also where a text would be."""
    found = {word: _as_it_stands(word, start.text, dialect) for word in dict.fromkeys((*_WORDS, *_OF_NUMBERS))}
    found = {word: texts for word, texts in found.items() if texts}
    if not found:
        return ()
    rows = _below_header(start.rows(dialect, _ROWS))
    if dialect.quote and dialect.quote in start.text and _quotes_texts(rows, dialect):
        return tuple(word for word in found if word in _WORDS)
    sure = {word for word in found if word in _OF_NUMBERS and _is_among_numbers(word, rows)}
    return tuple(text for word, texts in found.items() if word in sure for text in texts)


def _as_it_stands(word: str, text: str, dialect: Dialect) -> list[str]:
    """Outside quotes, with the spaces that fill columns up. The plain search comes first since it takes less time and
    most files have none."""
    if word not in text:
        return []
    mark = re.escape(dialect.delimiter)
    found = re.finditer(rf"(?:^|{mark})( *{re.escape(word)} *)(?={mark}|[\r\n]|\Z)", text, re.MULTILINE)
    return list(dict.fromkeys(match[1] for match in found))


def _below_header(rows: list[Record]) -> list[Record]:
    """Sound ones that are as long as most, without the first, which names the columns."""
    width = usual_width(rows)
    return [row for row in rows if row.damage is None and len(row.fields) == width][1:]


def _is_among_numbers(word: str, rows: Sequence[Record]) -> bool:
    """Whether it stands in a column of which all other values are numbers, dates or truth values, and enough are. A
    single one is an odd value."""
    places = [place for row in rows for place, field in enumerate(row.fields) if field.strip() == word]
    for place in set(places) if len(places) > 1 else ():
        others = [row.fields[place].strip() for row in rows if len(row.fields) > place]
        others = [value for value in others if value not in ("", word, NULL_MARK) and value.strip("-")]
        if len(others) >= _FEWEST_NUMBERS and all(map(NO_TEXT.fullmatch, others)):
            return True
    return False


def _quotes_texts(rows: Sequence[Record], dialect: Dialect) -> bool:
    """Whether all but such words, numbers, dates and truth values are in quotes. The header need not be."""
    quoted = 0
    for row in rows:
        bare = list(values_outside_quotes("".join(row.lines), dialect))
        if not all(value in ("", *_WORDS) or NO_TEXT.fullmatch(value) for value in bare):
            return False
        quoted += len(bare) < len(row.fields)
    return quoted > 0 and 2 * quoted >= len(rows)
