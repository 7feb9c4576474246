"""Runs every reader over every file and prints the tables.

A file is made, measured and removed before the next, so that ten million rows need no more than 3 GB of disk. Of
several repeats the quickest counts, because other work on the machine can only slow a reader down.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from bench.ingest.bars import bars
from bench.ingest.files import Format, make_csv, make_from_csv
from bench.ingest.measuring import Measured, NotMeasured, best, measure
from bench.ingest.object_server import serving
from bench.ingest.readers import CSV_AND_JSON, ONLY_READ, OURS, READERS, Task, reads
from listrak_relay.domain.destinations.choices import Channel

MILLION = 1_000_000
_WIDTH = 110
STAGES = {
    "download": ("download",),
    "unpack": ("unpack",),
    "parse": ("survey", "parse"),
    "validate": ("contacts", "consent", "profile"),
    "de-duplicate": ("duplicates",),
    "write": ("write", "cut"),
}
"""Word of the table → stages of `DuckDbAudienceReader`. Most addresses are found valid while they are parsed."""


@dataclass(frozen=True, slots=True)
class Line:
    """One measurement. ``size``: bytes of the file."""

    format: str
    rows: int
    size: int
    reader: str
    measured: Measured | NotMeasured | None


def run(rows: int = MILLION) -> int:
    """Measure ``rows`` and ten times as many; 1 if a bar does not hold, else 0."""
    console = Console()
    console.width = max(console.width, _WIDTH)  # a file or a pipe counts as 80 columns wide
    lines: list[Line] = []
    # What disturbs a run weighs more the shorter it is.
    for count, repeats in ((rows, 7), (10 * rows, 2)):
        lines += _lines(count, repeats, console, sms=count == rows)
    check_written(lines)
    console.print(results_table(lines))
    console.print(stages_table(lines))
    found = bars(
        _seconds(lines, rows, OURS),
        _seconds(lines, rows, CSV_AND_JSON),
        _seconds(lines, 10 * rows, OURS),
        [line.measured.peak_mb for line in lines if line.reader == OURS and isinstance(line.measured, Measured)],
        rows,
    )
    for bar in found:
        console.print(str(bar), highlight=False, style="" if bar.held else "bold red")
    return 0 if all(bar.held for bar in found) else 1


def _lines(rows: int, repeats: int, console: Console, *, sms: bool) -> Iterator[Line]:
    with TemporaryDirectory(prefix="listrak-relay-bench-") as name:
        folder = Path(name)
        people = folder / "people.csv"
        console.print(f"{rows:,} rows: making the file …")
        make_csv(people, rows)
        for format_ in Format:
            path = people
            if format_ is not Format.CSV:
                path = folder / ("people.csv.gz" if format_ is Format.GZIP else "people.parquet")
                make_from_csv(people, format_, path)
            console.print(f"{rows:,} rows, {format_}: measuring …")
            measured = compare([name for name in READERS if reads(name, format_)], path, format_, repeats)
            for reader in READERS:
                yield Line(format_, rows, path.stat().st_size, reader, measured.get(reader))
        if sms:
            make_csv(people, rows, Channel.SMS)
            measured = compare([OURS], people, Format.CSV, repeats, Channel.SMS)
            yield Line("CSV, SMS", rows, people.stat().st_size, OURS, measured[OURS])


def compare(
    readers: Sequence[str], path: Path, format_: Format, repeats: int, channel: Channel = Channel.EMAIL
) -> dict[str, Measured | NotMeasured]:
    """Readers take turns, because other work on the machine slows down whoever runs meanwhile."""
    results: dict[str, list[Measured | NotMeasured]] = {reader: [] for reader in readers}
    with serving(path) as address:
        for _ in range(repeats):
            for reader, found in results.items():
                if any(isinstance(each, NotMeasured) for each in found):
                    continue
                with TemporaryDirectory(dir=path.parent) as folder:
                    found.append(measure(READERS[reader], Task(path, format_, Path(folder), address, channel)))
    return {reader: best(found) for reader, found in results.items()}


def check_written(lines: list[Line]) -> None:
    """Whoever does the same work must come to the same number of rows."""
    for line in lines:
        if not isinstance(line.measured, Measured):
            continue
        wanted = line.rows
        if line.reader not in ONLY_READ:
            ours = _find(lines, line.rows, OURS, line.format)
            wanted = ours.done.rows if isinstance(ours, Measured) else line.measured.done.rows
        if line.measured.done.rows != wanted:
            raise RuntimeError(
                f"{line.reader} came to {line.measured.done.rows:,} rows of {line.format} instead of {wanted:,}"
            )


def _find(lines: list[Line], rows: int, reader: str, format_: str) -> Measured | NotMeasured | None:
    wanted = (rows, reader, format_)
    return next(line.measured for line in lines if (line.rows, line.reader, line.format) == wanted)


def _seconds(lines: list[Line], rows: int, reader: str) -> float | None:
    """From the disk, where the others have the file too."""
    found = _find(lines, rows, reader, Format.CSV)
    if not isinstance(found, Measured):
        return None
    return found.seconds - found.done.stages.get("download", 0) / 1000


def results_table(lines: list[Line]) -> Table:
    table = Table(title="Reading an audience file", caption="MB/s of the file; ratio: times the seconds of ours")
    for heading in ("format", "rows", "reader", "seconds", "rows/s", "MB/s", "peak MB", "ratio"):
        table.add_column(heading, justify="left" if heading in ("format", "reader") else "right")
    for line in lines:
        ours, measured = _find(lines, line.rows, OURS, line.format), line.measured
        known = (line.format, f"{line.rows:,}", line.reader)
        if not isinstance(measured, Measured):
            table.add_row(*known, *(["-"] * 4), measured.why if measured else "cannot read it")
            continue
        table.add_row(
            *known,
            f"{measured.seconds:.2f}",
            f"{line.rows / measured.seconds:,.0f}",
            f"{line.size / 1e6 / measured.seconds:,.0f}",
            f"{measured.peak_mb:,.0f}",
            f"{measured.seconds / ours.seconds:.2f}" if isinstance(ours, Measured) else "-",
            end_section=line.reader == list(READERS)[-1],
        )
    return table


def stages_table(lines: list[Line]) -> Table:
    table = Table(
        title="Where our time goes, seconds", caption="parse: the survey of the bytes, too; write: cut and hash"
    )
    for heading in ("format", "rows", *STAGES, "the rest"):
        table.add_column(heading, justify="left" if heading == "format" else "right")
    for line in lines:
        if line.reader != OURS or not isinstance(line.measured, Measured):
            continue
        spent = stages_of(line.measured)
        table.add_row(line.format, f"{line.rows:,}", *(f"{seconds:.2f}" for seconds in spent.values()))
    return table


def stages_of(measured: Measured) -> dict[str, float]:
    """Seconds by the words of `STAGES`, and ``the rest``: opening a session, clearing up."""
    found = measured.done.stages
    unknown = found.keys() - {name for names in STAGES.values() for name in names}
    if unknown:
        raise RuntimeError(f"stages without a word for them: {', '.join(sorted(unknown))}")
    spent = {word: sum(found[name] for name in names) / 1000 for word, names in STAGES.items()}
    return spent | {"the rest": measured.seconds - sum(spent.values())}
