"""Speed and memory of closing a run of which every row was turned away: ``python -m bench.closing [--millions 1 10]``.

A mirror run that the guard stops is such a run: each of its chunks leaves a part of rejects, and `close_run` makes one
file for people of them. A process of its own does that with parts on the disk, and sends what it writes to S3 by the
function's own upload, whose calls take no time here. Its resident memory is sampled meanwhile.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, BinaryIO, cast

from rich.console import Console
from rich.table import Table

from bench._memory import peak_memory
from bench._processes import measure_apart
from listrak_relay.adapters.aws.s3_objects import S3ObjectStore
from listrak_relay.adapters.aws.s3_upload import S3Upload
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import Action, Chunk, Part
from listrak_relay.domain.run.rejects import REJECT_COLUMNS, Reject, RejectOutcome
from listrak_relay.domain.values.csv_lines import csv_writer
from listrak_relay.use_cases.runs.refusing import DETAIL
from listrak_relay.use_cases.runs.rejects_file import RejectsFile

MOST_MEGABYTES = 100
"""The bar: above the idle process, however many lines there are."""

RUN = "email-0123456789abcdef"
FILE = "email/vip_customers/2026-11-29.csv"
_CHUNK_ROWS = 2_000_000
_MEGABYTE = 1_000_000
_USUAL = (1, 10)


@dataclass(frozen=True)
class Measured:
    """Bytes, and seconds of the processor; ``size`` of what was written."""

    lines: int
    size: int
    idle: int
    peak: int
    seconds: float


class Bucket:
    """Counts the bytes of what is put and keeps none of it."""

    def __init__(self) -> None:
        self.size = 0

    def put_object(self, Body: bytes, **_: Any) -> None:  # noqa: N803
        self.size += len(Body)

    def create_multipart_upload(self, **_: Any) -> dict[str, str]:
        return {"UploadId": "upload"}

    def upload_part(self, Body: bytes, **_: Any) -> dict[str, str]:  # noqa: N803
        self.size += len(Body)
        return {"ETag": "etag"}

    def complete_multipart_upload(self, **_: Any) -> None:
        """Nothing is left to do."""


class Parts(S3ObjectStore):
    """Reads files of a folder, writes to a `Bucket`."""

    def __init__(self, folder: Path, bucket: Bucket) -> None:
        super().__init__("work", cast("Any", bucket))
        self._folder, self._into = folder, bucket

    def keys(self, prefix: str) -> list[str]:
        return sorted(f"{prefix}{path.name}" for path in self._folder.iterdir())

    def open(self, key: str, first: int = 0) -> BinaryIO:
        body = (self._folder / key.rsplit("/", 1)[-1]).open("rb")
        body.seek(first)
        return body

    @contextmanager
    def writing(self, key: str, content_type: str) -> Iterator[BinaryIO]:
        upload = S3Upload(cast("Any", self._into), "work", key, content_type)
        yield cast("BinaryIO", upload)
        upload.finish()


def chunks(lines: int) -> list[Chunk]:
    return [
        Chunk(f"subscribe-{place:04}", Action.SUBSCRIBE, "", "", min(_CHUNK_ROWS, lines - first), 0, "")
        for place, first in enumerate(range(0, lines, _CHUNK_ROWS), start=1)
    ]


def write_parts(lines: int, folder: Path) -> None:
    """As `Refusing` writes them."""
    row = 2
    for chunk in chunks(lines):
        name = keys.rejects_section_key(RUN, chunk.chunk_id).rsplit("/", 1)[-1]
        with (folder / name).open("w", encoding="utf-8", newline="") as text:
            writer = csv_writer(text)
            writer.writerow(REJECT_COLUMNS)
            for _ in range(chunk.rows):
                record = f"person.{row:09d}@example.com,Ada,Lovelace,Lititz,PA,17543,1240,2026-11-29,on"
                writer.writerow(astuple(Reject(row, RejectOutcome.REJECTED, "mirror_guard", "", DETAIL, record)))
                row += 1


def close(lines: int, folder: Path, result: Connection) -> None:
    bucket = Bucket()
    rejects = RejectsFile(Parts(folder, bucket))
    begun = time.process_time()
    idle, peak = peak_memory(lambda: rejects.merge(RUN, chunks(lines), [Part(FILE, lines)]))
    result.send(Measured(lines, bucket.size, idle, peak, time.process_time() - begun))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.closing", description=__doc__)
    parser.add_argument("--millions", type=int, nargs="+", default=_USUAL, metavar="N")
    return run(parser.parse_args().millions)


def run(millions: Sequence[int] = _USUAL) -> int:
    """1 if the bar does not hold, else 0."""
    measured = measure_apart([size * 1_000_000 for size in millions], write_parts, close, Measured)
    table = Table("lines", "file, MB", "seconds", "lines/s", "above idle, MB", title="Closing a run that was refused")
    for each in measured:
        table.add_row(
            f"{each.lines:,}",
            f"{each.size / _MEGABYTE:,.0f}",
            f"{each.seconds:.1f}",
            f"{each.lines / each.seconds:,.0f}",
            f"{(each.peak - each.idle) / _MEGABYTE:.1f}",
        )
    most = max(each.peak - each.idle for each in measured) / _MEGABYTE
    console = Console()
    console.print(table)
    console.print(f"At most {most:.1f} MB above the idle process; the bar is {MOST_MEGABYTES} MB.")
    return 0 if most <= MOST_MEGABYTES else 1


if __name__ == "__main__":
    raise SystemExit(main())
