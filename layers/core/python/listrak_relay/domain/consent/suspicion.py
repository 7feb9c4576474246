"""Columns that may hold a no which this program would not read: the file then stops until somebody has said what they
are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum

from listrak_relay.domain.consent.doubts import (
    Doubt,
    doubt_of,
    is_about_messages,
    is_detail,
    is_of_changes,
    may_tell_who_left,
)
from listrak_relay.domain.consent.names import consent_key
from listrak_relay.domain.consent.statements import (
    CHANNELS,
    CODES,
    DIGITS,
    EMPTY_LIST,
    GOING,
    PLAIN_WORDS,
    REFUSING,
    STATE_WORDS,
    UNMISTAKABLE,
)
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.values.counted import counted, noun
from listrak_relay.domain.values.names import listed, may_be_shown

UNSURE = "opt_status_unsure"

INSIDE = "consent in a list or an object"
"""Counted among the words of a column, where `inside` finds such."""

NOTED = "a note that somebody wants no messages"
"""The same, of a short text in which somebody has written it down."""


@dataclass(frozen=True, slots=True)
class Values:
    """What stands in a column: no value of a person, only known words.

    ``words``: `statements.LOOKED_FOR` found, in their normal form, with how many rows have them.
    ``days``: rows with a day. ``others``: rows with any other text. ``blanks``: rows without any.
    """

    words: dict[str, int]
    days: int = 0
    others: int = 0
    blanks: int = 0

    def joined(self, more: Values) -> Values:
        """With those of other rows."""
        words = {word: self.words.get(word, 0) + more.words.get(word, 0) for word in {*self.words, *more.words}}
        return Values(words, self.days + more.days, self.others + more.others, self.blanks + more.blanks)


class Verdict(StrEnum):
    """What becomes of a doubtful column. READ: as the opt status. FIELD: it is about something else."""

    READ = "read"
    FIELD = "field"
    UNSURE = "unsure"


def judge(name: str, doubt: Doubt, values: Values, *, others_read: bool) -> Verdict:
    """``others_read``: another column of the file tells consent for this channel."""
    found = set(values.words)
    if doubt is Doubt.ELSEWHERE or (not found and not values.days and not values.others):
        return Verdict.FIELD
    if doubt is Doubt.STATUS and found and found <= STATE_WORDS and not values.others and not values.days:
        if found <= _OF_ACCOUNTS:
            return Verdict.FIELD if others_read else Verdict.UNSURE
        # Whose record is no longer in use may be the same as who has left, or not.
        return Verdict.UNSURE if "inactive" in found <= _OF_RECORDS and not others_read else Verdict.READ
    # Where a column is kept for consent, a note beside it may be older, or about something else.
    if found & UNMISTAKABLE or INSIDE in found or (NOTED in found and not others_read):
        return Verdict.UNSURE
    if doubt is Doubt.NONE:
        return Verdict.FIELD
    if others_read and found <= DIGITS | CODES and (doubt is Doubt.STATUS or is_detail(name)):
        return Verdict.FIELD
    if doubt is not Doubt.STRONG:
        if others_read and is_detail(name) and not found & PLAIN_WORDS:
            return Verdict.FIELD
        answers = may_tell_who_left(name) or _answers(name, values) or _refuses(name, values)
        goes = found & GOING and is_of_changes(name)
        return Verdict.UNSURE if answers or goes or found & _TELLING else Verdict.FIELD
    if is_detail(name) and not found:
        # Who has no day of consent has perhaps never given it, unless another column says so.
        return Verdict.FIELD if others_read or not values.blanks else Verdict.UNSURE
    return Verdict.UNSURE


_OF_ACCOUNTS = frozenset(("enabled", "disabled", "declined", "archived", "deleted", "removed", "pending", "invalid"))
"""Said of somebody's account as well, so not read as what they want."""

_OF_RECORDS = _OF_ACCOUNTS | {"active", "inactive"}

_MANY = 5
"""Answers in words are such if they are at least one in so many of all that is written in a column."""


def _answers(name: str, values: Values) -> bool:
    """Whether a column is one of answers. 0 and 1 among other numbers are none, nor are ON and OR as states."""
    if consent_key(name) == "state":
        return False
    found = set(values.words)
    if not values.others:
        return bool(found & (PLAIN_WORDS | CODES))
    return _are_many(found & PLAIN_WORDS - DIGITS, values)


