"""What the fake SFTP server does is what the real client does with a real one."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from listrak_relay.adapters.sftp.gateway import ParamikoSftp
from listrak_relay.domain.destinations.feed_settings import Feed, default_settings
from listrak_relay.errors import ConfigurationError
from listrak_relay.ports.sftp import Delivered, SftpGateway, Upload
from local.sftp_server.server import SftpServer
from local.sftp_server.state import Users
from tests.fakes import FakeSftp
from tests.sftp import account

BODY = b"sku\n1\n"


class Note:
    """`ports.sftp.Publication`."""

    def __init__(self) -> None:
        self.made = False

    def begun(self) -> bool:
        return self.made

    def begin(self) -> None:
        self.made = True

    def withdraw(self) -> None:
        self.made = False


class Place:
    """A server, real or not. ``read``: the content under a final name, None if there is none."""

    def __init__(self, gateway: Callable[[bool], SftpGateway], read: Callable[[str], bytes | None]) -> None:
        self.gateway, self.read = gateway, read

    def send(self, body: bytes = BODY, content: str = "run-1", *, note: Note, replaces: bool = False) -> Delivered:
        upload = Upload("feed.csv", len(body), content, lambda first: io.BytesIO(body[first:]))
        return self.gateway(replaces).deliver(upload, note)


@pytest.fixture(params=["fake", "real"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "fake":
        fake = FakeSftp()
        feed = default_settings(Feed.ORDERS)
        yield Place(lambda replaces: fake.for_feed(None, replace(feed, replace_existing=replaces)), fake.files.get)
        return
    server = SftpServer(tmp_path, Users({"relay": "made-up"}))
    server.start()
    at = account(server.port, host_key=server.host_key_lines[0])

    def read(name: str) -> bytes | None:
        return (tmp_path / name).read_bytes() if (tmp_path / name).exists() else None

    yield Place(lambda replaces: ParamikoSftp(at, replace=replaces), read)
    server.stop()


def test_a_file_gets_its_final_name_after_the_note(place: Place) -> None:
    note = Note()

    assert place.send(note=note) == Delivered(len(BODY), 0)

    assert note.made
    assert place.read("feed.csv") == BODY


def test_a_repeat_of_a_delivery_that_was_noted_finds_it_done(place: Place) -> None:
    note = Note()
    place.send(note=note)

    assert place.send(note=note) == Delivered(earlier=True)


def test_a_file_that_is_not_ours_is_left_alone(place: Place) -> None:
    place.send(note=Note())

    with pytest.raises(ConfigurationError) as caught:
        place.send(b"sku\n2\n", "run-2", note=Note())

    assert caught.value.code == "sftp_file_exists"
    assert place.read("feed.csv") == BODY


def test_a_file_takes_the_place_of_another_where_it_may(place: Place) -> None:
    place.send(note=Note())

    place.send(b"sku\n2\n", "run-2", note=Note(), replaces=True)

    assert place.read("feed.csv") == b"sku\n2\n"
