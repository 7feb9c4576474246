"""What a newer run of the list leaves of a row of an older one that comes late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntFlag, StrEnum

from listrak_relay.domain.run.manifest import Action, Chunk


class Verdict(StrEnum):
    """One character a row: that is how the verdicts of a chunk are stored, in the order of its rows.

    SUPERSEDED: left alone, since a newer file says otherwise, or the same. WITHOUT_MARK: the audience's mark stays as
    the newer file has it. WITHOUT_VALUES: the profile values do. BARE: both. OPTED_OUT_BEFORE: left alone, since an
    earlier file brought a no of the person's own and this one brings none of their own at all.
    """

    SEND = "="
    SUPERSEDED = "s"
    OPTED_OUT_BEFORE = "o"
    WITHOUT_MARK = "m"
    WITHOUT_VALUES = "v"
    BARE = "b"


REASONS = {Verdict.SUPERSEDED: "superseded", Verdict.OPTED_OUT_BEFORE: "opted_out_before"}
"""Verdict → reason code, of rows that are left alone."""

DETAILS = {
    "superseded": "a file that was dropped later has said what is to become of this person",
    "opted_out_before": "said no in an earlier file of this list, and this one brings no yes of their own; left alone",
}

LEFT_ALONE = frozenset(REASONS.values())


class Said(IntFlag):
    """What a file says of a person: by its own column, or by the destination's rule for rows without a statement."""

    NOTHING = 0
    OWN_YES = 1
    ASSUMED_YES = 2
    OWN_NO = 4
    VALUES = 8


@dataclass(frozen=True, slots=True)
class Newer:
    """A newer run, seen from an older one. ``same_audience``: it writes the same mark; for SMS, where a list has no
    audiences, always. ``names_all``: it mirrors, so that it speaks of those too whom it does not name."""

    same_audience: bool
    names_all: bool


def said_by(chunk: Chunk) -> Said:
    """What the rows of a chunk say."""
    match chunk.action:
        case Action.SUBSCRIBE:
            return Said.ASSUMED_YES if chunk.assumed else Said.OWN_YES
        case Action.UNSUBSCRIBE:
            return Said.OWN_NO
    return Said.VALUES


_TAKEN_UP_BY = {
    Said.OWN_YES: Said.OWN_YES,
    Said.ASSUMED_YES: Said.OWN_YES | Said.ASSUMED_YES,
    Said.VALUES: Said.OWN_YES | Said.ASSUMED_YES | Said.VALUES,
}
"""What a row says → what a newer file of the same audience must say, so that nothing is left to be done."""


def verdict_on(own: Said, newer: Sequence[tuple[Newer, Said]], *, sms: bool) -> Verdict:
    """What is left of a row of an older run that says ``own``. ``newer``: each newer run and what it says of them.

    A no falls to somebody's own yes only, never to one that is assumed. A yes of their own is not taken up by one that
    is assumed either, which does not subscribe whoever said no before.
    """
    all_said = Said.NOTHING
    for _, said in newer:
        all_said |= said
    if own is Said.OWN_NO:
        return Verdict.SUPERSEDED if all_said & Said.OWN_YES else Verdict.SEND
    if all_said & Said.OWN_NO:
        return Verdict.SUPERSEDED
    mark, values = True, True
    for run, said in newer:
        if run.same_audience and said & _TAKEN_UP_BY[own]:
            return Verdict.SUPERSEDED
        if said:
            values = False
        elif run.names_all and run.same_audience:
            if sms:
                return Verdict.SUPERSEDED
            mark = False
    if mark:
        return Verdict.SEND if values else Verdict.WITHOUT_VALUES
    return Verdict.WITHOUT_MARK if values else Verdict.BARE
