"""How many of the faults that there are a run of the suite has tried."""

from __future__ import annotations

COVERED: dict[str, tuple[int, int, int]] = {}
"""Kind of run → call points of a faultless run, faults there are, faults that were tried."""
