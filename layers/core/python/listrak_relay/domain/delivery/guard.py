"""The mirror guard: how many members may lose their mark in one run."""

from __future__ import annotations

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class Guards:
    """Percentages that may leave in one run: of the list's subscribers, and of the audience's members."""

    of_list: float
    of_audience: float


def guard_refusal(count: MirrorCount, guards: Guards) -> str | None:
    """A sentence for the operator when more would lose the mark than either guard lets go, else None."""
    leaving = f"{count.leaving} of the audience's {count.members} members are not in the file"
    if count.leaving * 100 > guards.of_list * count.subscribers:
        share = 100 * count.leaving / count.subscribers
        said = f"{leaving}, {share:.1f} % of the list's {count.subscribers} subscribers; more than {guards.of_list:g} %"
        setting = "mirror_guard_percent"
    elif count.leaving * 100 > guards.of_audience * count.members:
        share = 100 * count.leaving / count.members
        said = f"{leaving}, {share:.1f} % of the audience; more than {guards.of_audience:g} %"
        setting = "audience_guard_percent"
    else:
        return None
    return (
        f"Mirror stopped before any change: {said}. "
        f"If that is meant, raise {setting} for this destination and drop the file again."
    )


def audience_counts(before: int, new: int, gone: int) -> Mapping[str, int]:
    """Of a mirror run, for its report: members before it, who comes, who goes, and how many there are then."""
    return {"before": before, "new": new, "gone": gone, "now": before + new - gone}
