"""The mirror guard: how many members may lose their mark in one run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MirrorCount:
    """``subscribers`` of the list, ``members`` of the audience among them, ``leaving``: members not in the file."""

    subscribers: int = 0
    members: int = 0
    leaving: int = 0

    def __add__(self, other: MirrorCount) -> MirrorCount:
        return MirrorCount(
            self.subscribers + other.subscribers, self.members + other.members, self.leaving + other.leaving
        )


def guard_refusal(count: MirrorCount, percent: float) -> str | None:
    """A sentence for the operator when more than ``percent`` of the subscribers would lose the mark, else None."""
    if count.leaving == 0 or count.leaving * 100 <= percent * count.subscribers:
        return None
    share = 100 * count.leaving / count.subscribers
    return (
        f"Mirror stopped before any change: {count.leaving} of the audience's {count.members} members are not in the "
        f"file, {share:.1f} % of the list's {count.subscribers} subscribers; the guard is {percent:g} %. "
        "If that is meant, raise mirror_guard_percent for this destination and drop the file again."
    )
