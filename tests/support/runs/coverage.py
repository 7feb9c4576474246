"""How many of the faults that there are a test has tried."""

from __future__ import annotations

COVERED = "faults covered"
"""Name of the property by which a test reports it."""


def covered(name: str, points: int, there_are: int, tried: int, seed: int) -> str:
    """``points``: call points of a faultless run. ``there_are``: faults. ``seed``: by which they were drawn."""
    return f"faults: {name}: {points} call points, {tried:,} of {there_are:,} faults tried (FAULT_SEED={seed})"
