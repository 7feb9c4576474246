"""The delivery plan of an SMS run: sender code, phone list, profile fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.domain.delivery.guard import audience_counts
from listrak_relay.domain.delivery.plans import RunPlan, Stage, TargetField

STALE_SECONDS = 24 * 3600.0
"""By a plan older than this nobody is taken off the list for not being in the file. Its opt-outs hold at any age."""


@dataclass(frozen=True, slots=True)
class SmsPlan(RunPlan):
    """``lock`` is that of a mirror run.

    ``stage``: how far the preparation is; an SMS run has nothing to clear.
    ``sender_code_id``, ``list_id``: Listrak's ids.
    ``country``: ISO 3166 code of the sender code's, empty if Listrak gives none.
    ``confirms``: the list asks each person back (double opt-in or age gate) before it subscribes them.
    ``fields``: one for each column of the manifest; None where Listrak has no field and the destination allows it.
    ``columns_left_out``: names of the columns that have none.
    ``read_failures``: attempts to read the list so far that brought nothing, while the stage is GUARD.
    ``read_at``: when the reading of the list began, in epoch seconds.
    ``listed_parts``, ``opted_out_parts``: objects in the WorkBucket that hold what was read of the list, and of those
    who opted out, by earlier invocations.
    ``lists_leavers``: the list shows those too who have left it.
    ``left_parts``: objects in the WorkBucket that hold who they are, of those who are not in the file of a mirror run.
    ``list_read``, ``opt_outs_read``: whether the whole of them is known.
    ``nameless``: opt-outs that Listrak showed without a number; of some of them twice.
    ``unreadable``: people whom the list shows with numbers that nobody can read.
    ``subscribers``: of the list.
    ``removals``: those of them whom a mirror run takes off it.
    ``joining``: people of the file who are to come onto it. ``unsubscribing``: subscribers whom the file says no of.
    ``counted``: whether all of them were, by a run that mirrors.
    ``empty_reads``: how often the list showed nobody to one.
    ``refusal_code``, ``refusal``: why the run was stopped, when REFUSED.
    """

    stage: Stage
    sender_code_id: int
    list_id: int
    country: str = ""
    confirms: bool = False
    fields: tuple[TargetField | None, ...] = ()
    columns_left_out: tuple[str, ...] = ()
    read_failures: int = 0
    read_at: float = 0.0
    list_read: bool = False
    opt_outs_read: bool = False
    subscribers: int = 0
    removals: int = 0
    refusal_code: str = ""
    refusal: str = ""
    joining: int = 0
    unsubscribing: int = 0
    counted: bool = False
    empty_reads: int = 0
    listed_parts: int = 0
    opted_out_parts: int = 0
    lists_leavers: bool = False
    left_parts: int = 0
    nameless: int = 0
    unreadable: int = 0

    def stale(self, now: float) -> bool:
        """``now``: epoch seconds."""
        return now - self.read_at > STALE_SECONDS

    def audience(self) -> Mapping[str, int]:
        if self.stage is Stage.REFUSED:
            return audience_counts(self.subscribers, 0, 0) if self.counted else {}
        gone = self.removals + self.unsubscribing
        return audience_counts(self.subscribers, self.joining, gone) if self.counted else {}

    def warnings(self) -> list[str]:
        said = []
        if self.counted and self.empty_reads and not self.subscribers and self.stage is Stage.READY:
            said.append(
                "Listrak's phone list showed nobody when asked twice, so nobody was taken off it; look whether that is "
                "so, and drop the file again if it is not."
            )
        if self.columns_left_out:
            names = ", ".join(f"'{name}'" for name in self.columns_left_out)
            said.append(
                f"Listrak has no profile field for {names}, so these columns were left out; add the fields in Listrak."
            )
        if self.stage is Stage.READY and not self.list_read:
            said.append("Listrak's phone list could not be read, so every number was sent, not only the differences.")
        if self.stage is Stage.READY and self.list_read and self.unreadable:
            said.append(
                f"Listrak's phone list shows people whose numbers cannot be read ({self.unreadable:,}), so every no of "
                "the file was sent, and none of them is taken off the list for not being in it; have Listrak correct "
                "their numbers."
            )
        if self.stage is Stage.READY and self.nameless:
            end = "were passed over, as the destination says" if self.opt_outs_read else "keep all others waiting"
            said.append(
                f"Listrak lists opt-outs of the sender code without a number ({self.nameless:,}), so nobody can tell "
                f"whose they are; they {end}."
            )
        elif self.stage is Stage.READY and not self.opt_outs_read:
            said.append(
                "Listrak's opt-outs could not be read as a whole when the run was planned; nobody was subscribed "
                "before they could."
            )
        return said
