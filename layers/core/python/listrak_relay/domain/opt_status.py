"""What a row says about a person's wish to be written to.

A column answers one of two questions: "opted in?" or, inverted, "opted out?". Plain answers (true, no, 1 …) turn round
with the question. Words that name the state itself do not: ``unsubscribed`` means no mail in either column. A word that
names the *subscribed* state in an inverted column contradicts it, and ``active`` there could be read both ways: such
values are unreadable, so that nobody is subscribed, or unsubscribed, by a guess.
"""

from __future__ import annotations

from listrak_relay.domain.audience import Action
from listrak_relay.domain.text import WHITE_SPACE

BLANK = "opt_status_blank"
UNREADABLE = "opt_status_unreadable"

DETAILS = {
    BLANK: "The opt status is empty; write a word such as true or false.",
    UNREADABLE: "The opt status is not a word this program knows; write a word such as true or false.",
}

_YES = ("true", "yes", "y", "t", "1", "1.0", "on")
_NO = ("false", "no", "n", "f", "0", "0.0", "off")
_IN = ("subscribed", "subscribe", "opted in", "optedin", "opt in", "optin")
_OUT = ("unsubscribed", "unsubscribe", "opted out", "optedout", "opt out", "optout")
_ACTIVE = ("active",)
_INACTIVE = ("inactive",)

_QUESTION_OPTED_IN = dict.fromkeys((*_YES, *_IN, *_ACTIVE), Action.SUBSCRIBE) | dict.fromkeys(
    (*_NO, *_OUT, *_INACTIVE), Action.UNSUBSCRIBE
)
_QUESTION_OPTED_OUT = dict.fromkeys(_NO, Action.SUBSCRIBE) | dict.fromkeys((*_YES, *_OUT), Action.UNSUBSCRIBE)

SEPARATORS = "_-"
"""Read as a space, so that ``opted-in`` and ``opted_in`` are one word. A leading one stays a fault: ``-1`` is no answer."""


def words(*, inverted: bool) -> dict[str, Action]:
    """Every word that can be read, in its normal form. ``inverted``: the column asks whether the person opted out."""
    return _QUESTION_OPTED_OUT if inverted else _QUESTION_OPTED_IN


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
