"""The simulator's own part of a run: how fast it imports, and what a contact takes of its memory.

``python -m bench.simulator [--rows 1000000 5000000]``. It is part of every measurement of the whole stack. Seconds are
the simulator's own on a processor, the upload's included, which a busy machine changes less than those on the wall.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO

import psutil
import requests
from rich.console import Console
from rich.table import Table

from listrak_relay.adapters.listrak.base64_body import Base64JsonBody
from listrak_simulator.client import SimulatorControl
from listrak_simulator.starting import started

ROWS_PER_SECOND = 75_000
"""The bar, for new contacts and for known ones."""

BYTES_PER_CONTACT = 700

_USUAL = (1_000_000,)
_ROWS_PER_IMPORT = 1_000_000
_LIST = 345
_FIELDS = (("vip", "CheckBox"), ("Name", "Text"), ("Town", "Text"), ("Points", "Numeric"), ("Last order", "Date"))
_TOWNS = ("Lititz", "York", "Lancaster", "Reading", "Ephrata", "Columbia", "Elizabethtown", "Hershey")
_POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Measured:
    """``memory``: resident bytes above the simulator without contacts, after the second time."""

    rows: int
    seconds: tuple[float, float]
    """Of the first and of the second time."""

    memory: int


class Importer:
    def __init__(self, url: str) -> None:
        self._control = SimulatorControl(url)
        self._control.settings(import_processing_seconds=0)
        fields = [{"name": name, "data_type": kind, "max_length": 40} for name, kind in _FIELDS]
        self._control.seed({"lists": [{"list_name": "Master List", "groups": [{"name": "Bench", "fields": fields}]}]})
        self._ids = [each["field_id"] for each in self._control.fields("Master List") if each["group"] == "Bench"]
        form = {"grant_type": "client_credentials", **self._control.credentials("email")}
        token = requests.post(self._control.auth_url, data=form, timeout=60).json()["access_token"]
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def run(self, content: bytes) -> None:
        """Import ``content`` and wait for the end."""
        imports = f"{self._control.email_url}/List/{_LIST}/ListImport"
        body = Base64JsonBody(self._values(), "fileStream", BytesIO(content), len(content))
        answer = requests.post(imports, data=body, headers=self._headers, timeout=600)
        answer.raise_for_status()
        import_id = answer.json()["resourceId"]
        while not self._status(f"{imports}/{import_id}/Status")["endDate"]:
            time.sleep(_POLL_SECONDS)

    def _status(self, address: str) -> dict[str, str | None]:
        status: dict[str, str | None] = requests.get(address, headers=self._headers, timeout=600).json()["data"]
        return status

    def _values(self) -> dict[str, object]:
        mappings: list[dict[str, object]] = [{"fileColumn": 0, "fileColumnType": "Email"}]
        mappings += [
            {"fileColumn": column, "fileColumnType": "SegmentationField", "segmentationFieldId": field_id}
            for column, field_id in enumerate(self._ids, start=1)
        ]
        return {
            "fileName": "bench.csv",
            "fileDelimiter": ",",
            "textQualifier": '"',
            "hasColumnNames": False,
            "importType": "AddSubscribersAndSegmentationData",
            "segmentationImportType": "Update",
            "fileMappings": mappings,
        }


def _people(first: int, count: int) -> bytes:
    chance, day = random.Random(first), date(2020, 1, 1)

    def rows() -> Iterator[str]:
        for number in range(first, first + count):
            order = day + timedelta(chance.randrange(2_000))
            yield (
                f"person.number.{number:08}@example.com,on,Person {number},{chance.choice(_TOWNS)},"
                f"{chance.randrange(100_000)},{order:%m/%d/%Y}\n"
            )

    return "".join(rows()).encode()


def measure(rows: int) -> Measured:
    with started() as url:
        process = next(each for each in psutil.Process().children(recursive=True) if url_of(each) == url)
        importer = Importer(url)
        idle = process.memory_info().rss
        pieces = [(first, min(_ROWS_PER_IMPORT, rows - first)) for first in range(0, rows, _ROWS_PER_IMPORT)]
        seconds: list[float] = []
        for _ in range(2):
            begun = sum(process.cpu_times()[:2])
            for piece in pieces:
                importer.run(_people(*piece))
            seconds.append(sum(process.cpu_times()[:2]) - begun)
        return Measured(rows, (seconds[0], seconds[1]), process.memory_info().rss - idle)


def url_of(process: psutil.Process) -> str | None:
    """Of a simulator's process, by the port on which it listens."""
    ports = [each.laddr.port for each in process.net_connections("tcp") if each.status == psutil.CONN_LISTEN]
    return f"http://127.0.0.1:{ports[0]}" if ports else None


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.simulator", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=_USUAL, metavar="N")
    return run(parser.parse_args().rows)


def run(rows: Sequence[int] = _USUAL) -> int:
    """1 if a bar does not hold, else 0."""
    table = Table(
        "contacts", "new, s", "new, rows/s", "again, s", "again, rows/s", "bytes/contact", title="The simulator"
    )
    holds = True
    for each in map(measure, rows):
        speeds = [each.rows / seconds for seconds in each.seconds]
        size = each.memory / each.rows
        holds = holds and min(speeds) >= ROWS_PER_SECOND and size <= BYTES_PER_CONTACT
        first, second = (f"{seconds:.2f}" for seconds in each.seconds)
        table.add_row(f"{each.rows:,}", first, f"{speeds[0]:,.0f}", second, f"{speeds[1]:,.0f}", f"{size:,.0f}")
    console = Console()
    console.print(table)
    console.print(f"The bars: {ROWS_PER_SECOND:,} rows/s, {BYTES_PER_CONTACT} bytes for a contact.")
    return 0 if holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
