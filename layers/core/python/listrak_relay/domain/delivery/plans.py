"""What every delivery plan has. A plan says where the chunks of a run go; it is made once and kept in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """MAKING: the list lacks fields, and they are being made; the plan knows no more yet than their names.

    GUARD: members are being counted. CLEARING: Listrak takes the mark from everyone. READY: chunks may go.

    REFUSED: the mirror guard, or a file without a single row that could be sent, stopped the run.
    """

    MAKING = "MAKING"
    GUARD = "GUARD"
    CLEARING = "CLEARING"
    READY = "READY"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class TargetField:
    """A profile field that a column goes to.

    ``field_id``: Listrak's id, 0 where the value goes with the creation of a contact.
    ``data_type``: in Listrak's words.
    ``max_length``: in characters, 0 where it is not known.
    """

    field_id: int
    data_type: str
    max_length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlan:
    """``lock``: name of the lock that the run holds until it is closed, empty for none."""

    lock: str = ""

    @property
    def stalled(self) -> bool:
        """Whether something that belongs to the run as a whole did not end in its time."""
        return False

    def made(self) -> Mapping[str, list[str]]:
        """Names of what the run has made in Listrak: ``groups`` and ``fields``; empty lists, or nothing, for none."""
        return {}

    def audience(self) -> Mapping[str, int]:
        """Counts of a mirror run for the report, as `guard.audience_counts`; empty for any other."""
        return {}

    def warnings(self) -> list[str]:
        """Sentences for the report."""
        return []
