"""A web server before the emulator and the simulator, one port for each function, on which calls go wrong.

Imports nothing of the program. HTTP/1.1; connections to it are kept, those to the true servers are not.
"""

from __future__ import annotations

import http.client
import os
import select
import signal
import socket
import struct
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.support.road.exchange import LISTRAK, Heard, Reply
from tests.support.road.kinds import KINDS
from tests.support.road.processes import owner_of
from tests.support.road.road import Road

_HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "expect"})
_SECONDS = 60  # of the true server
_DRIPS = 20
_DRIP_SECONDS = 0.02
_RESET = struct.pack("ii", 1, 0)  # of SO_LINGER: nothing is sent any more, not even a goodbye


class Patience(NamedTuple):
    """Seconds of waiting for an answer."""

    listrak: float
    aws: float


USUAL = Patience(listrak=10.0, aws=1.0)
"""A client of Listrak is told how long to wait, in less than this. One of AWS would wait for a minute."""


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, road: Road, function: str, upstream: Mapping[str, str], patience: Patience) -> None:
        super().__init__(("127.0.0.1", 0), _Call)
        self.road, self.function, self.upstream, self.patience = road, function, upstream, patience

    def handle_error(self, request: object, client_address: object) -> None:
        """Callers die and connections break here by intent."""


class _Call(BaseHTTPRequestHandler):
    """`tests.support.road.kinds.Caller`."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Listener
    heard: Heard

    def handle_one_request(self) -> None:
        with suppress(ConnectionError):
            super().handle_one_request()
            return
        self.close_connection = True

    def _take(self) -> None:
        self.heard = Heard(self.command, self.path, self.headers.items(), self._body())
        fault = self.server.road.next(self.server.function, self.heard)
        if fault is None:
            self.answer(self.forward(self.heard))
            return
        reply = self.forward(self.heard) if fault.after else None
        KINDS[fault.kind].act(self, reply)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _take  # noqa: N815 # names of the base class

    # --- what can be done with a call --------------------------------------------------------------------------------

    def forward(self, heard: Heard) -> Reply:
        parts = urlsplit(self.server.upstream["simulator" if heard.service == LISTRAK else "emulator"])
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=_SECONDS)
        try:
            connection.putrequest(heard.method, heard.target, skip_host=True, skip_accept_encoding=True)
            for name, value in heard.headers:
                if name.lower() not in _HOP_BY_HOP:
                    connection.putheader(name, value)
            connection.putheader("Content-Length", str(len(heard.body)))
            connection.endheaders(heard.body)
            answer = connection.getresponse()
            kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in _HOP_BY_HOP]
            if heard.method == "HEAD":
                kept.append(("Content-Length", answer.getheader("Content-Length", "0")))
            return Reply(answer.status, kept, answer.read())
        finally:
            connection.close()

    def answer(self, reply: Reply) -> None:
        self.wfile.write(self._head(reply) + (b"" if self.command == "HEAD" else reply.body))

    def drip(self, reply: Reply) -> None:
        content = self._head(reply) + (b"" if self.command == "HEAD" else reply.body)
        for place in range(_DRIPS):
            self.wfile.write(content[place : place + 1])
            time.sleep(_DRIP_SECONDS)
        self.wfile.write(content[_DRIPS:])

    def break_off(self, reply: Reply) -> None:
        head = self._head(reply)
        whole = head + (b"" if self.command == "HEAD" else reply.body)
        # Within the head where there is no body that could lack a half.
        self.wfile.write(whole[: (len(head) + len(whole)) // 2] if len(whole) > len(head) else head[: len(head) // 2])
        self._hang_up()

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self._hang_up(goodbye=False)

    def hold(self) -> None:
        patience = self.server.patience[self.heard.service != LISTRAK]
        readable, _, _ = select.select([self.connection], [], [], patience)
        if not readable:
            self.reset()
        self.close_connection = True

    def kill(self) -> None:
        """Where there is no such process any more, it was killed for another call in the meantime."""
        with suppress(ProcessLookupError):
            if pid := owner_of(self.client_address[1]):
                os.kill(pid, signal.SIGKILL)
        self._hang_up()

    # --- the base class ----------------------------------------------------------------------------------------------

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 # the name of the base class
        """Nothing: the road remembers what was called."""

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return b"".join(parts)

    def _head(self, reply: Reply) -> bytes:
        lines = [f"HTTP/1.1 {reply.status} {http.client.responses.get(reply.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in reply.headers]
        if self.command != "HEAD" and reply.status not in (204, 304):
            lines.append(f"Content-Length: {len(reply.body)}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def _hang_up(self, *, goodbye: bool = True) -> None:
        self.close_connection = True
        with suppress(OSError):
            if goodbye:
                self.connection.shutdown(socket.SHUT_RDWR)
            else:
                # The files made of it would keep it open.
                os.close(self.connection.detach())


class Proxy:
    """``patience``: that callers are taken to have, if they have not hung up before."""

    def __init__(self, road: Road, patience: Patience) -> None:
        self.road = road
        self._patience = patience
        self._listeners: list[_Listener] = []

    def before(self, function: str, *, emulator: str, simulator: str) -> str:
        """The address at which a function reaches both. The paths are those of the true servers."""
        upstream = {"emulator": emulator, "simulator": simulator}
        listener = _Listener(self.road, function, upstream, self._patience)
        threading.Thread(target=listener.serve_forever, args=(0.05,), name=f"road of {function}", daemon=True).start()
        self._listeners.append(listener)
        return f"http://127.0.0.1:{listener.server_port}"

    def close(self) -> None:
        for listener in self._listeners:
            listener.shutdown()
            listener.server_close()


@contextmanager
def proxy(road: Road, patience: Patience = USUAL) -> Iterator[Proxy]:
    made = Proxy(road, patience)
    try:
        yield made
    finally:
        made.close()
