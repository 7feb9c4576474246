"""The delivery plan of an email run: which list and which profile fields its chunks go to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.domain.delivery.guard import audience_counts
from listrak_relay.domain.delivery.plans import RunPlan, Stage, TargetField

LIST_SHOWED_NOBODY = (
    "Listrak's list showed nobody when asked twice, so nobody was taken out of the audience; look whether that is so, "
    "and drop the file again if it is not."
)


@dataclass(frozen=True, slots=True)
class EmailPlan(RunPlan):
    """``lock`` is that of a mirror run.

    ``stage``: how far the preparation is.
    ``list_id``: Listrak's id of the list.
    ``group_id``: of the group that fields are made in, 0 when the run only unsubscribes.
    ``audience_field_id``: of the field that marks the audience, 0 when the run only unsubscribes.
    ``fields``: one for each profile column, in order.
    ``cursor``: where the mirror guard goes on counting, None at the start.
    ``subscribers``: of the list, counted so far.
    ``members``: of the audience among them.
    ``leaving``: members who are not in the file.
    ``joining``: people of the file who are no members.
    ``counting_unsubscribed``: whether the list's unsubscribed contacts are being read; their marks are taken too.
    ``empty_reads``: how often the list showed nobody.
    ``leavers_parts``: objects in the WorkBucket that hold those who leave.
    ``clear_begun_at``: when the import that takes their marks was begun, in epoch seconds.
    ``clear_attempts``: how often one was begun.
    ``clear_overdue_hours``: after so many it was not waited for any longer, 0 while it is.
    ``marks_taken``: whether it has ended.
    ``counted``: whether all of them were, by a run that mirrors.
    ``clear_import_id``: the import that takes the marks of those who leave; of a plan of release 0.2 and before, in
    the stage CLEARING, the one that takes everybody's.
    ``group_made``: name of the group, where this run made it. ``fields_made``: names of the fields that it made. They
    are put down before they are made: who comes after a process that died finds them there, and could not tell.
    ``refusal_code``, ``refusal``: why the run was stopped, when REFUSED.
    """

    stage: Stage
    list_id: int
    group_id: int = 0
    audience_field_id: int = 0
    fields: tuple[TargetField, ...] = ()
    cursor: str | None = None
    subscribers: int = 0
    members: int = 0
    leaving: int = 0
    clear_import_id: int = 0
    refusal_code: str = ""
    refusal: str = ""
    joining: int = 0
    counted: bool = False
    counting_unsubscribed: bool = False
    empty_reads: int = 0
    leavers_parts: int = 0
    clear_begun_at: float = 0.0
    marks_taken: bool = False
    clear_attempts: int = 0
    clear_overdue_hours: float = 0.0
    group_made: str = ""
    fields_made: tuple[str, ...] = ()

    @property
    def stalled(self) -> bool:
        return self.clear_overdue_hours > 0

    @property
    def marks_left(self) -> str:
        """A sentence for the report of a run that is `stalled`."""
        return (
            f"Listrak has not taken the audience's mark from {self.leaving:,} people who left it within "
            f"{self.clear_overdue_hours:g} hours (import {self.clear_import_id}), so they may still have it; look at "
            "the import in Listrak, or drop the file again."
        )

    def warnings(self) -> list[str]:
        said = [self.marks_left] if self.stalled else []
        if self.counted and self.empty_reads and not self.subscribers and self.stage is Stage.READY:
            said.append(LIST_SHOWED_NOBODY)
        return said

    def made(self) -> Mapping[str, list[str]]:
        return {"groups": [self.group_made] if self.group_made else [], "fields": list(self.fields_made)}

    def audience(self) -> Mapping[str, int]:
        if self.stage is Stage.REFUSED:
            return audience_counts(self.members, 0, 0) if self.counted else {}
        return audience_counts(self.members, self.joining, self.leaving) if self.counted else {}
