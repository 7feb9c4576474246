"""A TCP proxy that breaks connections, or lets them stand still, after so many bytes from the client."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class CuttingProxy:
    """``limit``: bytes that the next connection may send, None for any number; a connection takes it with it.
    ``stalls``: at the limit nothing is read any more, rather than the connection broken."""

    def __init__(self, upstream: int) -> None:
        self._upstream = upstream
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._over = threading.Event()
        self.limit: int | None = None
        self.stalls = False
        self.port: int = self._listener.getsockname()[1]

    def serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._upstream))
            self._sockets += [client, server]
            for each in (client, server):  # or each packet waits for the answer to the one before
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            limit, self.limit = self.limit, None
            for source, target, most in ((client, server, limit), (server, client, None)):
                thread = threading.Thread(target=self._pump, args=(source, target, most), daemon=True)
                self._threads.append(thread)
                thread.start()

    def close(self) -> None:
        self._over.set()
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
        if left == 0 and self.stalls:
            self._over.wait()
        _break(source)
        _break(target)


@contextmanager
def cutting_proxy(upstream: int) -> Iterator[CuttingProxy]:
    proxy = CuttingProxy(upstream)
    thread = threading.Thread(target=proxy.serve, daemon=True)
    thread.start()
    yield proxy
    proxy.close()
    thread.join()


def _break(connection: socket.socket) -> None:
    with suppress(OSError):  # broken already
        connection.shutdown(socket.SHUT_RDWR)
