"""Memory and speed of comparing a mirror run's file with the list: ``python -m bench.mirror [--millions 5 20]``.

A process of its own for each size does what `deliver_email` does after its first look at the file: it reads the hashes
of all chunks, sorts them, and asks for the contacts of the list page by page. How fast hashes are made of a chunk's
rows is measured beside that, with nine columns, two of which are checked against their fields.

What the function takes beside the hashes is measured in one more process: its modules and clients, then a list of
which every member leaves, read by our own client from answers of Listrak's form, page by page.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import time
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from bench._mirror_list import LISTED, Beside, beside, mirror_manifest
from bench._processes import measure_apart
from listrak_relay.domain.delivery.email_plan import EmailPlan
from listrak_relay.domain.delivery.hashed_contacts import BYTES_EACH, HashedContacts
from listrak_relay.domain.delivery.plans import Stage, TargetField
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import Action, Chunk, FieldType, ProfileColumn
from listrak_relay.settings.delivering import BESIDE_CONTACTS_MB
from listrak_relay.use_cases.email.staying import Staying
from tests.support.fakes import FakeObjectStore

_CHUNK_CONTACTS = 1_000_000
_ASKED = 1_000_000
_ROWS = 300_000
_COLUMNS = 9
_USUAL = (5, 20)
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Measured:
    """Bytes, and seconds of the processor. ``peak``: above the idle process."""

    contacts: int
    peak: int
    reading: float
    sorting: float
    asking: float


def write_chunks(contacts: int, folder: Path) -> None:
    """As `HashedContacts.write` writes them."""
    for start in range(0, contacts, _CHUNK_CONTACTS):
        hashes = array("Q", random.Random(start).randbytes(8 * min(_CHUNK_CONTACTS, contacts - start)))
        (folder / f"{start:012}").write_bytes(array("Q", sorted(hashes)).tobytes())


def compare(contacts: int, folder: Path, result: Connection) -> None:
    process = psutil.Process()
    idle, peak, reading = process.memory_info().rss, 0, 0.0
    found = HashedContacts(contacts)
    for path in sorted(folder.iterdir()):
        begun = time.process_time()
        with path.open("rb") as body:
            found.read(body)
        reading += time.process_time() - begun
        peak = max(peak, process.memory_info().rss - idle)
    begun = time.process_time()
    found.sort()
    sorting = time.process_time() - begun
    peak = max(peak, process.memory_info().rss - idle)
    begun = time.process_time()
    if sum(f"person.{number:09d}@example.com" in found for number in range(_ASKED)):
        raise SystemExit("somebody was found who is not there")
    result.send(Measured(contacts, peak, reading, sorting, time.process_time() - begun))


def rows_a_second() -> float:
    """Of a chunk whose hashes are made."""
    run_id, chunk_id = "email-0123456789abcdef", "subscribe-0001"
    values = ",".join(["Ada", "2026-11-29", *["Lititz"] * (_COLUMNS - 2)])
    body = "".join(f"person.{number:09d}@example.com,{values}\n" for number in range(_ROWS)).encode()
    numbers = "".join(f"{number}\n" for number in range(2, _ROWS + 2)).encode()
    key, rows_key = keys.chunk_key(run_id, chunk_id), keys.rows_key(run_id, chunk_id)
    columns = tuple(ProfileColumn(f"Column {n}", FieldType.TEXT, longest=9, max_length=255) for n in range(_COLUMNS))
    fields = tuple(TargetField(n, "Date" if n == 1 else "Text", 5 if n == 0 else 255) for n, _ in enumerate(columns))
    chunk = Chunk(chunk_id, Action.UPDATE, key, rows_key, _ROWS, len(body), hashlib.sha256(body).hexdigest())
    manifest = mirror_manifest(run_id, columns, chunk)
    staying = Staying(FakeObjectStore({key: body, rows_key: numbers}), _ROWS)
    begun = time.process_time()
    found = staying.of(manifest, EmailPlan(Stage.GUARD, 1, fields=fields), lambda: 900.0, lambda: None)
    seconds = time.process_time() - begun
    if len(found) != _ROWS:
        raise SystemExit(f"{len(found)} of {_ROWS} rows were found")
    return _ROWS / seconds


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.mirror", description=__doc__)
    parser.add_argument("--millions", type=int, nargs="+", default=_USUAL, metavar="N")
    return run(parser.parse_args().millions)


def run(millions: Sequence[int] = _USUAL) -> int:
    """1 if the bar does not hold, else 0."""
    measured = measure_apart([size * 1_000_000 for size in millions], write_chunks, compare, Measured)
    table = Table("contacts", "MB", "bytes each", "read, s", "sort, s", "ask, µs", title="Comparing with the list")
    for each in measured:
        table.add_row(
            f"{each.contacts:,}",
            f"{each.peak / _MEGABYTE:,.0f}",
            f"{each.peak / each.contacts:.1f}",
            f"{each.reading:.1f}",
            f"{each.sorting:.1f}",
            f"{each.asking / _ASKED * 1e6:.2f}",
        )
    console = Console()
    console.print(table)
    console.print(f"Rows of nine columns a second, read and hashed: {rows_a_second():,.0f}")
    most = max(each.peak / each.contacts for each in measured)
    console.print(f"At most {most:.1f} bytes each; the bar is {BYTES_EACH}.")
    (rest,) = measure_apart([LISTED], lambda *_: None, beside, Beside)
    console.print(
        f"Beside them: {rest.idle / _MEGABYTE:,.0f} MB of modules and clients, {rest.peak / _MEGABYTE:,.0f} MB at most "
        f"while {LISTED:,} who leave are read; the bar is {BESIDE_CONTACTS_MB}."
    )
    return 0 if most <= BYTES_EACH and rest.peak <= BESIDE_CONTACTS_MB * _MEGABYTE else 1


if __name__ == "__main__":
    raise SystemExit(main())
