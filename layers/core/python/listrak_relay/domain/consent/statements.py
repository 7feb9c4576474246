"""What one row says about a person's wish to be written to, and what the words in its columns say.

A column puts a `Question`. Plain answers (true, no, 1 …) turn round with it. Words that name the state itself do not:
``unsubscribed`` means no mail in either column. A word that names the *subscribed* state in a column that asks "opted
out?" contradicts it, and ``active`` there could be read both ways: such values are unreadable, so that nobody is
subscribed, or unsubscribed, by a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum, StrEnum
from functools import cache

from listrak_relay.domain.values.text import WHITE_SPACE


class Statement(IntEnum):
    """What a row says. Of several columns the lowest counts: no before all, and whatever is doubtful before yes.

    NO: not to be written to.
    UNREADABLE: something that is no word for it.
    NOT_ASKED: never asked, or cannot be reached (bounced, held, pending …): neither to be subscribed nor unsubscribed.
    YES: to be written to.
    UNDATED: no day of an opt-in in a column that has one for whoever opted in; the same as NOT_ASKED.
    BLANK: an answer was asked for, and there is none.
    NOTHING: no column that would have to say anything says something.
    """

    NO = 1
    UNREADABLE = 2
    NOT_ASKED = 3
    YES = 4
    UNDATED = 5
    BLANK = 6
    NOTHING = 7


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

_PLAIN = (
    ("true", "false"),
    ("yes", "no"),
    ("1", "0"),
    ("y", "n"),
    ("t", "f"),
    ("on", "off"),
    ("1.0", "0.0"),
    ("checked", "unchecked"),
    ("ja", "nein"),
    ("oui", "non"),
    ("si", "no"),
    ("sí", "no"),
    ("sim", "não"),
    ("wahr", "falsch"),
    ("vrai", "faux"),
)
_STATES = (
    ("subscribed", "unsubscribed"),
    ("opted in", "opted out"),
    ("opt in", "opt out"),
    ("optedin", "optedout"),
    ("optin", "optout"),
    ("subscribe", "unsubscribe"),
    ("resubscribed", "un subscribed"),
    ("explicitly optedin", "explicitly optedout"),
    ("explicitly opted in", "explicitly opted out"),
    ("consented", "not consented"),
    ("consent given", "consent withdrawn"),
    ("granted", "denied"),
    ("accepted", "declined"),
    ("accept", "reject"),
    ("given", "withdrawn"),
    ("agreed", "refused"),
    ("allowed", "not allowed"),
    ("allow", "do not allow"),
    ("double opt in", "revoked"),
    ("single opt in", "rejected"),
    ("confirmed opt in", "disallowed"),
    ("express", "do not contact"),
    ("implied", "do not email"),
    ("explicit", "do not mail"),
    ("implicit", "do not send"),
    ("marketing contact", "do not text"),
    ("optedin confirmed", "blacklisted"),
    ("abonniert", "abgemeldet"),
    ("abonné", "désabonné"),
    ("inscrit", "désinscrit"),
    ("suscrito", "baja"),
    ("iscritto", "disiscritto"),
    ("send", "blocklisted"),
    ("enabled", "disabled"),
    ("removed by request", "opted out of all"),
)
_ACTIVITY = (("active", "inactive"),)

_NOT_ASKED_WORDS = frozenset(
    """
    never subscribed|neversubscribed|not subscribed|notsubscribed|non subscribed|nonsubscribed|non subscriber|
    nonsubscriber|did not subscribe|unknown|none|not set|notset|not specified|not seen|notseen|seen|unspecified|
    undefined|not asked|no consent given yet|not applicable|n/a|na|pending|pending confirmation|pending opt in|
    pendingoptin|awaiting confirmation|awaiting|unconfirmed|not confirmed|not activated|not active|confirming|
    validating|cleaned|bounced|bounce|soft bounced|softbounced|hard bounced|hardbounced|soft bounce|hard bounce|held|
    temp hold|on hold|suppressed|quarantined|invalid|undeliverable|non marketing contact|transactional|archived|
    deleted|removed|redacted|complained|complaint|spam|spam complaint|reported spam|marked as spam|non opted in|
    not opted in|not verified|unverified|waiting|pending double opt in
