"""What is promised of speed and memory, and whether it holds."""

from __future__ import annotations

from dataclasses import dataclass

TIMES_CSV = 2.5
TIMES_MILLION = 11.0
PEAK_MB = 1_500.0


@dataclass(frozen=True, slots=True)
class Bar:
    """``figure``: as measured, None if it could not be."""

    promise: str
    figure: str | None
    held: bool

    def __str__(self) -> str:
        return f"{'held' if self.held else 'NOT HELD'}: {self.promise}: {self.figure or 'not measured'}"


def bars(
    small: float | None, small_csv: float | None, large: float | None, peaks_mb: list[float], rows: int
) -> list[Bar]:
    """``small``, ``small_csv``: seconds of ours and of the csv side for ``rows`` rows of CSV. ``large``: of ours for
    ten times as many. ``peaks_mb``: of all of ours."""
    quicker = small_csv / small if small and small_csv else None
    longer = large / small if small and large else None
    peak = max(peaks_mb, default=None)
    return [
        Bar(
            f"{rows:,} rows of CSV from the disk at least {TIMES_CSV} times as fast as csv.DictReader + json",
            f"{quicker:.2f} times" if quicker else None,
            quicker is not None and quicker >= TIMES_CSV,
        ),
        Bar(
            f"{10 * rows:,} rows of CSV in at most {TIMES_MILLION:g} times the time of {rows:,}",
            f"{longer:.2f} times" if longer else None,
            longer is not None and longer <= TIMES_MILLION,
        ),
        Bar(
            f"less than {PEAK_MB:,.0f} MB of memory, whatever the file",
            f"{peak:,.0f} MB" if peak else None,
            peak is not None and peak < PEAK_MB,
        ),
    ]
