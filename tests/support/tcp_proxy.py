"""A TCP proxy on this machine, for others that do harm in the middle of a connection."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple, TypeVar


class Limits(NamedTuple):
    """Bytes that a connection may carry from the client and from the server; None for any number."""

    client: int | None = None
    server: int | None = None


def clients_of(listener: socket.socket) -> Iterator[socket.socket]:
    """Each that connects, until the listener is closed."""
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        yield client


def without_delay(*sockets: socket.socket) -> None:
    """Or each packet waits for the answer to the one before."""
    for each in sockets:
        each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class TcpProxy:
    """``upstream``: host and port that it leads to. ``connections``: how many there have been."""

    def __init__(self, upstream: tuple[str, int]) -> None:
        self._upstream = upstream
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.connections = 0
        self.port: int = self._listener.getsockname()[1]

    def next_limits(self) -> Limits:
        """Of a connection that was just made."""
        return Limits()

    def at_limit(self) -> None:
        """What happens before the connection is broken."""

    def serve(self) -> None:
        for client in clients_of(self._listener):
            self.connections += 1
            server = socket.create_connection(self._upstream)
            self._sockets += [client, server]
            without_delay(client, server)
            limits = self.next_limits()
            for source, target, most in ((client, server, limits.client), (server, client, limits.server)):
                thread = threading.Thread(target=self._pump, args=(source, target, most), daemon=True)
                self._threads.append(thread)
                thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in self._sockets:
            _break(each)
        for thread in self._threads:
            thread.join()
        for each in self._sockets:
            each.close()

    def _pump(self, source: socket.socket, target: socket.socket, most: int | None) -> None:
        left = float("inf") if most is None else most
        with suppress(OSError):  # the other direction broke the connection
            while left > 0 and (data := source.recv(int(min(65_536, left)))):
                target.sendall(data)
                left -= len(data)
        if left == 0:
            self.at_limit()
        _break(source)
        _break(target)


Proxy = TypeVar("Proxy", bound=TcpProxy)


@contextmanager
def serving(proxy: Proxy) -> Iterator[Proxy]:
    """Serve, and close with the block."""
    thread = threading.Thread(target=proxy.serve, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.close()
        thread.join()


def _break(connection: socket.socket) -> None:
    with suppress(OSError):  # broken already
        connection.shutdown(socket.SHUT_RDWR)
