"""Memory and speed of sending one import: ``python -m bench.import_memory [--megabytes 10 50 190]``.

A child process does what a warm `deliver_email` does: it signs in, makes a call, and streams a file that is read
from elsewhere in pieces. Its resident memory is sampled meanwhile. What it sends goes to a server of another process,
which throws it away.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import RawIOBase
from multiprocessing.connection import Connection
from typing import Any, BinaryIO, cast

from rich.console import Console
from rich.table import Table

from bench._memory import peak_memory
from listrak_relay.adapters.clock import SystemClock
from listrak_relay.adapters.listrak.email import ListrakEmail
from listrak_relay.adapters.listrak.gateways import ListrakGateways
from listrak_relay.domain.run.manifest import Action
from listrak_relay.ports.listrak_email import ImportOrder
from listrak_relay.ports.secrets import Credentials
from tests.support.fakes import FakeSecretStore

MOST_MEGABYTES = 150
"""The bar: above the idle process, for the largest file that Listrak takes."""

_MEGABYTE = 1_000_000
_PIECE = 1 << 20
_FIELDS = tuple(range(1, 11))
_USUAL = (1, 10, 50, 190)


@dataclass(frozen=True)
class Measured:
    """Bytes and seconds."""

    size: int
    idle: int
    peak: int
    seconds: float


class Sink(BaseHTTPRequestHandler):
    """Gives tokens and takes imports."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        left = int(self.headers["Content-Length"])
        while left:
            left -= len(self.rfile.read(min(left, _PIECE)))
        if self.path.endswith("/Token"):
            self._answer(b'{"access_token": "token", "token_type": "bearer", "expires_in": 3599}')
        else:
            self._answer(b'{"status": 201, "resourceId": "7"}')

    def do_GET(self) -> None:
        self._answer(b'{"status": 200, "data": []}')

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the name in the standard library
        pass

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Rows(RawIOBase):
    """``size`` bytes of made-up CSV."""

    _ROWS = b"".join(b"person-%07d@example.com,Made,Up,on\r\n" % number for number in range(30_000))

    def __init__(self, size: int) -> None:
        self._size, self._given = size, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        start = self._given % len(self._ROWS)
        piece = self._ROWS[start : start + min(len(buffer), self._size - self._given)]
        buffer[: len(piece)] = piece
        self._given += len(piece)
        return len(piece)


def serve(ready: Connection) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Sink)
    ready.send(f"http://127.0.0.1:{server.server_port}")
    server.serve_forever()


def send(url: str, size: int, result: Connection) -> None:
    secrets = FakeSecretStore({"made-up": Credentials("made-up-client", "made-up-secret")})
    gateways = ListrakGateways(
        make=ListrakEmail,
        secrets=secrets,
        own_secret="made-up",
        base_url=url,
        auth_url=f"{url}/OAuth2/Token",
        timeouts=(10, 120),
        clock=SystemClock(),
    )
    gateway = gateways.for_secret(None)
    gateway.lists()
    rows = cast("BinaryIO", Rows(size))
    order = ImportOrder("listrak-relay_bench_001.csv", Action.SUBSCRIBE, _FIELDS)
    begun = time.perf_counter()
    idle, peak = peak_memory(lambda: gateway.start_import(1, order, size, rows))
    result.send(Measured(size, idle, peak, time.perf_counter() - begun))


def measure(sizes: list[int]) -> list[Measured]:
    processes = multiprocessing.get_context("spawn")
    here, there = processes.Pipe()
    server = processes.Process(target=serve, args=(there,), daemon=True)
    server.start()
    url = here.recv()
    measured = []
    for size in sizes:
        sender = processes.Process(target=send, args=(url, size, there))
        sender.start()
        sender.join()
        if sender.exitcode:
            raise SystemExit(f"sending {size} bytes failed; see above")
        measured.append(here.recv())
    server.terminate()
    server.join()
    return measured


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.import_memory", description=__doc__)
    parser.add_argument("--megabytes", type=int, nargs="+", default=_USUAL, metavar="N")
    return run(parser.parse_args().megabytes)


def run(megabytes: Sequence[int] = _USUAL) -> int:
    """1 if the bar does not hold, else 0."""
    measured = measure([size * _MEGABYTE for size in megabytes])
    table = Table("file, MB", "idle, MB", "peak, MB", "above idle, MB", "seconds", "MB/s", title="Sending one import")
    for each in measured:
        sizes = (each.size, each.idle, each.peak, each.peak - each.idle)
        cells = [f"{size / _MEGABYTE:.1f}" for size in sizes]
        table.add_row(*cells, f"{each.seconds:.2f}", f"{each.size / _MEGABYTE / each.seconds:.0f}")
    most = max(each.peak - each.idle for each in measured) / _MEGABYTE
    console = Console()
    console.print(table)
    console.print(f"At most {most:.1f} MB above the idle process; the bar is {MOST_MEGABYTES} MB.")
    return 0 if most <= MOST_MEGABYTES else 1


if __name__ == "__main__":
    raise SystemExit(main())