""".replace("\n", " ").split("|")
)
_NOT_ASKED = frozenset(" ".join(word.split()) for word in _NOT_ASKED_WORDS)

SEPARATORS = "_-"
"""Read as a space: ``opted-in`` is ``opted in``. A leading one stays a fault: ``-1`` is no answer."""

NO_DAYS = (
    "0000 00 00",
    "0000 00 00 00:00:00",
    "0000/00/00",
    "00/00/0000",
    "1900 01 00",
    "null",
    "\\n",
    "never",
    "none",
)
"""What stands in a column of days, in its normal form, where there is no day."""

DAY_PATTERN = (
    r"^(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2}(?:[0-9]{2})?"
    r"|[0-9]{8}|[0-9]{10}|[0-9]{13}"
    r"|(?:[A-Za-z]{3,9}\.?,? ){0,2}[0-9]{1,2}(?:st|nd|rd|th)?,? (?:[A-Za-z]{3,9}\.?,? )?[0-9]{4})"
    r"(?:[T ,].*)?$"
)
"""Read by `re` and RE2: a day as programs write it, a time of any form behind it. Which day it is does not matter."""


def _readings(
    pairs: Iterable[tuple[str, str]], first: Statement, second: Statement | None = None
) -> dict[str, Statement]:
    found: dict[str, Statement] = {}
    for one, other in pairs:
        found.setdefault(one, first)
        if second is not None:
            found.setdefault(other, second)
    return found


_OUT_STATES = {out: Statement.NO for _, out in _STATES}
_IN = (
    _readings(_PLAIN, Statement.YES, Statement.NO)
    | _readings(_STATES, Statement.YES, Statement.NO)
    | _readings(_ACTIVITY, Statement.YES, Statement.NO)
)
_OUT = _readings(_PLAIN, Statement.NO, Statement.YES) | _OUT_STATES
_UNREACHABLE = _readings(_PLAIN, Statement.NOT_ASKED, Statement.NOTHING)

STATE_WORDS = frozenset(word for pair in (*_STATES, *_ACTIVITY) for word in pair) | _NOT_ASKED
"""Words for how a person stands to the sender; under some names of a column they may be about something else."""

UNMISTAKABLE_STEMS = ("subscri", "opt")
"""One of them is in each of `UNMISTAKABLE`."""

UNMISTAKABLE = frozenset(word for word in STATE_WORDS if "subscri" in word or "opt" in word.split() or "opted" in word)
"""Those that are about nothing else, whatever the column is called."""

PLAIN_WORDS = frozenset(word for pair in _PLAIN for word in pair)


@cache
def words(question: Question) -> Mapping[str, Statement]:
    """Every word that can be read in a column with this question, in its normal form, usual ones first."""
    not_asked = dict.fromkeys(sorted(_NOT_ASKED), Statement.NOT_ASKED)
    match question:
        case Question.OPTED_IN:
            return _IN | not_asked
        case Question.OPTED_OUT | Question.OPTED_OUT_IF_SAID:
            return _OUT | not_asked
        case Question.OPTED_IN_ON:
            return _IN | not_asked | dict.fromkeys(NO_DAYS, Statement.UNDATED)
        case Question.OPTED_OUT_ON:
            # "false" says no more than that there is no day.
            nothing = {no: Statement.NOTHING for _, no in _PLAIN}
            return _OUT | not_asked | nothing | dict.fromkeys(NO_DAYS, Statement.NOTHING)
        case Question.UNREACHABLE:
            return _UNREACHABLE | _OUT_STATES | not_asked | dict.fromkeys(NO_DAYS, Statement.NOTHING)
        case _:
            return {}


def blank(question: Question) -> Statement:
    """What an empty cell says."""
    if question in (Question.OPTED_IN, Question.OPTED_OUT):
        return Statement.BLANK
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


def other(question: Question) -> Statement:
    """What any other text says."""
    return Statement.NO if question is Question.OUT_IF_FILLED else Statement.UNREADABLE


def normal_word(value: str) -> str:
    """Trimmed, lower case, separators as spaces."""
    word = value.strip(WHITE_SPACE).lower()
    for separator in SEPARATORS:
        word = word.replace(separator, " ")
    return word
