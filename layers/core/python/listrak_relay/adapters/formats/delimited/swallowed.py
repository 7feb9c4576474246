"""Rows that two stray quotes have made one of: the first opens a value, and the second, rows later, closes it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from listrak_relay.adapters.formats.delimited.grammar import Dialect
from listrak_relay.adapters.formats.records import KeyField

_BREAK = re.compile(r"\r\n|[\n\r]")


def joins_rows(fields: Sequence[str], dialect: Dialect, key: KeyField | None) -> bool:
    """Whether a record of several lines is as many records: a value of it has as many delimiters before, between and
    behind its line ends as rows have there, and each line the contact ``key`` at its place. Where there is no key, the
    value must begin and end where another does, as behind a quote that stands alone."""
    return len(fields) > 1 and any(_is_of_rows(fields, place, dialect.delimiter, key) for place in range(len(fields)))


def _is_of_rows(fields: Sequence[str], place: int, delimiter: str, key: KeyField | None) -> bool:
    first, *others = _BREAK.split(fields[place])
    behind = len(fields) - 1
    if not others or first.count(delimiter) != behind - place:
        return False
    lines: list[list[str]] = [text.split(delimiter) for text in others]
    if any(len(line) != behind + 1 for line in lines[:-1]) or len(lines[-1]) != place + 1:
        return False
    if key is None:
        return _is_edge(first[:1], delimiter) and _is_edge(others[-1][-1:], delimiter)
    lines[-1].extend(fields[place + 1 :])
    return all(_may_be_key(line[key.index], key) for line in lines)


def _is_edge(sign: str, delimiter: str) -> bool:
    return sign in ("", delimiter)


def _may_be_key(text: str, key: KeyField) -> bool:
    return key.may_be(text) and not re.search(r"[^\W\d]\s+\w", text)
