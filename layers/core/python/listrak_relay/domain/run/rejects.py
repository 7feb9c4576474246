"""A row turned away: by our rules (rejected), by Listrak (refused), or left alone on purpose (skipped); or one that is
sent although something is wrong with it (warned)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RejectOutcome(StrEnum):
    REJECTED = "rejected"
    REFUSED = "refused"
    SKIPPED = "skipped"
    WARNED = "warned"


REJECT_COLUMNS = ("row", "outcome", "reason", "column", "detail", "record")
"""Header of the parts of a rejects file, whose row numbers count through all files of the run."""

REPORT_COLUMNS = (*REJECT_COLUMNS, "file")
"""Header of the rejects file of a run; the row number is that in the file."""


@dataclass(frozen=True, slots=True)
class Reject:
    """One line of a rejects file.

    ``row``: number of the row in the source file, the header being row 1. ``reason``: stable code such as
    ``email_invalid``. ``detail``: a sentence that tells what to do, without the value. ``record``: the row itself as
    CSV; personal data, so it goes into the encrypted WorkBucket and nowhere else.
    """

    row: int
    outcome: RejectOutcome
    reason: str
    column: str = ""
    detail: str = ""
    record: str = ""
