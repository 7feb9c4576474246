"""A small HTTP server on a real socket that answers, breaks off or keeps silent as a test says."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from ssl import SSLContext
from typing import BinaryIO
from urllib.parse import parse_qsl, urlsplit

from tests.support.tcp_proxy import clients_of


@dataclass(frozen=True)
class Request:
    """``target`` as sent, ``headers`` by lower-case name."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def length(self) -> int:
        return int(self.headers.get("content-length", 0))

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))


_LARGE = 1_000_000  # bytes


class End(Enum):
    """What becomes of the connection after the answer."""

    KEEP = auto()
    RESET = auto()
    SILENCE = auto()
    """Nothing more is sent until the server closes."""


@dataclass(frozen=True)
class Reply:
    """``sent``: how much of the answer goes out, None for all of it."""

    status: int = 200
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    sent: int | None = None
    end: End = End.KEEP

    def wire(self) -> bytes:
        content = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        lines = [f"HTTP/1.1 {self.status} Said", f"Content-Length: {len(content)}"]
        lines += [f"{name}: {value}" if value else name for name, value in self.headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + content


def hang_up() -> Reply:
    """The request is read and the connection reset."""
    return Reply(sent=0, end=End.RESET)


def silence() -> Reply:
    return Reply(sent=0, end=End.SILENCE)


Handler = Callable[[Request], Reply]


class ScriptedServer:
    """``requests``: all that were read in full. ``connections``: how many there were.

    ``answer_before_body``: to answer uploads of over a million bytes when only their head has been read.
    ``seconds_before_body``: to keep such uploads waiting before their body is read.
    """

    def __init__(self, handler: Handler, tls: SSLContext | None = None) -> None:
        self.handler = handler
        self.requests: list[Request] = []
        self.connections = 0
        self.resets_at_once = 0
        self.answer_before_body = False
        self.seconds_before_body = 0.0
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"

    def reset_next_connections(self, count: int) -> None:
        """Broken as soon as a first byte is there. Without waiting for it the client may see a connection refused."""
        self.resets_at_once = count

    def asked(self, method: str, path_end: str) -> list[Request]:
        return [each for each in self.requests if each.method == method and each.path.endswith(path_end)]

    def start(self) -> None:
        self._acceptor.start()

    def close(self) -> None:
        self._closing.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._acceptor.join()
        self._listener.close()
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        for connection in clients_of(self._listener):
            self.connections += 1
            thread = threading.Thread(target=self._converse, args=(connection,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def _converse(self, plain: socket.socket) -> None:
        with plain:
            if self.resets_at_once:
                self.resets_at_once -= 1
                plain.recv(1)
                _reset_when_closed(plain)
                return
            try:
                connection = self._tls.wrap_socket(plain, server_side=True) if self._tls else plain
            except OSError:
                return  # the client did not like the certificate
            with connection, connection.makefile("rb") as stream:
                with self._lock:
                    self._open.append(connection)
                with suppress(OSError):  # the client has gone
                    while not self._closing.is_set() and self._answer(connection, stream):
                        pass
                with self._lock:
                    self._open.remove(connection)

    def _answer(self, connection: socket.socket, stream: BinaryIO) -> bool:
        request = self._read(stream)
        if request is None:
            return False
        with self._lock:
            self.requests.append(request)
        reply = self.handler(request)
        connection.sendall(reply.wire()[: reply.sent])
        if reply.end is End.SILENCE:
            self._closing.wait()
        if reply.end is End.RESET:
            _reset_when_closed(connection)
        return reply.end is End.KEEP and not (self.answer_before_body and _is_upload(request))

    def _read(self, stream: BinaryIO) -> Request | None:
        """None when the client has gone before its request was whole."""
        first = stream.readline().split()
        if not first:
            return None
        method, target = first[0].decode("ascii"), first[1].decode("ascii")
        headers = {}
        while line := stream.readline().strip():
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        request = Request(method, target, headers, b"")
        if _is_upload(request):
            if self.answer_before_body:
                return request
            self._closing.wait(self.seconds_before_body)
        body = stream.read(request.length)
        return replace(request, body=body) if len(body) == request.length else None


def _is_upload(request: Request) -> bool:
    return request.length > _LARGE


def _reset_when_closed(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@contextmanager
def scripted_server(handler: Handler, tls: SSLContext | None = None) -> Iterator[ScriptedServer]:
    server = ScriptedServer(handler, tls)
    server.start()
    try:
        yield server
    finally:
        server.close()


def closed_port_url() -> str:
    """An address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"
