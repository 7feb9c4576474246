"""What is compared. Each reader takes a file and leaves what it writes in a folder. It makes itself ready first, with
imports and clients, as a warm function has them; what it then gives is the work that is measured.

Ours does the whole of ingest up to the chunk files, download included. pandas and polars do the nearest to that in as
many lines as their users would write: addresses trimmed, lower-cased and checked by our pattern, of each the last row,
one file of those who subscribe and one of those who do not. They look for no damaged rows, no types of columns, no
reasons, no row numbers. `csv` with `json` and the scan only read.
"""

from __future__ import annotations

import csv
import gzip
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from bench.ingest.defaults import SETTINGS, default_audience_reader
from bench.ingest.files import COLUMNS, Format
from bench.ingest.object_server import client_of
from listrak_relay.adapters.aws.s3_objects import S3DropStore
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.destinations.destinations import AudienceDestination, EmailDestination, SmsDestination
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.domain.values import email_address
from listrak_relay.ports.reading import LocalFile

_BATCH = 100
_CONTACT = COLUMNS[0]
_OPT_IN = COLUMNS[-1]


@dataclass(frozen=True, slots=True)
class Task:
    """``address``: of a server that gives ``path`` as an object of S3, for the reader that downloads."""

    path: Path
    format: Format
    folder: Path
    address: str = ""
    channel: Channel = Channel.EMAIL


@dataclass(frozen=True, slots=True)
class Done:
    """``rows``: written, or read by those who only read. ``stages``: milliseconds by the stages of
    `DuckDbAudienceReader`, and ``download``."""

    rows: int
    stages: dict[str, int] = field(default_factory=dict)


Work = Callable[[], Done]


DESTINATIONS: dict[Channel, AudienceDestination] = {
    Channel.EMAIL: EmailDestination("email"),
    Channel.SMS: SmsDestination("sms"),
}


class NotInstalledError(Exception):
    """The library is not there."""


def ours(task: Task) -> Work:
    """With the settings that the function has by default."""
    reader = default_audience_reader()
    drops = S3DropStore(client_of(task.address))
    key, size = f"{task.channel}/bench/{task.path.name}", task.path.stat().st_size
    source = DroppedFile("drop", key, "1", size, "2026-01-31T00:00:00Z")

    def work() -> Done:
        began = time.perf_counter()
        dropped = task.folder / "dropped"
        drops.download(source, dropped)
        download = round((time.perf_counter() - began) * 1000)
        files, destination = [LocalFile(key, dropped)], DESTINATIONS[task.channel]
        result = reader.read(files, source, destination, "bench", task.folder / "out")
        return Done(sum(chunk.rows for chunk in result.chunks), {"download": download, **result.notes["milliseconds"]})

    return work


def csv_and_json(task: Task) -> Work:
    """`csv.DictReader`, and `json.dumps` of each hundred rows."""
    opened = gzip.open if task.format is Format.GZIP else open

    def work() -> Done:
        rows, batch = 0, []
        with opened(task.path, "rt", encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                rows += 1
                batch.append(row)
                if len(batch) == _BATCH:
                    json.dumps(batch)
                    batch.clear()
        json.dumps(batch)
        return Done(rows)

    return work


def with_pandas(task: Task) -> Work:
    try:
        import pandas as pd  # noqa: PLC0415 - only where it is compared with
    except ImportError as error:
        raise NotInstalledError from error

    def work() -> Done:
        if task.format is Format.PARQUET:
            frame = pd.read_parquet(task.path)
        else:
            frame = pd.read_csv(task.path, dtype=str, keep_default_na=False)
        frame[_CONTACT] = frame[_CONTACT].str.strip().str.lower()
        frame = frame[frame[_CONTACT].str.fullmatch(email_address.USUAL_PATTERN)]
        frame = frame.drop_duplicates(_CONTACT, keep="last")
        subscribed = frame[_OPT_IN] == "true"
        frame[subscribed].drop(columns=_OPT_IN).to_csv(task.folder / "subscribe.csv", index=False, header=False)
        frame.loc[~subscribed, [_CONTACT]].to_csv(task.folder / "unsubscribe.csv", index=False, header=False)
        return Done(len(frame))

    return work


def with_polars(task: Task) -> Work:
    """Lazily, by the streaming engine."""
    try:
        import polars as pl  # noqa: PLC0415 - only where it is compared with
    except ImportError as error:
        raise NotInstalledError from error
    subscribe, unsubscribe = task.folder / "subscribe.csv", task.folder / "unsubscribe.csv"

    def work() -> Done:
        parquet = task.format is Format.PARQUET
        rows = pl.scan_parquet(task.path) if parquet else pl.scan_csv(task.path, infer_schema=False)
        rows = (
            rows.with_columns(pl.col(_CONTACT).str.strip_chars().str.to_lowercase())
            .filter(pl.col(_CONTACT).str.contains(f"^(?:{email_address.USUAL_PATTERN})$"))
            .unique(_CONTACT, keep="last", maintain_order=True)
        )
        subscribed = pl.col(_OPT_IN) == "true"
        stay, leave = rows.filter(subscribed).drop(_OPT_IN), rows.filter(~subscribed).select(_CONTACT)
        written = [
            stay.sink_csv(subscribe, include_header=False, lazy=True),
            leave.sink_csv(unsubscribe, include_header=False, lazy=True),
        ]
        pl.collect_all(written, engine="streaming")
        return Done(_lines(subscribe) + _lines(unsubscribe))

    return work


def scan(task: Task) -> Work:
    """Every value as text, looked at once and thrown away: what parsing alone takes."""
    read = "read_parquet(?)" if task.format is Format.PARQUET else "read_csv(?, all_varchar = true)"
    sizes = ", ".join(f"sum(strlen({name}))" for name in COLUMNS)
    threads = str(SETTINGS.threads)

    def work() -> Done:
        with duckdb.connect(config={"threads": threads}) as session:
            session.execute("SET enable_progress_bar = false")
            found = session.execute(f"SELECT count(*), {sizes} FROM {read}", [str(task.path)]).fetchone()
        return Done(int(found[0]) if found else 0)

    return work


def _lines(path: Path) -> int:
    with path.open("rb") as stream:
        return sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b""))


OURS = "listrak_relay"
SCAN = "DuckDB, scan only"
CSV_AND_JSON = "csv.DictReader + json"
READERS: dict[str, Callable[[Task], Work]] = {
    OURS: ours,
    CSV_AND_JSON: csv_and_json,
    "pandas": with_pandas,
    "polars": with_polars,
    SCAN: scan,
}
ONLY_READ = frozenset({CSV_AND_JSON, SCAN})
"""They give every row of the file; the others must all write the same number."""


def reads(name: str, format_: Format) -> bool:
    """The standard library knows no Parquet."""
    return not (name == CSV_AND_JSON and format_ is Format.PARQUET)
