"""How long an archive of very many small parts takes: ``python -m bench parts``.

Each part has one row, of which the rest of reading takes next to nothing, so that what is measured is what a part costs
by itself: a file that is made and looked through, and its share of the queries. Each archive is read by a process of
its own, with the function's own settings.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from rich.console import Console
from rich.table import Table

from bench.ingest.defaults import default_audience_reader
from bench.ingest.files import Format
from bench.ingest.measuring import Measured, measure
from bench.ingest.readers import DESTINATIONS, Done, Task, Work
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.ports.reading import LocalFile

PARTS = 9_000
MOST_SECONDS = 10.0
"""Of an archive of `PARTS` parts of delimited text."""


def run(parts: int = PARTS) -> int:
    """1 if the bar does not hold, else 0."""
    table = Table("parts of", "parts", "seconds", "peak, MB", title="Archives of parts of one row")
    seconds: dict[str, float] = {}
    for kind, write in _KINDS.items():
        with TemporaryDirectory(prefix="listrak-relay-bench-") as name:
            folder = Path(name)
            path = folder / "parts.zip"
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                for number in range(parts):
                    archive.writestr(f"part-{number:05d}.{kind}", write(number, folder))
            measured = measure(_read, Task(path, Format.CSV, folder / "out"))
        if not isinstance(measured, Measured) or measured.done.rows != parts:
            raise SystemExit(f"parts of {kind} were not read: {measured}")
        seconds[kind] = measured.seconds
        table.add_row(kind, f"{parts:,}", f"{measured.seconds:.1f}", f"{measured.peak_mb:.0f}")
    Console().print(table)
    held = seconds["csv"] < MOST_SECONDS
    print(f"{'held' if held else 'NOT HELD'}: {parts:,} parts of CSV in less than {MOST_SECONDS:g} s")
    return 0 if held else 1


def _csv(number: int, _folder: Path) -> bytes:
    return f"email,first_name,opt_in\np{number}@example.com,Ann,true\n".encode()


def _json(number: int, _folder: Path) -> bytes:
    return json.dumps({"email": f"p{number}@example.com", "first_name": "Ann", "opt_in": "true"}).encode() + b"\n"


def _parquet(number: int, folder: Path) -> bytes:
    path = folder / "part"
    row = f"SELECT 'p{number}@example.com' AS email, 'Ann' AS first_name, true AS opt_in"
    duckdb.execute(f"COPY ({row}) TO '{path}' (FORMAT parquet)")
    return path.read_bytes()


_KINDS: dict[str, Callable[[int, Path], bytes]] = {"csv": _csv, "json": _json, "parquet": _parquet}


def _read(task: Task) -> Work:
    reader = default_audience_reader()
    key = f"{Channel.EMAIL}/bench/{task.path.name}"
    source = DroppedFile("drop", key, "1", task.path.stat().st_size, "2026-01-31T00:00:00Z")

    def work() -> Done:
        files = [LocalFile(key, task.path)]
        found = reader.read(files, source, DESTINATIONS[task.channel], "bench", task.folder)
        return Done(sum(chunk.rows for chunk in found.chunks))

    return work
