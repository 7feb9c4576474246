"""A TCP proxy that breaks connections on purpose, to stand between a client and the emulator."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, repeat
from urllib.parse import urlsplit


class BreakingProxy:
    """``limits``: how many bytes of answers each connection may carry before it is broken, None for no limit; further
    connections have none. ``connections``: how many there have been."""

    def __init__(self, upstream: str, limits: Sequence[int | None]) -> None:
        parts = urlsplit(upstream)
        assert parts.hostname
        assert parts.port
        self._upstream = (parts.hostname, parts.port)
        self._limits = chain(limits, repeat(None))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.connections = 0
        self.endpoint = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            server = socket.create_connection(self._upstream)
            self._sockets += [client, server]
            self._start(client, server, None)
            self._start(server, client, next(self._limits))

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in self._sockets:
            _break(each)
        for thread in self._threads:
            thread.join()
        for each in self._sockets:
            each.close()

    def _start(self, source: socket.socket, target: socket.socket, limit: int | None) -> None:
        thread = threading.Thread(target=_pump, args=(source, target, limit), daemon=True)
        self._threads.append(thread)
        thread.start()


@contextmanager
def breaking_proxy(upstream: str, *limits: int | None) -> Iterator[BreakingProxy]:
    proxy = BreakingProxy(upstream, limits)
    thread = threading.Thread(target=proxy.serve, daemon=True)
    thread.start()
    yield proxy
    proxy.close()
    thread.join()


def _pump(source: socket.socket, target: socket.socket, limit: int | None) -> None:
    left = float("inf") if limit is None else limit
    try:
        while left > 0 and (data := source.recv(int(min(65_536, left)))):
            target.sendall(data)
            left -= len(data)
    except OSError:
        pass  # the other direction broke the connection
    _break(source)
    _break(target)


def _break(connection: socket.socket) -> None:
    with suppress(OSError):  # broken already
        connection.shutdown(socket.SHUT_RDWR)
