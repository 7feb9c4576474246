"""How a row ended that took calls of its own, whatever the channel."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class End(StrEnum):
    """The state of `Tally` that a row is counted in."""

    ACCEPTED = "accepted"
    SKIPPED = "skipped"
    REFUSED = "refused"
    REJECTED = "rejected"
    DEAD_LETTERED = "dead_lettered"


@dataclass(frozen=True, slots=True)
class RowEnd:
    """``reason``: for an accepted row what was done, else why it was not. ``words``: what there is to say besides, for
    the rejects file; never the contact."""

    end: End
    reason: str
    words: str = ""

    def __str__(self) -> str:
        return f"{self.end.value} {self.reason}\t{self.words}".rstrip()

    @classmethod
    def from_text(cls, text: str) -> RowEnd:
        end, _, rest = text.partition(" ")
        reason, _, words = rest.partition("\t")
        return cls(End(end), reason, words)


FAILED_ALONE = RowEnd(
    End.DEAD_LETTERED,
    "failed_alone",
    "Listrak failed at each try, though it took others of the batch, and may or may not have done what was asked; drop "
    "the file again",
)
"""Of a row that is set aside by itself."""

FAILED_ALONE_PROBLEM = (
    "Listrak failed each time at the calls about single people, and took those of the others of their batches; drop "
    "the file again, and ask Listrak about them if they fail once more."
)
