"""The faulty road against a true server: each kind of harm as the caller meets it."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.support.road.points import CallPoint, Fault
from tests.support.road.proxy import Patience, proxy
from tests.support.road.road import Road

SIGNED = "AWS4-HMAC-SHA256 Credential=AKIA/20261129/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0"
BATCH = {"Authorization": SIGNED, "X-Amz-Target": "AmazonSQS.SendMessageBatch"}


class True_(ThreadingHTTPServer):  # noqa: N801 # the word is taken
    """Says that it has taken each entry, or as many bytes as there were."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bodies: list[bytes] = []


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: True_

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append(body)
        entries = json.loads(body).get("Entries", []) if body.startswith(b"{") else []
        said = json.dumps({"Successful": [{"Id": each["Id"]} for each in entries]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.send_header("X-True", "yes")
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 # the name of the base class
        pass


@dataclass
class Place:
    road: Road
    true: True_
    port: int
    connections: list[http.client.HTTPConnection] = field(default_factory=list)

    def goes_wrong(
        self, kind: str, *, after: bool = False, service: str = "listrak", operation: str = "POST /x"
    ) -> None:
        self.road.begin([Fault(CallPoint("deliver_email", service, operation, 0), kind, after)])

    def connect(self) -> http.client.HTTPConnection:
        self.connections.append(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60))
        return self.connections[-1]

    def asks(self, body: bytes = b"something", **headers: str) -> http.client.HTTPResponse:
        connection = self.connect()
        connection.request("POST", "/x", body, headers)
        return connection.getresponse()


@pytest.fixture
def place() -> Iterator[Place]:
    road, true = Road(), True_()
    thread = threading.Thread(target=true.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{true.server_port}"
    with proxy(road, Patience(0.2, 0.2)) as made:
        here = made.before("deliver_email", emulator=address, simulator=address)
        place = Place(road, true, int(here.rpartition(":")[2]))
        yield place
        for connection in place.connections:
            connection.close()
    true.shutdown()
    thread.join()
    true.server_close()


def test_what_goes_well_is_handed_through_on_a_connection_that_is_kept(place: Place) -> None:
    connection = place.connect()
    for body in (b"one", b"two"):
        connection.request("POST", "/x", body)
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("X-True"), json.loads(answer.read())) == (
            200,
            "yes",
            {"Successful": []},
        )

    assert place.true.bodies == [b"one", b"two"]
    assert len(place.road.taken) == 2


def test_a_body_in_pieces_arrives_whole(place: Place) -> None:
    connection = place.connect()
    connection.request(
        "POST", "/x", iter([b"one", b"two"]), encode_chunked=True, headers={"Transfer-Encoding": "chunked"}
    )

    assert connection.getresponse().status == 200
    assert place.true.bodies == [b"onetwo"]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("kind", ["reset", "silence"])
def test_no_answer_comes_whether_the_call_took_effect_or_not(place: Place, kind: str, after: bool) -> None:
    place.goes_wrong(kind, after=after)

    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        place.asks()

    assert place.true.bodies == [b"something"] * after


def test_half_an_answer_breaks_off(place: Place) -> None:
    place.goes_wrong("half an answer", after=True)

    with pytest.raises(http.client.IncompleteRead):
        place.asks().read()

    assert place.true.bodies == [b"something"]


def test_a_dripping_answer_is_the_true_one(place: Place) -> None:
    place.goes_wrong("drip", after=True)

    assert json.loads(place.asks().read()) == {"Successful": []}


@pytest.mark.parametrize(("kind", "status"), [("404", 404), ("502 in HTML", 502), ("200 in HTML", 200), ("{}", 200)])
def test_another_answer_comes_in_place_of_the_true_one(place: Place, kind: str, status: int) -> None:
    place.goes_wrong(kind)

    answer = place.asks()

    assert answer.status == status
    assert answer.getheader("X-True") is None
    assert place.true.bodies == []


def test_of_a_batch_every_second_message_is_taken_and_the_others_are_named(place: Place) -> None:
    place.goes_wrong("part of a batch", service="sqs", operation="SendMessageBatch")
    entries = [{"Id": name, "MessageBody": name} for name in "abc"]

    answer = json.loads(place.asks(json.dumps({"Entries": entries}).encode(), **BATCH).read())

    assert [each["Id"] for each in answer["Successful"]] == ["b"]
    assert [each["Id"] for each in answer["Failed"]] == ["a", "c"]
    assert [each["Id"] for each in json.loads(place.true.bodies[0])["Entries"]] == ["b"]


@pytest.mark.parametrize("after", [False, True])
def test_the_process_that_calls_is_killed_and_no_other(place: Place, after: bool) -> None:
    place.goes_wrong("killed", after=after)
    asking = (
        "import http.client, sys\n"
        f"connection = http.client.HTTPConnection('127.0.0.1', {place.port}, timeout=60)\n"
        "sys.stdin.readline()\n"
        "connection.request('POST', '/x', b'something')\n"
        "print(connection.getresponse().status)\n"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", asking], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate("go\n", timeout=90)[0] for process in started]

    assert [process.returncode for process in started] == [-signal.SIGKILL, 0]
    assert said == ["", "200\n"]
    assert len(place.true.bodies) == 1 + after
