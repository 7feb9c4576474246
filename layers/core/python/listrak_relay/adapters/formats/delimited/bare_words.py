"""Words for no value, told by being the only texts of a file that stand outside quotes, by standing where all other
values are numbers or dates, or by standing again and again among texts of another kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from listrak_relay.adapters.formats.delimited.fields import values_outside_quotes
from listrak_relay.adapters.formats.delimited.grammar import Dialect
from listrak_relay.adapters.formats.delimited.sample import Start, usual_width
from listrak_relay.adapters.formats.number_columns import NO_TEXT, WORDS, words_among_numbers
from listrak_relay.adapters.formats.records import Record
from listrak_relay.domain.destinations.file_rules import NULL_MARK, RAISED_NULL

_ROWS = 1_000
_WORDS = ("NULL", "null", "NA", "<NA>", "nan", "NaN", "None")
"""Of R, pandas and databases, as each writes it."""

_OF_TEXTS = ("NULL", "(null)", "<null>", "[NULL]", "<NA>")
"""Which no text of an ordinary kind is written as."""

_FEWEST_BETWEEN_TABS, _FEWEST_OTHERWISE = 2, 3
"""Of such words among texts. Tabs part values for ``mysql --batch`` and others that write words."""
_LOOKED_FOR = tuple(dict.fromkeys((*_WORDS, *WORDS, RAISED_NULL)))


@dataclass(frozen=True, slots=True)
class WordsForNoValue:
    """``bare``: outside quotes. ``anywhere``: in quotes too."""

    bare: tuple[str, ...] = ()
    anywhere: tuple[str, ...] = ()


def words_for_no_value(start: Start, dialect: Dialect) -> WordsForNoValue:
    """Those that stand outside quotes in a file that has all other texts inside: whose writer quotes texts would have
    quoted a person's name, too. And those that stand in a column of numbers or dates: their writer (``mysql --batch``,
    ``sqlcmd``, Hive's shell, pandas) has but one word, also where a text would be. Whoever quotes it there (Polars,
    pandas) quotes it everywhere."""
    found = _as_they_stand(_LOOKED_FOR, start.text, dialect)
    quoted = _in_quotes((word for word in WORDS if word not in found), start.text, dialect)
    if not found and not quoted:
        return WordsForNoValue()
    rows = _below_header(start.rows(dialect, _ROWS))
    fields = [row.fields for row in rows]
    sure = (*words_among_numbers((*found, *quoted), fields), RAISED_NULL)
    if not set(sure) & set(_OF_TEXTS) and not _as_they_stand((NULL_MARK,), start.text, dialect):
        sure += tuple(word for word in _OF_TEXTS if word in found and _is_among_texts(word, rows, dialect))
    anywhere = tuple(word for word in sure if word in quoted)
    if dialect.quote and dialect.quote in start.text and _quotes_texts(rows, dialect):
        return WordsForNoValue(tuple(word for word in found if word in (*_WORDS, RAISED_NULL)), anywhere)
    return WordsForNoValue(tuple(text for word in sure for text in found.get(word, ())), anywhere)


def _as_they_stand(words: Iterable[str], text: str, dialect: Dialect) -> dict[str, list[str]]:
    """By word, outside quotes, with the spaces that fill columns up. The plain search comes first since it takes less
    time and most files have none."""
    before, behind = (dialect.delimiter, " ", "\n"), (dialect.delimiter, " ", "\n", "\r")
    present = [
        word
        for word in words
        if word in text
        and (any(sign + word in text for sign in before) or text.startswith(word))
        and (any(word + sign in text for sign in behind) or text.endswith(word))
    ]
    if not present:
        return {}
    mark, any_word = re.escape(dialect.delimiter), "|".join(map(re.escape, present))
    found: dict[str, dict[str, None]] = {word: {} for word in present}
    for match in re.finditer(rf"(?:^|{mark})( *({any_word}) *)(?={mark}|[\r\n]|\Z)", text, re.MULTILINE):
        found[match[2]][match[1]] = None
    return {word: list(texts) for word, texts in found.items() if texts}


def _in_quotes(words: Iterable[str], text: str, dialect: Dialect) -> list[str]:
    quote = dialect.quote
    return [word for word in words if f"{quote}{word}{quote}" in text] if quote and quote in text else []


def _below_header(rows: list[Record]) -> list[Record]:
    """Sound ones that are as long as most, without the first, which names the columns."""
    width = usual_width(rows)
    return [row for row in rows if row.damage is None and len(row.fields) == width][1:]


def _is_among_texts(word: str, rows: Sequence[Record], dialect: Dialect) -> bool:
    """Whether it is there more than once or twice, in a file that quotes nothing, among texts that are not in capitals
    as it is. Postgres and Snowflake, which have a mark of their own for no value, mean such a text."""
    if dialect.quote and any(dialect.quote in line for row in rows for line in row.lines):
        return False
    places = [place for row in rows for place, field in enumerate(row.fields) if field.strip() == word]
    if len(places) < (_FEWEST_BETWEEN_TABS if dialect.delimiter == "\t" else _FEWEST_OTHERWISE):
        return False
    others = {row.fields[place].strip() for row in rows for place in set(places)} - {word}
    texts = [text for text in others if any(map(str.isalpha, text))]
    return bool(texts) and 2 * sum(text.isupper() for text in texts) <= len(texts)


def _quotes_texts(rows: Sequence[Record], dialect: Dialect) -> bool:
    """Whether all but such words, numbers, dates and truth values are in quotes. The header need not be."""
    quoted = 0
    for row in rows:
        bare = list(values_outside_quotes("".join(row.lines), dialect))
        if not all(value in ("", *_WORDS) or NO_TEXT.fullmatch(value) for value in bare):
            return False
        quoted += len(bare) < len(row.fields)
    return quoted > 0 and 2 * quoted >= len(rows)
