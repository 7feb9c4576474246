"""A drop bucket on loopback that holds one file: what `S3DropStore` asks of S3, and nothing else.

moto, which stands for S3 elsewhere, reads the whole object for each range of it: of a gigabyte that takes minutes, all
of them the emulator's. This one hands ranges from disk to socket and leaves the processor to who is measured.
"""

from __future__ import annotations

import multiprocessing
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ETAG = '"00000000000000000000000000000001"'


class _Server(ThreadingHTTPServer):
    def __init__(self, path: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.path = path


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_HEAD(self) -> None:
        self._answer(200, self.server.path.stat().st_size)

    def do_GET(self) -> None:
        size = self.server.path.stat().st_size
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if asked is None:
            self.send_error(400)
            return
        first, last = int(asked[1]), min(int(asked[2] or size), size - 1)
        self._answer(206, last + 1 - first, f"bytes {first}-{last}/{size}")
        with self.server.path.open("rb") as file:
            self.connection.sendfile(file, first, last + 1 - first)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name in the standard library
        pass

    def _answer(self, status: int, length: int, content_range: str | None = None) -> None:
        self.send_response(status)
        self.send_header("ETag", _ETAG)
        self.send_header("Last-Modified", "Sat, 31 Jan 2026 00:00:00 GMT")
        self.send_header("Content-Length", str(length))
        if content_range:
            self.send_header("Content-Range", content_range)
        self.end_headers()


def _serve(path: Path, ready: Connection) -> None:
    server = _Server(path)
    ready.send(f"http://127.0.0.1:{server.server_port}")
    server.serve_forever()


@contextmanager
def serving(path: Path) -> Iterator[str]:
    """The address of a server, in a process of its own, for which every object is ``path``."""
    processes = multiprocessing.get_context("spawn")
    here, there = processes.Pipe(duplex=False)
    server = processes.Process(target=_serve, args=(path, there), daemon=True)
    server.start()
    there.close()
    try:
        yield here.recv()
    finally:
        server.terminate()
        server.join()


def client_of(address: str) -> S3Client:
    """With as many connections as `adapters.aws.clients` allows."""
    return boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id="made-up",
        aws_secret_access_key="made-up",
        config=Config(s3={"addressing_style": "path"}, max_pool_connections=10),
    )
