"""The delivery plan of a run: which list and which profile fields its chunks go to. Made once, kept in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any


class Stage(StrEnum):
    """GUARD: members are being counted. CLEARING: Listrak takes the mark from everyone. READY: chunks may go.

    REFUSED: the mirror guard, or a file without a single row that could be sent, stopped the run.
    """

    GUARD = "GUARD"
    CLEARING = "CLEARING"
    READY = "READY"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class TargetField:
    """A profile field on the list; ``data_type`` in Listrak's words, ``max_length`` in characters (0: unknown)."""

    field_id: int
    data_type: str
    max_length: int


@dataclass(frozen=True, slots=True)
class Plan:
    """``fields``: one for each profile column, in order. ``audience_field_id`` and ``group_id`` are 0 when the run only
    unsubscribes. ``lock``: name of the mirror lock that the run holds until it is closed.

    ``cursor`` and the three counts are the mirror guard's progress. ``clear_import_id``: the import to follow while
    CLEARING.
    """

    stage: Stage
    list_id: int
    group_id: int = 0
    audience_field_id: int = 0
    fields: tuple[TargetField, ...] = ()
    lock: str = ""
    cursor: str | None = None
    subscribers: int = 0
    members: int = 0
    leaving: int = 0
    clear_import_id: int = 0
    refusal_code: str = ""
    refusal: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "stage": self.stage.value, "fields": [asdict(f) for f in self.fields]}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Plan:
        fields = tuple(TargetField(**f) for f in values["fields"])
        return replace(cls(**{**values, "fields": fields}), stage=Stage(values["stage"]))
