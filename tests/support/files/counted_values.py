"""What a reader counts of the cells of a column that may be one of consent."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from listrak_relay.domain.consent.statements import (
    DAY_PATTERN,
    FIRST_DAY_PATTERN,
    LOOKED_FOR,
    NO_DAY_PATTERN,
    normal_word,
)
from listrak_relay.domain.consent.suspicion import Values


def values_of(texts: Iterable[str]) -> Values:
    words: Counter[str] = Counter()
    days = others = blanks = 0
    for text in texts:
        word = normal_word(text)
        if not word or re.search(NO_DAY_PATTERN, text):
            blanks += 1
        elif word in LOOKED_FOR:
            words[word] += 1
        elif re.search(DAY_PATTERN, text):
            days += 1
            blanks += bool(re.search(FIRST_DAY_PATTERN, text))
        else:
            others += 1
    return Values(dict(words), days, others, blanks)
