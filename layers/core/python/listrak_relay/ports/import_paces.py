"""How long imports of a list have taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ImportPace:
    """``seconds``: from the begin of the import of ``rows`` until it was found finished."""

    rows: int
    seconds: float


class ImportPaces(Protocol):
    """``lane``: see `domain.lanes.lane.lane_of`. Raises RetryableError when it is throttled or away."""

    def last(self, lane: str) -> ImportPace | None:
        """Of the latest import of the list; None: there was none, or longer ago than the ledger keeps."""
        ...

    def note(self, lane: str, pace: ImportPace) -> None: ...
