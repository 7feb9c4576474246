"""The lanes of the ledger: which runs go to one list, in the order of their drops."""

from __future__ import annotations

from typing import Protocol

from listrak_relay.domain.lanes.lane import LaneEntry, LanePlace


class RunLanes(Protocol):
    """Each method is atomic, and a repeat changes nothing. Raises RetryableError when the ledger is throttled or away.

    All but `enter` do nothing about a place that was never entered.
    """

    def enter(self, place: LanePlace) -> None:
        """The run is known to its lane from now on."""
        ...

    def entry(self, place: LanePlace) -> LaneEntry | None:
        """None: it was never entered."""
        ...

    def older(self, place: LanePlace) -> list[LaneEntry]:
        """Those before the place that have not ended, oldest first, however many have; of each no more is told than its
        place and whether it is read and special."""
        ...

    def from_here(self, place: LanePlace) -> list[LaneEntry]:
        """That of the place, if it was entered, and all behind it, oldest first."""
        ...

    def mark_read(self, place: LanePlace, *, special: bool) -> None:
        """What it holds is known."""
        ...

    def mark_waiting(self, place: LanePlace, ahead: str, now: float) -> None:
        """It waits, at ``now``, and the run ``ahead`` is the oldest of those before it. The first time stays, and so
        does that from which it was this run."""
        ...

    def mark_early(self, place: LanePlace, chunk_id: str) -> None:
        """The opt-outs of this chunk were sent before its turn."""
        ...

    def start(self, place: LanePlace, *, started: bool = True) -> None:
        """Its turn has come; not ``started``: it was not so after all."""
        ...

    def end(self, place: LanePlace, *, ended: bool = True) -> None:
        """Nothing of it is sent any more; not ``ended``: something is again."""
        ...
