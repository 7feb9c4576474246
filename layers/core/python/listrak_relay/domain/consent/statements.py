"""What one row says about a person's wish to be written to, and what the words in its columns say.

A column puts a `Question`. Plain answers (true, no, 1 …) turn round with it. Words that name the state itself do not:
``unsubscribed`` means no mail in either column. A word that names the *subscribed* state in a column that asks "opted
out?" contradicts it, and ``active`` there could be read both ways: such values are unreadable, so that nobody is
subscribed, or unsubscribed, by a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import IntEnum, StrEnum
from functools import cache

from listrak_relay.domain.consent.leaving import IN_TEXT
from listrak_relay.domain.consent.vocabulary import ACTIVITY, ANSWERS, DECIMALS, NO_DAYS, PLAIN, STATES, WORDS_NOT_ASKED
from listrak_relay.domain.values.text import WHITE_SPACE


class Statement(IntEnum):
    """What a row says. Of several columns the lowest counts: no before all, and whatever is doubtful before yes.

    NO: not to be written to.
    UNREADABLE: something that is no word for it.
    NOT_ASKED: never asked, or cannot be reached (bounced, held, pending …): neither to be subscribed nor unsubscribed.
    YES: to be written to.
    UNDATED: no day of an opt-in in a column that has one for whoever opted in; the same as NOT_ASKED.
    BLANK: an answer was asked for, and there is none.
    NOT_OUT: has not opted out, which is a yes where no column asks for one.
    UNANSWERED: as BLANK, of a column that asks for opt-outs.
    NOTHING: no column that would have to say anything says something.
    """

    NO = 1
    UNREADABLE = 2
    NOT_ASKED = 3
    YES = 4
    UNDATED = 5
    BLANK = 6
    NOT_OUT = 7
    UNANSWERED = 8
    NOTHING = 9


class Question(StrEnum):
    """What a column asks.

    OPTED_IN, OPTED_OUT: answered by a word in each row; a day as the answer is "since then".
    OPTED_OUT_IF_SAID: as OPTED_OUT, of a platform that leaves the cell blank where the answer is no.
    OPTED_IN_ON, OPTED_OUT_ON: the day; blank in the first means never, in the second that nothing is said.
    UNREACHABLE: yes, or a day, means that the person cannot be written to, whatever they want.
    OUT_IF_FILLED: whatever stands there (a reason, a campaign) is about an opt-out.
    DETAIL: about consent, but no answer (source, address of the form, time of the last change).
    """

    OPTED_IN = "opted_in"
    OPTED_OUT = "opted_out"
    OPTED_OUT_IF_SAID = "opted_out_if_said"
    OPTED_IN_ON = "opted_in_on"
    OPTED_OUT_ON = "opted_out_on"
    UNREACHABLE = "unreachable"
    OUT_IF_FILLED = "out_if_filled"
    DETAIL = "detail"


BLANK = "opt_status_blank"
UNREADABLE = "opt_status_unreadable"
NOT_ASKED = "opt_status_not_asked"

DETAILS = {
    BLANK: "The opt status is empty; write a word such as true or false.",
    UNREADABLE: "The opt status is not a word this program knows; write a word such as true or false.",
    NOT_ASKED: "was never asked, or cannot be reached, by what the file says; neither subscribed nor unsubscribed",
}

SEPARATORS = "_-"
"""Read as a space: ``opted-in`` is ``opted in``. A leading one stays a fault: ``-1`` is no answer."""

DAY_PATTERN = (
    r"^(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2}(?:[0-9]{2})?"
    r"|[0-9]{8}|[0-9]{10}|[0-9]{13}|[0-9]{14}"
    r"|[0-9]{1,2}[-/. ]\pL{3,9}\.?[-/. ][0-9]{2}(?:[0-9]{2})?|[0-9]{4}[-/. ]\pL{3,9}[-/. ][0-9]{1,2}"
    r"|[0-9]{4} ?[年년] ?[0-9]{1,2} ?[月월] ?[0-9]{1,2} ?[日일]?"
    r"|(?:[A-Za-z]{3,9}\.?,? ){0,2}[0-9]{1,2}(?:st|nd|rd|th)?,? (?:[A-Za-z]{3,9}\.?,? )?[0-9]{4}"
    r"|[A-Za-z]{3} [A-Za-z]{3} {1,2}[0-9]{1,2} [0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?: [A-Z]{3,4})? [0-9]{4}"
    r"|[0-9]{1,2}\.? (?:de )?\pL{3,10}\.?,? (?:de )?[0-9]{4})"
    r"(?:[T ,:].*)?$"
).replace(r"\pL", "[A-Za-zÀ-žа-яА-Я]")
"""Read by `re` and RE2: a day as programs write it, a time of any form behind it. Which day it is does not matter."""

_REST = r"(?:[T ,].*)?$"
NO_DAY_PATTERN = (
    r"^(?:0001-01-01|0?1/0?1/0001|01\.01\.0001|0000[-/.]00[-/.]00|00?/00?/0000|00\.00\.0000|0{8}|0{14})" + _REST
)
"""Read by `re` and RE2: what Go, .NET and MySQL write where there is no day."""

FIRST_DAY_PATTERN = (
    r"^(?:(?:1753|1900|1970)-01-01|1899-12-3[01]|1969-12-31|0?1/0?1/(?:1753|1900|1970)|12/3[01]/1899|12/31/1969)"
    + _REST
)
"""The same: where programs begin to count days, which is no day of anybody's consent, but may be one of leaving."""


