"""When so many rows are rejected that the file, or its mapping, must be wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping

TOO_MANY_REJECTED = "too_many_rejected"

_TOLD = 3


def problem(
    file: str,
    rejected: int,
    rows: int,
    reasons: Mapping[str, int],
    max_percent: float,
    words: Callable[[str], str],
) -> str | None:
    """Why nothing of a file is sent, if it has more rejected rows than ``max_percent`` of its ``rows``. ``reasons``:
    rejected rows by reason code. ``words``: what to say for such a code."""
    if rejected * 100 <= max_percent * rows:
        return None
    often = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))[:_TOLD]
    told = ", ".join(f"{words(reason)} in {count:,}" for reason, count in often)
    return (
        f"{file}: {rejected:,} of {rows:,} rows were rejected ({told}), more than max_rejected_percent: "
        f"{max_percent:g} allows, so nothing is sent; mend the file, or the destination's data template, and drop "
        "it again"
    )
