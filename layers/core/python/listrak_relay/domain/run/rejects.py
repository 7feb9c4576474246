"""A row turned away: by our rules (rejected), by Listrak (refused), left alone on purpose (skipped), or given up by
itself (dead-lettered); or one that is sent although something is wrong with it (warned)."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from enum import StrEnum


class RejectOutcome(StrEnum):
    REJECTED = "rejected"
    REFUSED = "refused"
    SKIPPED = "skipped"
    WARNED = "warned"
    DEAD_LETTERED = "dead_lettered"


@dataclass(frozen=True, slots=True)
class Reject:
    """One line of a rejects file.

    ``row``: number of the row in the run, which counts through all its files; the header is row 1.
    ``outcome``: who turned it away.
    ``reason``: stable code such as ``email_invalid``.
    ``column``: the column that is to blame, empty if none is.
    ``detail``: a sentence that tells what to do, without the value.
    ``record``: the row itself, as it stands in its file where that is a text, else as CSV; personal data, so it goes
    into the encrypted WorkBucket and nowhere else.
    """

    row: int
    outcome: RejectOutcome
    reason: str
    column: str = ""
    detail: str = ""
    record: str = ""


REJECT_COLUMNS = tuple(field.name for field in fields(Reject))
"""Header of a rejects file."""


def tells_of(record: str, person: str) -> bool:
    """Whether a record, in whatever way its file is written, names this address or number. ``person``: case-folded."""
    return re.search(rf"(?<![\w.+%-])(?<!\w'){re.escape(person)}(?![\w@-]|\.\w)", record.casefold()) is not None