def _readings(
    pairs: Iterable[tuple[str, str]], first: Statement, second: Statement | None = None
) -> dict[str, Statement]:
    found: dict[str, Statement] = {}
    for one, other in pairs:
        found.setdefault(one, first)
        if second is not None:
            found.setdefault(other, second)
    return found


_OUT_STATES = {out: Statement.NO for _, out in STATES}
_IN = (
    _readings(PLAIN, Statement.YES, Statement.NO)
    | _readings(STATES, Statement.YES, Statement.NO)
    | _readings(ACTIVITY, Statement.YES, Statement.NO)
    | _readings(ANSWERS, Statement.YES, Statement.NO)
)
_OUT = _readings(PLAIN, Statement.NO, Statement.NOT_OUT) | _OUT_STATES | {"x": Statement.NO}
_UNREACHABLE = _readings(PLAIN, Statement.NOT_ASKED, Statement.NOTHING)

STATE_WORDS = frozenset(word for pair in (*STATES, *ACTIVITY) for word in pair) | WORDS_NOT_ASKED
"""Words for how a person stands to the sender; under some names of a column they may be about something else."""

_ABOUT_CONSENT = (
    rf"{IN_TEXT}|subscri|abonn|abonat|inscrit|suscri|iscri|prenumer|leirat|feliratk|odhlá|подпис"
    r"|購読|配信|受信|订阅|拒收|수신|구독"
)
_NO_MESSAGES = r"(?:not?|n.?t).(?:e?mail|contact|text|sms|market)"
_SPOKEN_OF = r"(?:mail|sms|text|newsletter|marketing|promotions?)s? ?[=:]"
HINTS = rf"opt|stop|remove|take .{{2,4}} off|no longer|want|wish|{_NO_MESSAGES}|{_ABOUT_CONSENT}|{_SPOKEN_OF}"
"""Pattern that is in each of `UNMISTAKABLE`, and in whatever is one of them in its normal form; also in whatever has a
match of `REFUSED_PATTERN` or `NOTE_PATTERN`."""

REFUSED_PATTERN = rf"{_SPOKEN_OF} ?(?:no|n|none|false|f|0|off|out|nein|non|never)(?:$|[^0-9a-z])"
"""Read by `re` and RE2 in a small text: ``email=no;sms=yes``."""

LONGEST_NOTE = 60
"""In bytes. What is longer is the wording to which somebody agreed, or a text to somebody."""

ADDRESS_PATTERN = r"://|www\.|[a-z0-9]\.[a-z]{2,}/|^/"
"""Read by `re` and RE2 in a small text: it is, or has, the address of a page, such as that for leaving a list. A slash
alone is none: ``Unsubscribed by phone 3/4``."""

_ANSWER_WORDS = frozenset(word for pair in ANSWERS for word in pair)

UNMISTAKABLE = frozenset(
    word
    for word in STATE_WORDS | _ANSWER_WORDS
    if re.search(rf"\bopt(?:in|out)?\b|opted|^stop(?: ?all)?$|\b{_NO_MESSAGES}|{_ABOUT_CONSENT}", word)
)
"""Those that are about nothing else, whatever the column is called."""

PLAIN_WORDS = frozenset(word for pair in PLAIN for word in pair)
DIGITS = frozenset(("1", "0", *(word for pair in DECIMALS for word in pair)))
CODES = frozenset(("2", "3", "9", "2.0", "3.0", "9.0", " 1", "i", "o", "s", "u", "a", "x"))
"""In their normal form: of columns that know more than yes and no, or write a letter for it. Nobody reads them."""

REFUSING = frozenset(no for _, no in (*STATES, *ACTIVITY, *ANSWERS)) - PLAIN_WORDS | {"blocked"}
"""Said of somebody who wants no messages, where the column is about messages."""

CHANNELS = frozenset(("email", "e mail", "sms", "text", "push", "phone", "mobile", "post", "whatsapp"))

GOING = frozenset(("remove", "delete", "del", "d", "exit", "exited", "leave"))
"""What files of changes, to a table or to an audience, say of whoever is no longer in it."""

EMPTY_LIST = "[]"

LOOKED_FOR = PLAIN_WORDS | STATE_WORDS | _ANSWER_WORDS | CODES | CHANNELS | GOING | {EMPTY_LIST}
"""What is counted in a column that may be one of consent."""

