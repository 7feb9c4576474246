"""How each row of an SMS chunk ended, and the sum over a chunk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from listrak_relay.domain.consent import statements
from listrak_relay.domain.run.row_ends import FAILED_ALONE, End, RowEnd
from listrak_relay.domain.run.runs import ChunkOutcome, Tally

CREATED = RowEnd(End.ACCEPTED, "created")
SUBSCRIBED = RowEnd(End.ACCEPTED, "subscribed")
UNSUBSCRIBED = RowEnd(End.ACCEPTED, "unsubscribed")
ALREADY_RIGHT = RowEnd(End.ACCEPTED, "already_right")
PENDING = RowEnd(End.ACCEPTED, "pending_double_opt_in")
"""Listrak has taken the number and waits for the person's own answer: not yet subscribed."""

OPTED_OUT = RowEnd(End.SKIPPED, "opted_out")
LEFT_SINCE = RowEnd(End.SKIPPED, "unsubscribed_since")
NOT_ON_LIST = RowEnd(End.SKIPPED, "not_on_list")
NOT_ASKED = RowEnd(End.SKIPPED, statements.NOT_ASKED)

STILL_ON_LIST = RowEnd(End.REFUSED, "still_on_list")
"""Listrak did not unsubscribe somebody whom its list shows."""

EXPLANATIONS = {
    "opted_out": "has opted out of the sender code; left alone",
    statements.NOT_ASKED: statements.DETAILS[statements.NOT_ASKED],
    "unsubscribed_since": "was unsubscribed from the list after this run was planned; left alone",
    "still_on_list": "Listrak would not unsubscribe this number, which its list shows; unsubscribe it there",
    "not_on_list": "the phone list does not know this number",
    FAILED_ALONE.reason: FAILED_ALONE.words,
}


class Removal(StrEnum):
    """How a mirror run's removal of someone who is not in the file ended. Removals are no rows of the file."""

    REMOVED = "removed"
    ALREADY_GONE = "already_gone"
    REFUSED = "refused"
    GIVEN_UP = "given_up"


def outcome_of(
    ends: Iterable[RowEnd], removals: Iterable[Removal], *, without_values: int = 0, failed: str = ""
) -> ChunkOutcome:
    """``without_values``: accepted rows whose profile values were lost, for the reason ``failed``."""
    by_end: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    done: Counter[str] = Counter()
    for end in ends:
        by_end[end.end.value] += 1
        (done if end.end is End.ACCEPTED else reasons)[end.reason] += 1
    if without_values:
        reasons[failed] += without_values
    tally = Tally(
        accepted=by_end[End.ACCEPTED] - without_values,
        refused=by_end[End.REFUSED],
        rejected=by_end[End.REJECTED],
        skipped=by_end[End.SKIPPED],
        dead_lettered=by_end[End.DEAD_LETTERED] + without_values,
    )
    removed = Counter(removal.value for removal in removals)
    return ChunkOutcome(tally, dict(reasons), done=dict(done), removals=dict(removed))
