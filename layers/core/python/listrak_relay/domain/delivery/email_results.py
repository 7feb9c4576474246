"""What became of the rows of an import, from the counts and words of Listrak's answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.domain.consent.statements import NOT_ASKED
from listrak_relay.domain.lanes.verdicts import LEFT_ALONE
from listrak_relay.domain.run.manifest import Action
from listrak_relay.domain.run.runs import Tally

PREVIOUSLY_UNSUBSCRIBED = "previously_unsubscribed"
"""Reason of a row left alone because the person had opted out."""

NOT_ON_LIST = "not_on_list"
"""Reason of a row left alone because the list does not know the address that was to be updated or unsubscribed."""

STATE_UNKNOWN = "subscription_state_unknown"
"""Reason of a row of whose person Listrak does not say whether they are subscribed."""

SKIPPED_REASONS = frozenset((PREVIOUSLY_UNSUBSCRIBED, NOT_ON_LIST, NOT_ASKED))
"""These rows are left alone on purpose; all others that Listrak did not accept are refused."""

_UNKNOWN = "listrak_"
"""Begins the reason of a word that is not known."""

_NOT_LETTERS = re.compile(r"[^a-z]")

_A_WORD = re.compile(r"[\sA-Za-z_-]{0,40}")
_A_SENTENCE = f"{_UNKNOWN}gave_a_sentence"
"""Anything else, which may quote somebody's data."""

OTHER_WORDS = f"{_UNKNOWN}gave_other_words"
"""Reason of words that are not known, where there are too many of them to be told apart."""

_FINE_WORDS: Mapping[Action, frozenset[str]] = {
    Action.SUBSCRIBE: frozenset(("subscribed", "alreadysubscribed", "updated")),
    Action.UPDATE: frozenset(("subscribed", "alreadysubscribed", "updated")),
    Action.KEEP: frozenset(),
    Action.UNSUBSCRIBE: frozenset(("unsubscribed", "alreadyunsubscribed", "previouslyunsubscribed")),
}

_REASONS = {
    "banned": "banned",
    "invalid": "invalid_email",
    "invalidemail": "invalid_email",
    "suppressed": "suppressed",
    "skipped": "skipped_by_listrak",
    "unsubscribed": PREVIOUSLY_UNSUBSCRIBED,
    "alreadyunsubscribed": PREVIOUSLY_UNSUBSCRIBED,
    "previouslyunsubscribed": PREVIOUSLY_UNSUBSCRIBED,
}


_LEFT_ALONE = frozenset(("skipped", *(word for word, reason in _REASONS.items() if reason is PREVIOUSLY_UNSUBSCRIBED)))


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """An import's summary by our states. ``accounted`` = accepted + skipped + the refused ones."""

    accepted: int
    skipped: Mapping[str, int]
    refused: Mapping[str, int]

    @property
    def accounted(self) -> int:
        return self.accepted + sum(self.skipped.values()) + sum(self.refused.values())


def count_import(
    action: Action,
    *,
    subscribed: int,
    already_subscribed: int,
    unsubscribed: int,
    already_unsubscribed: int,
    previously_unsubscribed: int,
    banned: int,
    invalid: int,
    suppressed: int,
    skipped: int,
) -> ImportCounts:
    """Sort Listrak's counts by what they mean for this action.

    When people are to be unsubscribed, "already unsubscribed" is what was wanted; when they are to be subscribed or
    updated, it means that their opt-out was respected. Updates and unsubscriptions leave out whom the list does not
    know, which Listrak counts as skipped; a subscription that it skips is refused. Who was not asked counts as skipped
    whether the values were new or not.
    """
    opted_out = already_unsubscribed + previously_unsubscribed
    removing, subscribing = action is Action.UNSUBSCRIBE, action is Action.SUBSCRIBE
    left_alone = {
        PREVIOUSLY_UNSUBSCRIBED: 0 if removing else opted_out,
        NOT_ON_LIST: 0 if subscribing else skipped,
    }
    refused = {
        "banned": banned,
        "invalid_email": invalid,
        "suppressed": suppressed,
        "skipped_by_listrak": skipped if subscribing else 0,
    }
    if action is Action.KEEP:
        left_alone = {NOT_ASKED: subscribed + already_subscribed + opted_out + skipped}
    accepted = unsubscribed + opted_out if removing else subscribed + already_subscribed
    return ImportCounts(
        accepted=0 if action is Action.KEEP else accepted,
        skipped={reason: n for reason, n in left_alone.items() if n},
        refused={reason: n for reason, n in refused.items() if n},
    )


def left_out(reasons: Mapping[str, int]) -> Tally:
    """The rows of a chunk that were not sent, by reason: some could not be, others are left alone on purpose."""
    skipped = sum(count for reason, count in reasons.items() if reason in LEFT_ALONE)
    return Tally(rejected=sum(reasons.values()) - skipped, skipped=skipped)


def reason_of_result(action: Action, word: str) -> str | None:
    """The reason behind Listrak's result word for one contact; None when the contact was accepted, which nobody is who
    was not asked.

    The words are not documented for REST, so case and spaces do not count, and an unknown word counts as a refusal.
    """
    if not _A_WORD.fullmatch(word):
        return _A_SENTENCE
    letters = _NOT_LETTERS.sub("", word.lower())
    if letters in _FINE_WORDS[action]:
        return None
    if action is Action.KEEP and (letters in _FINE_WORDS[Action.UPDATE] or letters in _LEFT_ALONE):
        return NOT_ASKED
    if letters == "skipped" and action is not Action.SUBSCRIBE:
        return NOT_ON_LIST
    return _REASONS.get(letters, f"{_UNKNOWN}{letters}" if letters else f"{_UNKNOWN}gave_no_result")


def is_unknown_word(reason: str) -> bool:
    """Whether a reason of `reason_of_result` is of a word that is not known."""
    return reason.startswith(_UNKNOWN)


def accepted_words(unknown: Mapping[str, int], known: int, turned_away: int) -> frozenset[str]:
    """Result words that are not known, of contacts that an import's summary does not count as turned away.

    ``unknown``: word → contacts. ``known``: contacts turned away by words that are known. ``turned_away``: contacts of
    which the summary says so.
    """
    room, accepted = turned_away - known, set()
    for word, contacts in sorted(unknown.items(), key=lambda item: (-item[1], item[0])):
        if contacts <= room:
            room -= contacts
        else:
            accepted.add(word)
    return frozenset(accepted)
