"""Reading an audience file: ours against `csv.DictReader` with `json.dumps` for each 100 rows, on the same files.

The other side does only that: no check, no normal form, no duplicates, no types, nothing written. Every measurement
runs in a process of its own, so that its peak memory is its own; of several repeats the quickest counts. The file for
SMS has the same rows with phone numbers of the usual spellings in place of the addresses.
"""

from __future__ import annotations

import csv
import json
import multiprocessing
import random
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from listrak_relay.adapters.duckdb_reader import DuckDbAudienceReader
from listrak_relay.domain.destinations import BUILT_IN, Channel
from listrak_relay.domain.runs import DroppedFile
from listrak_relay.ports import IngestedAudience, LocalFile

MILLION = 1_000_000
BATCH = 100
REPEATED_SHARE = 0.02
THREADS = 2
MEMORY_LIMIT_MB = 900
HEADER = "{contact},first_name,last_name,postal,birthdate,loyalty_tier,points,last_purchase,opt_in"
BARS = "at least 2.5 times the speed of the other side; 10 M rows in at most 11 times the time of 1 M, under 1,500 MB"


@dataclass(frozen=True, slots=True)
class Measured:
    """``seconds`` of the work itself; ``peak_mb``: most memory of its process. ``stages``: milliseconds by stage."""

    seconds: float
    peak_mb: float
    stages: dict[str, int]


def email_address(who: int) -> str:
    return f"Person.{who}@mail{who % 997}.example.com"


def phone_number(who: int) -> str:
    """One of the eight million numbers of an area code, in one of the usual spellings."""
    area, digits = 201 + who // 8_000_000, f"{2_000_000 + who % 8_000_000}"
    start, end = digits[:3], digits[3:]
    return (
        f"({area}) {start}-{end}",
        f"{area}-{start}-{end}",
        f"+1{area}{digits}",
        f"1 {area} {start} {end}",
        f"{area}{digits}",
    )[who % 5]


CONTACTS = {Channel.EMAIL: ("email", email_address), Channel.SMS: ("phone", phone_number)}


def make_file(path: Path, rows: int, channel: Channel) -> None:
    """Made-up people: one address or number in 50 comes twice, one in 1,000 is none."""
    name, contact_of = CONTACTS[channel]
    chance = random.Random(7)
    first = ("Ana", "Bob", "Cleo", "Dev", "Eve", "Finn", "Gus", "Hana")
    last = ("Smith", "Jones", "O'Neil", "García", "Nguyen", "Brown", "Lee")
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(HEADER.format(contact=name) + "\n")
        for number in range(rows):
            who = number if chance.random() > REPEATED_SHARE else chance.randrange(rows)
            contact = contact_of(who) if number % 1000 else "none given"
            stream.write(
                f"{contact},{chance.choice(first)},{chance.choice(last)},{chance.randrange(10_000, 99_999)},"
                f"{chance.randrange(1950, 2005)}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d},"
                f"{chance.choice(('Gold', 'Silver', 'Bronze'))},{chance.randrange(10_000)}.{chance.randrange(100):02d},"
                f"2026-0{chance.randrange(1, 10)}-11,{'false' if number % 5 == 0 else 'true'}\n"
            )


def ours(path: Path, channel: Channel = Channel.EMAIL) -> dict[str, int]:
    """Everything between the dropped file and the chunk files."""
    with TemporaryDirectory(dir=path.parent) as folder:
        reader = DuckDbAudienceReader(
            max_chunk_bytes=180_000_000,
            one_by_one_rows=1_000,
            sms_chunk_rows=5_000,
            memory_limit_mb=MEMORY_LIMIT_MB,
            threads=THREADS,
        )
        source = DroppedFile("drop", f"{channel}/bench/people.csv", "1", path.stat().st_size, "2026-01-31T00:00:00Z")
        files = [LocalFile(source.key, path)]
        result: IngestedAudience = reader.read(files, source, BUILT_IN[channel], "bench", Path(folder) / "out")
    stages: dict[str, int] = result.notes["milliseconds"]
    return stages


def other_side(path: Path) -> dict[str, int]:
    batch = []
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            batch.append(row)
            if len(batch) == BATCH:
                json.dumps(batch)
                batch.clear()
    json.dumps(batch)
    return {}


def _measure(work: Callable[[Path], dict[str, int]], path: Path) -> Measured:
    began = time.perf_counter()
    stages = work(path)
    seconds = time.perf_counter() - began
    # Linux gives kilobytes, macOS bytes.
    unit = 1_000_000 if sys.platform == "darwin" else 1_000
    return Measured(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, stages)


def _quickest(work: Callable[[Path], dict[str, int]], path: Path, repeats: int) -> Measured:
    spawn = multiprocessing.get_context("spawn")
    measured = []
    for _ in range(repeats):
        with spawn.Pool(1) as pool:
            measured.append(pool.apply(_measure, (work, path)))
    return min(measured, key=lambda m: m.seconds)


def run() -> None:
    """Measure and print one table; data is made in the system's folder for temporary files."""
    console = Console()
    table = Table(title="Reading an audience file", caption=BARS)
    for heading in ("", "rows", "MB", "seconds", "rows/s", "MB/s", "peak MB", "ratio"):
        table.add_column(heading, justify="left" if not heading else "right")
    stages: dict[int, dict[str, int]] = {}
    one_million = 0.0
    with TemporaryDirectory(prefix="listrak-relay-bench-") as folder:
        for rows, repeats in ((MILLION, 3), (10 * MILLION, 1)):
            path = Path(folder) / f"people-{rows}.csv"
            console.print(f"making {rows:,} rows …")
            make_file(path, rows, Channel.EMAIL)
            size = path.stat().st_size / 1e6
            mine = _quickest(ours, path, repeats)
            stages[rows] = mine.stages
            if rows == MILLION:
                one_million = mine.seconds
                other = _quickest(other_side, path, repeats)
                _add(table, "csv.DictReader + json", rows, size, other, "")
                _add(table, "listrak_relay", rows, size, mine, f"{other.seconds / mine.seconds:.1f} times quicker")
                _add_sms(table, Path(folder) / "texts.csv", rows, mine)
            else:
                _add(table, "listrak_relay", rows, size, mine, f"{mine.seconds / one_million:.1f} times 1 M")
            path.unlink()
    console.print(table)
    for rows, spent in stages.items():
        console.print(f"{rows:>10,} rows, ms: " + ", ".join(f"{name} {ms:,}" for name, ms in spent.items()))


def _add_sms(table: Table, path: Path, rows: int, email: Measured) -> None:
    make_file(path, rows, Channel.SMS)
    mine = _quickest(partial(ours, channel=Channel.SMS), path, 3)
    ratio = f"{mine.seconds / email.seconds:.2f} times email"
    _add(table, "listrak_relay, SMS", rows, path.stat().st_size / 1e6, mine, ratio)
    path.unlink()


def _add(table: Table, name: str, rows: int, size: float, measured: Measured, ratio: str) -> None:
    table.add_row(
        name,
        f"{rows:,}",
        f"{size:,.0f}",
        f"{measured.seconds:.2f}",
        f"{rows / measured.seconds:,.0f}",
        f"{size / measured.seconds:,.0f}",
        f"{measured.peak_mb:,.0f}",
        ratio,
    )
