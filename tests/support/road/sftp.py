"""The road to the SFTP server: what goes over it is encrypted, so a call is what the client says in one turn.

Imports nothing of the program.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from tests.support.road.exchange import SFTP
from tests.support.road.processes import owner_of
from tests.support.road.road import Road
from tests.support.tcp_proxy import clients_of, without_delay

_PIECE = 65_536
_SECONDS = 10.0  # of the server, for its answer to what is to take effect
_RESET = struct.pack("ii", 1, 0)  # of SO_LINGER: nothing is sent any more, not even a goodbye


@dataclass(frozen=True, slots=True)
class Turn:
    """`road.Called`."""

    service: str = SFTP
    operation: str = "turn"


class _Connection:
    """``patience``: seconds for which the client is taken to wait for an answer."""

    def __init__(self, road: Road, function: str, client: socket.socket, server: socket.socket, patience: float):
        self._road, self._function, self._patience = road, function, patience
        self._client, self._server = client, server
        self._port: int = client.getpeername()[1]

    def carry(self) -> None:
        """Until either side hangs up, or a turn goes wrong."""
        begins = True
        while True:
            readable, _, _ = select.select([self._server, self._client], [], [])
            if self._server in readable:
                if not (data := self._server.recv(_PIECE)):
                    return
                self._client.sendall(data)
                begins = True
            if self._client in readable:
                if not (data := self._client.recv(_PIECE)):
                    return
                fault = self._road.next(self._function, Turn()) if begins else None
                begins = False
                if fault is None or fault.after:
                    self._server.sendall(data)
                if fault is not None:
                    if fault.after:
                        select.select([self._server], [], [], _SECONDS)
                    self._go_wrong(fault.kind)
                    return

    def _go_wrong(self, kind: str) -> None:
        if kind == "killed":
            with suppress(ProcessLookupError):
                if pid := owner_of(self._port):
                    os.kill(pid, signal.SIGKILL)
            return
        if kind == "silence":
            ends = time.monotonic() + self._patience
            while select.select([self._client], [], [], max(0.0, ends - time.monotonic()))[0]:
                if not self._client.recv(_PIECE):  # what it says meanwhile goes nowhere
                    return
        self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)


class SftpRoad:
    """``port``: at which the client finds the server."""

    def __init__(self, road: Road, function: str, upstream: tuple[str, int], patience: float) -> None:
        self._road, self._function, self._upstream, self._patience = road, function, upstream, patience
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def serve(self) -> None:
        for client in clients_of(self._listener):
            threading.Thread(target=self._carry, args=(client,), name="road to SFTP", daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _carry(self, client: socket.socket) -> None:
        with client, suppress(OSError), socket.create_connection(self._upstream) as server:
            without_delay(client, server)
            _Connection(self._road, self._function, client, server, self._patience).carry()


@contextmanager
def sftp_road(road: Road, function: str, upstream: tuple[str, int], patience: float = 10.0) -> Iterator[SftpRoad]:
    """``patience``: seconds of silence after which the client is taken to have hung up."""
    made = SftpRoad(road, function, upstream, patience)
    thread = threading.Thread(target=made.serve, name="roads to SFTP", daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.close()
        thread.join()