def _refuses(name: str, values: Values) -> bool:
    """Whether words that elsewhere may be said of anything (disabled, declined, no thanks) are said of messages, or
    somebody has no subscription, or has chosen never, or other channels."""
    key = consent_key(name)
    if EMPTY_LIST in values.words and "subscri" in key:
        return True
    if values.words.keys() & _NOTHING_CHOSEN and _CHOOSES.search(key):
        return True
    if values.words.keys() & CHANNELS and _ALLOWS.search(key):
        return True
    refusing = values.words.keys() & REFUSING
    return bool(refusing) and is_about_messages(name) and (not values.others or _are_many(refusing, values))


_NOTHING_CHOSEN = frozenset(("never", "none"))
_CHOOSES = re.compile(r"freq|emailformat|emailtype|contactmethod|(?:alert|notification|update|newsletter|offer)s$")
_ALLOWS = re.compile(r"allow|accept|permit|agree|want|subscri")
"""Whoever has only other channels under such a name does not want this one."""


def _are_many(words: AbstractSet[str], values: Values) -> bool:
    written = sum(values.words.values()) + values.days + values.others
    return sum(values.words[word] for word in words) * _MANY >= written


_TELLING = frozenset(
    (
        "removed",
        "transactional",
        "transactional only",
        "cleaned",
        "bounced",
        "suppressed",
        "held",
        "active",
        "inactive",
        "unconfirmed",
        "complained",
        "blocked",
    )
)


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Columns of a file of which their names leave open whether they tell consent.

    ``values``: what stands in them, by header.
    ``others_read``: another column of the file tells consent for this channel.
    """

    values: dict[str, Values] = field(default_factory=dict)
    others_read: bool = False

    def joined(self, more: Doubtful) -> Doubtful:
        """With those of other rows of the file."""
        both = dict(self.values)
        for header, values in more.values.items():
            both[header] = both[header].joined(values) if header in both else values
        return Doubtful(both, self.others_read or more.others_read)

    def judged(self, channel: Channel) -> Judged:
        """What becomes of each."""
        verdicts = {
            header: judge(header, doubt_of(header, channel), values, others_read=self.others_read)
            for header, values in self.values.items()
        }
        read = tuple(header for header, verdict in verdicts.items() if verdict is Verdict.READ)
        unsure = tuple((h, self.values[h]) for h, verdict in verdicts.items() if verdict is Verdict.UNSURE)
        return Judged(read, unsure)


@dataclass(frozen=True, slots=True)
class Judged:
    """``read``: headers of columns that are read as the opt status. ``unsure``: of those that stop the file, with what
    stands in them."""

    read: tuple[str, ...]
    unsure: tuple[tuple[str, Values], ...]


SHOWN_WORDS = 6


def unsure_problem(file: str, doubtful: Sequence[tuple[str, Values]], destination: str) -> str:
    """The sentence of the refusal. ``doubtful``: name, as it may be shown, and values of each column."""
    named = f"{noun(len(doubtful), 'column')} {listed([name for name, _ in doubtful])}"
    say = "says" if len(doubtful) == 1 else "say"
    told = "; ".join(_told(name, values) for name, values in doubtful) if len(doubtful) > 1 else _said(doubtful[0][1])
    shown = [name for name, _ in doubtful if may_be_shown(name)]
    example = shown[0] if shown else "<name of the column>"
    return (
        f"{file}: it is not known whether {named} {say} who wants to be written to: {told}. Nothing was sent. Say in "
        f"the data template of destination {destination} what each one is, with a line under columns such as "
        f"'{example}: opt_in' (yes = may be written to), '{example}: opt_out' (yes = must not), "
        f"'{example}: field' (about something else) or '{example}: ignore'; then drop the file again"
    )


def _shown(word: str) -> str:
    return word if word in (INSIDE, NOTED) else repr(word)


def _told(name: str, values: Values) -> str:
    return f"column {listed([name])} ({_said(values)})"


def _said(values: Values) -> str:
    often = sorted(values.words.items(), key=lambda item: (-item[1], item[0]))[:SHOWN_WORDS]
    parts = [f"{_shown(word)} in {counted(count, 'row')}" for word, count in often]
    if values.days:
        parts.append(f"a day in {values.days:,}")
    if values.others:
        parts.append(f"other words in {values.others:,}")
    if values.blanks:
        parts.append(f"nothing in {values.blanks:,}")
    return ", ".join(parts)
