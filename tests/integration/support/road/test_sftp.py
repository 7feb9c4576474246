"""The faulty road to an SFTP server: it counts turns of what it cannot read, and breaks off at one of them."""

from __future__ import annotations

import signal
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest

from tests.support.road.points import CallPoint, Fault
from tests.support.road.road import Road
from tests.support.road.sftp import sftp_road


class _Answering(socketserver.ThreadingTCPServer):
    """Says hello, and to each piece that it heard it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.heard: list[bytes] = []


class _Handler(socketserver.BaseRequestHandler):
    server: _Answering

    def handle(self) -> None:
        self.request.sendall(b"hello")
        with suppress(OSError):
            while data := self.request.recv(100):
                self.server.heard.append(data)
                self.request.sendall(b"heard")


@dataclass
class Place:
    road: Road
    server: _Answering
    port: int

    def goes_wrong(self, kind: str, number: int, *, after: bool) -> None:
        self.road.begin([Fault(CallPoint("relay_feed", "sftp", "turn", number), kind, after)])

    def says(self, *words: bytes) -> list[bytes]:
        """What is answered to each, until there is no answer."""
        answers = []
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection, suppress(OSError):
            answers.append(connection.recv(100))
            for word in words:
                connection.sendall(word)
                answers.append(connection.recv(100))
        return [each for each in answers if each]


@pytest.fixture
def place() -> Iterator[Place]:
    road = Road()
    with _Answering() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        with sftp_road(road, "relay_feed", ("127.0.0.1", server.server_address[1]), patience=0.2) as made:
            yield Place(road, server, made.port)
        server.shutdown()
        thread.join()


def test_what_goes_well_is_handed_through_and_each_turn_is_counted(place: Place) -> None:
    assert place.says(b"one", b"two") == [b"hello", b"heard", b"heard"]

    assert place.server.heard == [b"one", b"two"]
    assert place.road.taken == [CallPoint("relay_feed", "sftp", "turn", number) for number in range(2)]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("kind", ["reset", "silence"])
def test_a_turn_gets_no_answer_whether_it_took_effect_or_not(place: Place, kind: str, after: bool) -> None:
    place.goes_wrong(kind, 1, after=after)

    assert place.says(b"one", b"two", b"three") == [b"hello", b"heard"]

    assert place.server.heard == [b"one", b"two"][: 1 + after]


@pytest.mark.parametrize("after", [False, True])
def test_the_process_that_says_it_is_killed(place: Place, after: bool) -> None:
    place.goes_wrong("killed", 0, after=after)
    saying = (
        "import socket\n"
        f"connection = socket.create_connection(('127.0.0.1', {place.port}), timeout=60)\n"
        "connection.recv(100)\n"
        "connection.sendall(b'one')\n"
        "print(connection.recv(100))\n"
    )

    ended = subprocess.run([sys.executable, "-c", saying], capture_output=True, text=True, timeout=90, check=False)

    assert (ended.returncode, ended.stdout) == (-signal.SIGKILL, "")
    assert place.server.heard == [b"one"][:after]
