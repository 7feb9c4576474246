"""Words for no value, told by standing in columns of which all other values are numbers, dates or truth values: a
writer has but one word, whatever the column."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from listrak_relay.domain.destinations.file_rules import NULL_MARK

_SURE = ("NULL", "null", "(null)", "<null>", "[NULL]", "<NA>", NULL_MARK)
"""Of databases and pandas, which no name of a person or a country is written as."""

_NOT_A_NUMBER = ("nan", "NaN")
"""The value of a number, too, and then that of no text."""

_NAMES = ("NA", "N/A", "n/a", "#N/A", "None", "-", "--")
"""Of R, pandas and people. They may be a country, a name or an answer."""

WORDS = (*_SURE, *_NOT_A_NUMBER, *_NAMES)

NO_TEXT = re.compile(r"[-+]?[\d.][\w.:+/ -]*|true|false|[tf]|-?inf", re.IGNORECASE)
"""What writers that quote every text leave without quotes: numbers, dates and truth values."""
_STRICT = re.compile(
    r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?|true|false|[tf]|-?inf"
    r"|\d{4}-\d\d-\d\d(?:[T ][\d:.]+ ?(?:Z|UTC|[-+][\d:]+)?)?|\d\d?/\d\d?/\d{4}(?: .*)?",
    re.IGNORECASE,
)
_FEWEST = 3
_NONE = frozenset(("", *WORDS))


def words_among_numbers(words: Collection[str], rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Those of ``words`` that stand for no value in all columns. ``rows``: fields, all of one number.

    One is told by a column of which all other values are numbers, dates or truth values, and enough are; a single one
    is an odd value. Those of databases are told by two columns of any kind, too, if no value of the file is blank.
    Where columns of numbers have blanks, or another word, the writer has that where there is no value: then ``NaN`` is
    what came of a calculation, and a word that may be a name is one."""
    if not words or not rows:
        return ()
    columns = [[value.strip() for value in column] for column in zip(*rows, strict=True)]
    if found := tuple(
        word for word in words if word in _SURE and (_is_sure(word, columns) or _is_all_over(word, columns))
    ):
        return found
    if any("" in column or NULL_MARK in column for column in columns if _are(column, _STRICT)):
        return ()
    for kind in (_NAMES, _NOT_A_NUMBER):
        if found := tuple(word for word in words if word in kind and _is_sure(word, columns)):
            return found
    return ()


def _is_all_over(word: str, columns: Sequence[Sequence[str]]) -> bool:
    return sum(word in column for column in columns) > 1 and not any("" in column for column in columns)


def _is_sure(word: str, columns: Sequence[Sequence[str]]) -> bool:
    holders = [column for column in columns if word in column]
    if sum(column.count(word) for column in holders) <= 1:
        return False
    form = _STRICT if word in _NAMES else NO_TEXT
    among = [column for column in holders if _are(column, form)]
    return bool(among) and (word not in _NAMES or sum(column.count(word) for column in among) > 1)


def _are(column: Sequence[str], form: re.Pattern[str]) -> bool:
    """Whether the values are of this form, and enough of them are there."""
    others = list(_values(column))
    return len(others) >= _FEWEST and all(map(form.fullmatch, others))


def _values(column: Sequence[str]) -> Iterator[str]:
    return (value for value in column if value not in _NONE and value.strip("-"))