OUT_PATTERN = rf"opt(?:ed)?[ -]?out|{IN_TEXT}"
"""Read by `re` and RE2 in a normal word: whoever has that said of them wants no mail, whatever is said besides."""

_YEAR = r"(?:^|[^0-9])(?:19|20)[0-9]{2}(?:$|[^0-9])"


NOTE_PATTERN = (
    rf"(?:^|[^a-z])(?:{OUT_PATTERN})|(?:^|[^a-z])(?:do not|don.?t|no) "
    r"(?:e?mail(?:ed|s|ings?)?|contact(?:ed)?|text(?:ed|s)?|sms|market(?: to|ing))(?:$|[^a-z])"
    r"|(?:^|[^a-z])stop (?:e?mail|text|send|contact|messag|market)ing"
    r"|(?:^|[^a-z])(?:remove|take) (?:me|him|her|them|us)(?:$| (?:off|from)(?:$|[^a-z]))"
    r"|(?:^|[^a-z])removed? from (?:[a-z]+ ){0,2}"
    r"(?:e?mail|mailing|marketing|newsletter|sms|text|contact|call|our|the|your|all) ?lists?"
    r"|(?:^|[^a-z])removed? from lists?(?:$|[^a-z])"
    r"|(?:(?:^|[^a-z])(?:(?:wants?|wish(?:es)?) no|no longer (?:wants?|wish(?:es)?)|not (?:want|wish))"
    r"|n.t (?:want|wish))(?: to)?(?: be| receive| get| hear| any| our| more| further)* ?"
    r"(?:e ?mail|mail|contact|text|messag|market|newsletter|offer|promo|from us|sms)"
)
"""Read by `re` and RE2 in a normal word of at most `LONGEST_NOTE`: somebody has noted that a person wants no mail."""


def out_pattern(question: Question) -> str:
    """`OUT_PATTERN`, with a year where a day is asked for: whatever form the day is of, somebody has left."""
    return f"{OUT_PATTERN}|{_YEAR}" if question is Question.OPTED_OUT_ON else OUT_PATTERN


NEGATED_PATTERN = r"(?:^|[ ,.:;(])(?:not?|non|never|without|nie|nicht|pas|не)(?:$|[ ,.:;)])|n't|\?"
"""Read by `re` and RE2: words that may turn what `OUT_PATTERN` finds round."""


@cache
def words(question: Question) -> Mapping[str, Statement]:
    """Every word that can be read in a column with this question, in its normal form, usual ones first."""
    not_asked = dict.fromkeys(sorted(WORDS_NOT_ASKED), Statement.NOT_ASKED)
    match question:
        case Question.OPTED_IN:
            return _IN | not_asked
        case Question.OPTED_OUT | Question.OPTED_OUT_IF_SAID:
            return _OUT | not_asked
        case Question.OPTED_IN_ON:
            return _IN | not_asked | dict.fromkeys(NO_DAYS, Statement.UNDATED)
        case Question.OPTED_OUT_ON:
            # "false" says no more than that there is no day.
            nothing = {no: Statement.NOTHING for _, no in PLAIN}
            return _OUT | not_asked | nothing | dict.fromkeys(NO_DAYS, Statement.NOTHING)
        case Question.OUT_IF_FILLED:
            nothing = {no: Statement.NOTHING for _, no in PLAIN}
            return nothing | dict.fromkeys((*NO_DAYS, "unknown"), Statement.NOTHING)
        case Question.UNREACHABLE:
            return _UNREACHABLE | _OUT_STATES | not_asked | dict.fromkeys(NO_DAYS, Statement.NOTHING)
        case _:
            return {}


def blank(question: Question) -> Statement:
    """What an empty cell says."""
    if question is Question.OPTED_IN:
        return Statement.BLANK
    if question is Question.OPTED_OUT:
        return Statement.UNANSWERED
    return Statement.UNDATED if question is Question.OPTED_IN_ON else Statement.NOTHING


def day(question: Question) -> Statement:
    """What a day says."""
    match question:
        case Question.OPTED_IN | Question.OPTED_IN_ON:
            return Statement.YES
        case Question.OPTED_OUT | Question.OPTED_OUT_IF_SAID | Question.OPTED_OUT_ON:
            return Statement.NO
        case _:
            return Statement.NOT_ASKED


def first_day(question: Question) -> Statement:
    """What the day says with which programs begin to count."""
    return blank(question) if question in (Question.OPTED_IN, Question.OPTED_IN_ON) else day(question)


def out(question: Question) -> Statement:
    """What a text says that is no word, but has one for an opt-out in it."""
    return Statement.NOTHING if question is Question.DETAIL else Statement.NO


def other(question: Question) -> Statement:
    """What any other text says."""
    return Statement.NO if question is Question.OUT_IF_FILLED else Statement.UNREADABLE


def normal_word(value: str) -> str:
    """Trimmed, lower case, separators as spaces."""
    word = value.strip(WHITE_SPACE).lower()
    for separator in SEPARATORS:
        word = word.replace(separator, " ")
    return word
