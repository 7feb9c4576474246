"""The words of an error message that cannot be somebody's data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_WORD = re.compile(r"[^\W\d_]+")
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_MOST_WORDS = 40
_LEFT_OUT = "\N{HORIZONTAL ELLIPSIS}"


def _split(text: str) -> frozenset[str]:
    return frozenset(text.split())


_KNOWN = _split("""
    a about above accept accepted account active address after all allow allowed already an and any are as at
    attribute banned be because been before being below between birthday blank blocked body both but by can cannot
    carrier change character characters check code contact contacts content correct could country create created
    current data date day days decimal deleted different digit digits disabled does domain double duplicate each
    either email empty enabled error event exceed exceeded exceeds exist existing exists expected expired external
    fail failed field fields file first for format found from full greater group has have id identifier if import in
    inactive incorrect integer invalid is it its key landline last least length less letters limit line list locate
    long longer malformed match matches maximum may message minimum missing mobile month more must name no not null
    number numeric of off on one only opt opted option or other out over own parameter pending permission phone
    position postal present profile property provided range read received record region rejected request required
    resend resource response retry route row same segmentation send sender server short shorter size state status
    string subscribe subscribed subscriber subscription such support supported suppressed suspended system text than
    that the their then there this time to too type unable unexpected unknown unsafe unsubscribe unsubscribed update
    updated url use used user valid value values was were when which while with without write wrong year zip
""")
"""Words in which programs tell what is wrong with a request. A name or a street is none of them."""


def plain_words(message: str, sent: object) -> str:
    """``message`` with a mark in place of each run of words that programs do not say of a request by themselves, or
    that are in what was ``sent`` (texts, in lists and tables): it may quote a value."""
    known = _KNOWN.difference(_words_in(sent))
    shown: list[str] = []
    for word in message.split()[:_MOST_WORDS]:
        bare = word.strip(".,:;()[]'\"`")
        fit = not bare or (bare.isalpha() and all(part.lower() in known for part in _CAMEL.findall(bare)))
        if fit or shown[-1:] != [_LEFT_OUT]:
            shown.append(word if fit else _LEFT_OUT)
    return " ".join(shown) if any(word != _LEFT_OUT for word in shown) else ""


def _words_in(sent: object) -> Iterator[str]:
    if isinstance(sent, Mapping):
        sent = list(sent.values())
    if isinstance(sent, str):
        yield from _WORD.findall(sent.casefold())
    elif isinstance(sent, list | tuple):
        for part in sent:
            yield from _words_in(part)
