"""Whether lists and objects inside a value tell consent: in JSON, in Parquet, in a cell."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from listrak_relay.domain.consent.doubts import Doubt, doubt_of, is_about_messages
from listrak_relay.domain.consent.names import known_reading
from listrak_relay.domain.consent.statements import (
    LOOKED_FOR,
    PLAIN_WORDS,
    REFUSING,
    UNMISTAKABLE,
    Question,
    normal_word,
)
from listrak_relay.domain.destinations.choices import Channel

PAIR_PATTERN = r'"([^"\\]{1,60})"\s*:\s*(true|false|-?[0-9.]+|"[^"\\]{0,40}")?'
"""Read by `re` and RE2: a key in JSON, and its value where that is a simple one."""

_PAIR = re.compile(PAIR_PATTERN)
_NAMES = frozenset(["name", "key", "field", "label", "code", "slug", "attribute", "attribute_code", "property"])
"""Keys whose value is the name of something that another key has the value of."""

LIST_PATTERN = rf'(?:^|[,;|\["])\s*(?:{"|".join(sorted(map(re.escape, UNMISTAKABLE & REFUSING)))})\s*(?:$|[,;|\]"])'
"""Read by `re` and RE2 in a text in which all separators are spaces: one of a list is a word for an opt-out."""

_ANSWERS = PLAIN_WORDS | REFUSING | UNMISTAKABLE


def telling_keys(pairs: Iterable[str], channel: Channel) -> tuple[str, ...]:
    """The keys among ``pairs`` (matches of `PAIR_PATTERN`), and names given as values, that tell, or may tell, consent
    for this channel."""
    found: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        match = _PAIR.fullmatch(pair)
        if match is None:
            continue
        key, value = match[1], (match[2] or "").strip('"')
        found[key].add(normal_word(value))
        if key.lower() in _NAMES and value and _is_known(value, channel):
            found[value].add("")
    return tuple(sorted(key for key, words in found.items() if _tells(key, words, channel)))


def _is_known(name: str, channel: Channel) -> bool:
    known = known_reading(name, channel)
    return known is not None and known.question is not Question.DETAIL


def _tells(key: str, words: set[str], channel: Channel) -> bool:
    if known_reading(key, channel):
        return _is_known(key, channel)
    doubt = doubt_of(key, channel)
    if doubt is Doubt.STRONG:
        return True
    said = words & LOOKED_FOR
    if doubt in (Doubt.NONE, Doubt.ELSEWHERE):
        return bool(said & UNMISTAKABLE) and doubt is Doubt.NONE
    return bool(said & UNMISTAKABLE) or (is_about_messages(key) and bool(said & _ANSWERS))
