"""What a row says about a person's wish to be written to.

A column answers one of two questions: "opted in?" or, inverted, "opted out?". Plain answers (true, no, 1 …) turn round
with the question. Words that name the state itself do not: ``unsubscribed`` means no mail in either column. A word that
names the *subscribed* state in an inverted column contradicts it, and ``active`` there could be read both ways: such
values are unreadable, so that nobody is subscribed, or unsubscribed, by a guess.
"""

from __future__ import annotations

from collections.abc import Iterable

from listrak_relay.domain.run.manifest import Action
from listrak_relay.domain.values.text import WHITE_SPACE

BLANK = "opt_status_blank"
UNREADABLE = "opt_status_unreadable"

DETAILS = {
    BLANK: "The opt status is empty; write a word such as true or false.",
    UNREADABLE: "The opt status is not a word this program knows; write a word such as true or false.",
}

_PLAIN = (("true", "false"), ("yes", "no"), ("1", "0"), ("y", "n"), ("t", "f"), ("on", "off"), ("1.0", "0.0"))
_STATES = (
    ("subscribed", "unsubscribed"),
    ("opted in", "opted out"),
    ("opt in", "opt out"),
    ("optedin", "optedout"),
    ("optin", "optout"),
    ("subscribe", "unsubscribe"),
)
_ACTIVITY = (("active", "inactive"),)


def _readings(pairs: Iterable[tuple[str, str]], first: Action, second: Action) -> dict[str, Action]:
    return {word: action for pair in pairs for word, action in zip(pair, (first, second), strict=True)}


_OPTED_IN = _readings((*_PLAIN, *_STATES, *_ACTIVITY), Action.SUBSCRIBE, Action.UNSUBSCRIBE)
_OPTED_OUT = _readings(_PLAIN, Action.UNSUBSCRIBE, Action.SUBSCRIBE) | {out: Action.UNSUBSCRIBE for _, out in _STATES}

SEPARATORS = "_-"
"""Read as a space: ``opted-in`` is ``opted in``. A leading one stays a fault: ``-1`` is no answer."""


def words(*, inverted: bool) -> dict[str, Action]:
    """Every word that can be read, in its normal form, usual ones first. ``inverted``: the column asks "opted out?"."""
    return _OPTED_OUT if inverted else _OPTED_IN


def normal_word(value: str) -> str:
    """Trimmed, lower case, separators as spaces."""
    word = value.strip(WHITE_SPACE).lower()
    for separator in SEPARATORS:
        word = word.replace(separator, " ")
    return word


def read(value: str, *, inverted: bool) -> Action | str:
    """What is to be done with the person, or the reason code why that cannot be read."""
    word = normal_word(value)
    if not word:
        return BLANK
    return words(inverted=inverted).get(word, UNREADABLE)
