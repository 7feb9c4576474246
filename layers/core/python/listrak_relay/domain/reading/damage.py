"""When so many rows are damaged that the file itself must be wrong."""

from __future__ import annotations

TOO_DAMAGED = "file_damaged"

_PIECES = 3
"""Into so many rows one fault can cut a row."""


def problem(file: str, damaged: int, rows: int, max_percent: float, *, together: bool = False) -> str | None:
    """What to say of a file of ``rows`` rows, the damaged ones among them; None if the others can be used. ``file``:
    its drop key. ``together``: the damaged rows follow each other.

    A single damaged row, or what one fault has made of it, is damage to a row, however short the file.
    """
    one_fault = damaged == 1 or (together and damaged <= _PIECES)
    if one_fault or damaged * 100 <= max_percent * rows:
        return None
    return (
        f"{file}: {damaged:,} of {rows:,} rows are damaged, more than {max_percent:g} %, so the file itself is "
        "wrong and nothing of it was sent. The rejects file names each such row and why. Mend the file, or say how it "
        "is written (or raise max_damaged_percent) under file of the destination"
    )
